export default {
  price: {
    title: '价差报告', meta: '同样的权益，不同客户实际付了多少、得到多少；差异须有已登记的客观理由（规则 P5）。默认最近 90 天。',
    search: '按名称查找', thing: '权益、汇率或活动', kind: '类型', allKinds: '全部类型', group: '客户', unit: '单位', count: '笔数', low: '最低', median: '中位', high: '最高', spread: '价差', why: '结论', unexplained: '无理由笔数',
    kinds: { mall: '积分商城', group_buy: '拼团', exchange: '积分兑换', reduction: '立减', bundle: '权益包版本' },
    by: '客户分组', axes: { tier: '按会员等级', wealth: '按财富分层', life: '按人生阶段', occupation: '按职业', segment: '按客群' }, chooseSegment: '选择客群',
    period: '日期', since: '开始日期', until: '结束日期', units: { fen: '分', per_1000: '每换入 1,000 所付积分' }, perThousand: '/ 1,000',
    reasons: { tier: '会员等级', reduction: '使用了立减', variant: '权益包版本', time: '先后调价', amount: '兑换数量与手续费', choice: '客户自选不同' },
    left_other: '{{shown}} 笔没有登记的理由', note: '登记：{{note}}', comma: '、',
    none: '这段时间没有可比的价格', noneHint: '客户在商城下单、拼团、兑换积分、使用立减或领取分版本的权益包后，这里按权益列出。',
  },
}
