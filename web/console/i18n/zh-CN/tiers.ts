export default {
  tiers: {
    title: '会员等级', meta: '成长值只升级、不消费；来自客户行为，不计存款与理财持有。修改方案须另一人审批', preview: '试算影响', request: '提交审批', requestHint: '另一人会看到全部客户的升降和权益成本，批准后生效。达到更高等级的客户当即升级，无人当即降级。', reason: '理由', reasonMissing: '请写明理由',
    waits: '{{who}} 于 {{time}} 提交的方案正在等待审批，期间不能再改。', look: '查看审批',
    now: '当前分布', nowHint: '有过成长值的客户；其余客户为最低等级', customers_one: '{{shown}} 位', customers_other: '{{shown}} 位', protectedNow: '其中 {{shown}} 位处于保级期',
    rules: '周期与保级', rulesHint: '升级即时生效，周期结束时复核', period: '成长周期', periods: { calendar_year: '自然年', rolling_year: '滚动 12 个月' }, protection: '保级期', days: '天', gradual: '逐级下降', gradualSays: '周期结束成长值不足时，先保级 {{days}} 天；仍不足，每个周期只降一级。', atOnceSays: '周期结束成长值不足时，先保级 {{days}} 天；仍不足，直接降到成长值对应的等级。',
    whatIf: '试算结果', whatIfHint: '点“试算影响”，看全部客户会如何升降、权益要花多少。', unchanged: '修改后可对全部客户试算。', looked_one: '{{shown}} 位客户', looked_other: '{{shown}} 位客户', level: '等级', before: '现在', after: '生效时', settled: '复核后', moves: '生效时升级 {{rises}} 位；下次复核时可能降级 {{falls}} 位', costOnce: '升级权益（一次）', costMonthly: '等级权益（每月）', costNow: '现为 {{yuan}}', flowSaid: '升级 {{rises}} 位，降级 {{falls}} 位',
    levels: '等级', levelsHint: '从低到高；最低等级从 0 开始', add: '添加等级', name: '名称', nameEn: '英文名称', threshold: '成长值达到', benefits: '等级权益', remove: '移除', removeOf: '移除{{level}}', addGift: '添加权益', removeGift: '移除权益', gift: '权益', giftMissing: '请选择权益', rhythm: '发放', rhythms: { reached: '升级时一次', monthly: '每月一次' }, pool: '库存池', poolMissing: '请选择库存池', noPool: '这项权益还没有库存池', budget: '预算', budgetMissing: '请选择预算', valid: '领取后有效',
    history: '修改记录', by: '提交人', at: '提交时间', state: '状态',
    growth: '成长值与等级', growthHint: '近 12 个月', noScheme: '还没有等级方案', noSchemeHint: '方案获批后显示客户等级。', toNext: '再得 {{missing}} 成长值升为{{level}}', highest: '已是最高等级', heldUntil: '等级有效至 {{day}}', protectedUntil: '保级期至 {{day}}', months: '近 12 个月每月成长值', noGains: '还没有成长值。',
    sources: { earn_rule: '行为奖励', mission: '完成任务', play: '参与活动', referral: '邀请好友', group_buy: '拼团', mall: '商城订单', payment: '支付', campaign: '营销活动', care: '客服补偿' },
  },
}
