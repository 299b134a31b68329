export default {
  wizard: {
    steps: { goal: '目标与指标', audience: '目标客群', benefit: '权益与预算', page: '页面与入口', message: '时间与触达', rollout: '对照与放量', check: '检查与提交' },
    next: '下一步：{{step}}', previous: '上一步', goThere: '去填写', most: '最高成本', view: '页面状态', language: '页面语言', views: { open: '领取页', claimed: '已领取', sold_out: '已领完' },
    phoneHint: '实时页面，与线上同一模板渲染', whole: '活动一览', stagesHint: '提交后依次经过消保审查与复核，审批人看到的正是这里的数字；他人批准之前什么都不会发出。',
    conflict: '这份草稿在别处保存了新版本。请选择用哪一份：', takeTheirs: '用新版本', keepMine: '用我的', elsewhere: '这份草稿也在另一个标签页打开；那边保存后，这里会跟着更新。',
    entries: { title: '入口', hint: '每个入口单独统计', add: '添加入口', name: '入口名称', nameHint: '如：城东支行海报', kind: '形式', kinds: { qr: '二维码', poster: '海报', link: '链接' }, always: '活动本身总有一个链接；审批通过后生成地址、二维码和海报。' },
    message: {
      title: '触达', hint: '只发给触达到的客户', channel: '触达方式', channels: { none: '不发消息', sms: '短信', list_export: '名单下发' },
      says: { none: '客户从 App、海报或链接自己进来。', sms: '每一批发放后发送；发送前再次核对同意、静默时段与频次。', list_export: '由行内系统发送；名单导出另行审批。' },
      sendAt: '发送时间', sendAtHint: '留空则随每批发放发送；21:00–08:00 自动顺延', withRun: '随发放', text: { zh: '短信（中文）', en: '短信（英文）' }, counted: '含署名与退订共 {{length}} 字，计 {{count}} 条',
      each: '每位客户', parts: '{{count}} 条', all: '全部', cost: '约需费用', noGateway: '银行还没有接入短信网关：可以先写好，接入后再发送。',
      try: '发到自己的手机看看', tryHint: '只能发到银行允许的手机号；内容与客户收到的一字不差，草稿里的链接批准后才能打开', tryNone: '还没有允许试发的手机号，请系统管理员在“短信”里添加', tryPhone: '选择手机', trySend: '试发一条', tried: { accepted: '已发到 {{phone}}，今天还可试发 {{left}} 条。', failed: '没有发出，请稍后再试。今天还可试发 {{left}} 条。', unknown: '网关没有回音，可能已发到 {{phone}}；看看手机再说。' },
      variables: { name: '姓名', benefit: '权益', link: '链接', expires: '截止日', bank: '银行', unsubscribe: '退订链接' },
    },
    rollout: {
      controlHint: '只对未公开的定向权益', share: '留出比例', treated: '参与活动', detectable: '能看出的最小提升', detectableSays: '这些客户近 {{days}} 天的“{{metric}}”平均为 {{usual}}；活动带来的提升达到{{rise}}，就有八成把握看出来。', blindSays: '对照组太小，“{{metric}}”的提升看不出来，请加大。', unseen: '看不出', sizes: '换一个大小，能看出的提升', sizesOf: { share: '个百分点', count: '次 / 人', fen: '元 / 人' }, noMetric: '先在第一步选衡量指标，这里会按它算出能看出的最小提升。', noPlan: '暂时算不出能看出的提升，请稍后再看。', noPersons: '先选客群，再看对照组能看出多大的提升。', noHistory: '“{{metric}}”的记录只有 {{have}} 天，不足 {{days}} 天，还算不出能看出的提升。', noControl: '不设对照组，活动的效果无法衡量。',
      published: '公开活动面向所有人：没有对照组，也不分步。', pilot: '白名单试点', pilotHint: '先发给一小批人', pilotName: '{{name}} 试点', list: '名单', listHint: '只有在触达范围内的人参与；其余的人按下面的步骤', noPilot: '不试点', paste: '或粘贴客户号', pasteHint: '用空格、逗号或换行分隔，最多 1,000 个', pasted: '{{count}} 个客户号',
      releases: '分步放量', releasesHint: '按自然人哈希，逐步扩大', atOnce: '不分步：批准后一次放开。', oneGo: '一次放开', percent: '累计比例', when: '何时放开', withStart: '随活动开始', byHand: '手动放开', after: '上一步后 {{count}} 小时', addStep: '添加一步', allAtOnce: '改为一次放开', alarm: '如果太多客户遇到库存或预算不足，下一步会自动停住，等人处理。',
    },
    overlap: { title: '与在途活动的重叠', hint: '同一时间、同一客户', none: '没有其他在途活动触达这些客户。' },
  },
  metric: { title: '衡量指标', hint: '效果按它与对照组比较', days: '衡量期', daysHint: '从客户被触达起' },
  template: {
    title: '从哪里开始', meta: '选一个模板，或从空白开始；每一项之后都能改。', blank: '空白活动', blankHint: '从目标开始，自己写每一步', own: '本行模板', use: '用这个模板', control: '对照 {{percent}}%', missing: '客群需要的字段还没有：{{names}}。可先用模板，再选自己的客群。', dropSure: '删除这个模板？',
  },
  life: {
    amend: '延长、追加或改文案', amendSays: '只能对客户有利：结束时间只往后，数量和预算只增加。提交后由他人审批，批准前活动照常。', supply: '时间与数量', words: { zh: '中文文案', en: '英文文案' }, later: '新的结束时间', addStock: '追加份数', addBudget: '追加预算', now: '现在 {{value}}', copy: '复制为新活动', keep: '存为模板', kept: '已存为模板', summary: '一句话说明',
    release: '放开下一步', releaseSays: '将向 {{shown}} 户发放（累计 {{percent}}%）；已发放的不收回。', pilot: '试点', openedAt: '{{time}} 已放开', held: { sold_out: '已自动停住：太多客户遇到库存不足。', budget_exhausted: '已自动停住：太多客户遇到预算不足。' },
    closed: '已关闭', poster: '{{name}} 的海报', qr: '二维码', amendments: '变更申请', toEnd: '延长至 {{time}}', plusStock: '追加 {{shown}} 份', plusBudget: '追加 {{amount}}', states: { submitted: '待审批', applied: '已生效', rejected: '已驳回', returned: '已退回', withdrawn: '已撤回' }, anyUnit: '全部机构', anyBenefit: '全部权益',
  },
  halt: { button: '一键急停', title: '一键急停', unit: '范围（含下级）', verb: '怎么停', says: { pause: '范围内所有进行中的活动立即暂停，之后可逐个恢复。', stop: '范围内所有活动永久停止，未领取的收回，不能恢复。' }, done: '{{count}} / {{all}} 个活动已停' },
  calendar: { title: '活动日历', meta: '按机构排列；金色标记表示有活动触达同一批客户', span: '跨度', spans: { month: '月', week: '周' }, before: '往前', after: '往后', today: '今天', none: '这段时间没有活动', meets: '与“{{name}}”共同触达 {{shown}} 户', overlaps_other: '重叠 {{count}}' },
}
