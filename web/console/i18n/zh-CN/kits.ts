export default {
  kits: {
    meta: '一次配好客群、权益、活动、玩法、短信与指标；每一部分仍各自送审，两人复核后才生效。',
    setUps: '已配置的场景', setUpsMeta: '每个场景包含的部分、进度与预算', times_other: '已配置 {{shown}} 次', begin: '配置', choose: '选择场景包',
    rewarded: '奖励什么', measured: '看什么', needsBasis: '需确认登记依据', missing: '缺少客户属性：{{facts}}。', toImport: '去导入',
    parts: { segment: '客群', bundle: '权益包', service: '预约到访', campaign: '活动', play: '玩法' },
    states: { selection: '筛选客群', condition: '领取条件', archived: '已归档', published: '已发布', draft: '草稿', retired: '已下架' },
    stages: { draft: '草稿', submitted: '审批中', running: '进行中', ended: '已结束' },
    search: '按名称查找', none: '还没有配置过场景', noneHint: '从场景包里选一个开始。', unknown: '没有这个场景包', unknownHint: '回到场景包列表再选一个。',
    name: '名称', window: '起止日期', by: '配置人', whom: '为谁', control: '对照组', controlHint: '不发放、只用来比较的客户占比',
    basisConfirmed: '我已阅读登记依据，本场景不以存款、资产或购买为领取条件', basisMissing: '请先阅读并确认登记依据',
    benefits: '权益', benefitsHint: '至少 {{count}} 项，从现有库存中选', benefit: '权益与库存池', stock: '数量', left: '余 {{left}}', noPool: '没有可用的库存池', addBenefit: '再加一项',
    money: '费用', budget: '出资预算', budgetMost: '最多花费', yuan: '元', setUp: '生成草稿', made: '草稿已生成，请逐项查看后送审',
    preview: '触达与费用', previewEmpty: '选好权益、预算与日期后，这里显示触达人数与最高费用。', customers_other: '{{shown}} 人', most: '全部发完的费用', ready: '可以生成草稿',
    gaps: {
      name: '名称为 1 至 30 个字', facts_missing: '缺少客户属性：{{facts}}', window: '开始日期要早于结束日期', past: '结束日期已过', too_few: '至少选择 {{least}} 项权益', twice: '同一项权益只选一次',
      visit_missing: '请选择可预约的网点与时间', visit_units: '所选网点不在您的机构内', visit_times: '预约时间、时长或人数不正确', visit_none: '这个场景没有预约', basis: '请阅读并确认登记依据', threshold: '门槛超出可选范围', benefit_unknown: '所选权益未发布', pool_unknown: '所选库存池不属于这项权益或不在您的机构内', stock: '库存池只余 {{available}} 份',
      budget_unknown: '请选择本机构的预算', budget_short: '预算只余 {{left}}', budget_small: '全部发完需要 {{most}}，高于最多花费',
    },
    visit: '预约到访', visitHint: '客户在手机上选网点和时间；到店扫码签到，客户经理接待', visitUnits: '网点', visitDays: '星期', visitTimes: '每天的开始时间', visitMinutes: '时长（分钟）', visitCapacity: '每个时间几位',
    madeOf: '包含的部分', madeOfHint: '各自审批、各自可查', terms: '配置', granted: '已发放，触达 {{reached}} 人（{{share}}）', draws_other: '次抽奖，{{shown}} 人参与', look: '去审批',
    submit: '全部送审', sent: '已全部送审', stop: '全部停止', stopHint: '进行中的活动与玩法立即停止，没有领走的预算与库存退回；已领取的仍可使用。', remove: '撤回草稿', removeHint: '活动与玩法草稿删除，客群与权益包归档。审计记录保留。',
  },
}
