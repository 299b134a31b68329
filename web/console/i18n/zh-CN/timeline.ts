export default {
  timeline: {
    title: '用户时光轴', hint: '全部来源', none: '还没有事件', noneHint: '手机银行、官网或批量文件接入后，客户做过的事会按时间出现在这里。', more: '更早的', today: '今天',
    filters: { all: '全部', money: '交易', visits: '访问', benefits: '权益', service: '服务' },
    states: { reserved: '预留权益', issued: '发放权益', fulfilling: '权益办理中', fulfilled: '领取权益', used: '核销权益', failed: '权益办理失败', expired: '权益过期', revoked: '撤销权益', returned: '退回权益' },
  },
}
