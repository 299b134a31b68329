export default {
  shell: {
    menu: '菜单', crumbs: '所在位置', skip: '跳到正文', search: '搜索菜单、活动、客群、权益、客户号', results: '搜索结果', nothing: '没有找到，客户请输入完整客户号',
    pages: '菜单', asOf: '数据截至 {{time}}', offline: '网络已断开，数据停在 {{time}}', jobs: '任务，{{count}} 个进行中', todos: '待办，{{count}} 项', me: '账户菜单', brand: '首页',
    light: '浅色', dark: '深色', signOut: '退出登录',
    kinds: { campaign: '活动', segment: '客群', item: '权益', customer: '客户' },
  },
  menu: {
    plays: '玩法', visits: '预约到访', lobby: '网点到访',
    mall: '积分商城', loyalty: '积分成长', pointTypes: '积分类型', earnRules: '积分规则', pointsExchange: '积分互换', pointsReport: '积分报表', tiers: '会员等级',
    exclusions: '排除名单', home: '工作台', customers: '客户', customerSearch: '查询', managers: '管户', matches: '疑似重复', tags: '标签', segments: '客群', grid: '112 宫格', models: '模型', temperature: '温度', warnings: '预警', myCodes: '我的邀请', leads: '线索', cascades: '推荐链', rings: '可疑团伙', sealed: '密封值分档', events: '事件', eventsLatest: '最新事件', eventSources: '事件来源', eventSchemas: '名称与属性', eventQuarantine: '隔离区', eventLoads: '事件文件', imports: '导入', feeds: '每日数据', importDatabases: '导入数据库', benefits: '权益', catalogue: '权益库', pools: '库存池', library: '选品库', catalogueImports: '供应商目录', cardCodes: '卡密', merchants: '商户门店', outletGifts: '网点礼品', bookings: '服务预约', budgets: '预算',
    ownStatements: '收款与结算', payments: '支付', suppliers: '供应商', campaigns: '活动', referral: '推荐有礼', groupBuys: '拼团', kits: '场景包', messages: '短信', settle: '供应商结算', supplyHealth: '供应商状态', supplierOrders: '供应商订单', consignments: '发货清单', prepayments: '预付款', dayFiles: '对账', differences: '差异', statements: '结算单', invoices: '进项发票', tax: '代扣税款', counter: '柜面核销', store: '门店核销', desk: '客服', deskFind: '客服台', cases: '工单', compensations: '补偿', extensions: '延期', serviceOffers: '补偿权益', approvals: '审批', audit: '合规审计', auditTrail: '审计记录', priceSpread: '价差报告', jobs: '任务', settings: '设置',
    units: '机构', staff: '员工', bank: '银行参数',
  },
  role: {
    operator: '总行运营', branch_operator: '分行运营', buyer: '权益采购', approver: '复核岗', consumer_reviewer: '消保审查', teller: '柜员', service_desk: '客服', merchant_clerk: '商户店员', analyst: '数据分析', risk_officer: '风险专员', rm: '客户经理',
    system_admin: '系统管理员', security_admin: '安全管理员', auditor: '审计员',
  },
  signIn: {
    motto: '获客 · 活客', bank: '银行代码', login: '登录名', password: '密码', code: '动态口令', codeHint: '验证器里的 6 位数字，每个只能用一次', codeNeeded: '请输入 6 位数字',
    submit: '登录', ended: '登录已结束', endedHint: '页面和未保存的内容都还在，重新登录后继续。', title: '登录',
  },
  action: {
    retry: '重试', cancel: '取消', save: '保存', all: '全部', back: '返回', create: '新建', edit: '编辑', remove: '删除', confirm: '确定', export: '导出', download: '下载', close: '关闭',
    add: '添加', open: '打开', copy: '复制', copied: '已复制', submit: '提交', refresh: '刷新', done: '完成', more: '更多', reset: '恢复',
  },
  state: {
    broken: '暂时读不到数据', toHome: '回到工作台', missing: '没有这个页面或对象', missingHint: '地址可能写错了，或对象不在您的数据范围内。', denied: '您没有查看权限',
    deniedHint: '您的角色不含这项权限，请联系安全管理员。', loading: '正在加载', number: '编号 {{id}}', saved: '已保存',
  },
  table: {
    all: '全部', actions: '操作', noMatch: '没有符合条件的记录', noMatchHint: '换个条件再试，或清除筛选。', clear: '清除筛选', total: '共 {{shown}} 条', previous: '上一页', next: '下一页',
  },
  form: { needed: '请填写{{name}}', choose: '请选择', optional: '选填', autosaved: '{{time}} 已自动保存', draftFound: '已恢复 {{time}} 未提交的草稿', dropDraft: '放弃草稿', amount: '请输入金额，最多两位小数', unsaved: '未保存' },
  masked: {
    open: '查看{{label}}', title: '查看{{label}}', reason: '理由', reasonNeeded: '请选择理由', more: '说明', moreNeeded: '请写明原因，至少 4 个字', note: '只显示这一个字段 60 秒，并记入审计日志',
    proof: '查看明文前需重新输入动态口令', show: '显示 60 秒', left: '{{seconds}} 秒后隐藏',
    reasons: { callback: '回拨客户未接来电', verify: '柜面核对客户身份', complaint: '处理客户投诉', correct: '更正客户资料', other: '其他' },
  },
  diff: { label: '变更对比', field: '字段', before: '变更前', after: '变更后', value: '内容', checked: '已核对', tick: '已核对：{{field}}', count_other: '{{count}} 项' },
  burn: { said: '{{label}}：已用 {{spent}}，占用 {{held}}', spent: '已核销', held: '已占用', time: '时间进度' },
  funnel: { said: '转化漏斗：{{said}}' },
  job: {
    names: { library_catalogue: '供应商目录', tiers_carry_over: '会员等级切换', grid_place: '宫格归格', identities_join: '合并客户', membership_reckon: '客群成员更新', lookalikes_search: '查找相似客群', audit_export: '导出审计', campaigns_extend: '扩大活动', campaigns_run: '运行活动', card_codes_read: '读取卡密', customers_import: '导入客户', customers_undo: '撤销导入', feeds_draw: '每日取数', customers_extract: '从数据库抽取', feeds_look: '查看每日文件', feeds_take: '读取每日文件', fulfilment_carry: '发送供应商订单', payments_carry: '与收银台往来', relations_refresh: '识别可疑团伙', tags_refresh: '刷新标签', temperature_refresh: '计算客户温度', loads_load: '装载事件', loads_withdraw: '撤回事件', consignments_make: '生成发货清单', lists_make: '生成名单', models_score: '模型评分', models_train: '训练模型', reports_paper: '生成报告', views_export: '导出列表' },
    search: '搜索任务', title: '任务', progress: '进度', created: '创建', finished: '结束', state: '状态',
    counted: '已处理 {{done}}', of: '{{done}} / {{total}}', left: '约 {{seconds}} 秒', none: '没有进行中的任务', noneHint: '导入、发放、导出等耗时的工作会在这里显示进度。', cancelled: '已请求取消',
  },
  confirm: { type: '请输入“{{name}}”以确认', mismatch: '名称不一致' },
}
