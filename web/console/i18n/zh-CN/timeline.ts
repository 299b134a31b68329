export default {
  timeline: {
    title: '用户时光轴', hint: '全部来源，同一天的浏览合为一行', none: '还没有事件', noneHint: '手机银行、官网或批量文件接入后，客户做过的事会按时间出现在这里。', noMatchHint: '换一个类别、渠道或时段再看。', more: '更早的', today: '今天',
    filters: { all: '全部', money: '交易', visits: '访问', benefits: '权益', messages: '触达', service: '服务', profile: '档案' },
    channel: '渠道', channels: { app: '手机银行', web: '官网', qr: '扫码', counter: '柜面', phone: '电话', sms: '短信', online: '在线', internal: '行内', import: '批量导入', wechat: '微信', card: '刷卡', mini: '小程序', h5: '手机页面', push: '推送', email: '邮件', wecom: '企业微信', branch: '网点', video: '视频', at_customer: '上门' },
    period: '时段', columns: { at: '时间', title: '事项', about: '内容', group: '类别', amount_fen: '金额（元）' },
    then: '当时 {{temperature}}', thenHint: '此前最近一次测得的客户温度', times: '共 {{count}} 次，展开', fold: '收起', brought: '批量导入', words: { android: '安卓手机', ios: '苹果手机', harmony: '鸿蒙手机', lobby: '大堂', quiet_hours: '免打扰时段', no_consent: '未同意', suppressed: '免打扰名单', capped: '超出频次上限', savings: '储蓄账户', current: '结算账户', term_deposit: '定期存款', credit_card: '信用卡', loan: '贷款', wealth: '理财', fund: '基金', insurance: '保险', bond: '国债', metal: '贵金属', other: '其他' },
    asOf: '当时状态', asOfDay: '查看 {{day}} 日终的状态', day: '日期', record: '档案', cell: '宫格', segments: '客群', differs: '现已变更', products: '账户与产品', tags: '标签', nothing: '当天没有', notYet: '当天还没有档案', notYetHint: '选一个更晚的日子。',
  },
  next: { cooled: '由{{was}}转{{stage}}，联系了解原因', cooledHint: '各项往来都比平常少', need: '近期在看{{need}}', title: '下一步', hint: '未来 {{days}} 天', case: '服务工单待办', expires: '权益将到期', matures: '产品将到期', none: '近期没有要跟进的事项。' },
}
