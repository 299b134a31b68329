export default {
  temperature: {
    title: '客户温度', hint: '0–100，近 90 天', none: '尚未测温', noneHint: '每晚测温一次，首次结果明天显示在这里。',
    in30: '30 天', in5: '近 5 天', turned: '{{stage}} · 由{{was}}转{{stage}}', churn: '流失概率', churnOf: '未来 {{days}} 天，评分于 {{day}}', turns: '变化最大的几周', turnWeek: '{{day}} 起一周', asOf: '截至 {{day}}，可信度 {{confidence}}%', drivers: '驱动因素（分）', noDrivers: '一切如常。', need: '近期需求', needHint: '看过 {{count}} 次，最近 {{day}}',
    course: '{{from}} 至 {{to}} 的温度走势', share: '占 {{percent}}%', unknown: '未知',
    stages: { hot: '热', warm: '温', cool: '凉', cold: '冷' },
    lifecycles: { new: '新客期', growing: '成长期', mature: '成熟期', cooling: '降温期', lost: '流失期' },
    parts: { activity: '活跃', money: '资金', human: '人际' },
  },
  warning: {
    meta: '至少两个信号、其中一个是新的；部分客户留作对照，不显示', who: '客户', sign: '信号', value: '月均风险金额', owner: '管户', day: '起始日', state: '状态', note: '处理情况',
    from: '{{yuan}} 元以上', open: '待处理预警', openCount: '客户数', atRisk: '月均风险金额', atRiskHint: '近 180 天均值', shape: '客户温度分布', shapeHint: '{{shown}} 位客户，平均 {{average}}，截至 {{day}}',
    take: '认领', done: '已处理', falseAlarm: '误报', none: '没有客户正在降温', noneHint: '每晚测温后，出现两个信号的客户会列在这里。',
    states: { new: '新预警', taken: '处理中', done: '已处理', false_alarm: '误报' },
    signs: { cooled: '温度降档', quiet: '不再活跃', money_out: '资金外流', salary_gone: '代发中断', due: '产品到期' },
    ends: { done: '已处理：{{who}}', false_alarm: '误报：{{who}}' },
  },
}
