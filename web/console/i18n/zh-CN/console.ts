/** The first page, lists and their views, files, keys, own password. */
export default {
  home: {
    trail: '最近留痕', work: '后台任务', prepaidHint: '离告警线最近的在前', todo: '我的待办', noTodo: '没有待办', todoCount: '{{count}} 项', running: '运行中的活动', runningCount: '{{count}} 个', noneRunning: '现在没有运行中的活动', allCampaigns: '全部活动', all: '全部',
    recent: '最近变更', stockLeft: '库存余量', redeemedOf: '{{redeemed}} / {{claimed}}', ownCustomers: '范围：名下客户', findCustomer: '查找客户', cooling: '开始转冷', coolingNone: '没有新预警', coolingHint: '名下客户暂无转冷迹象。', coolingAll: '全部预警', wholeBank: '数据范围：全行', units: '数据范围：{{count}} 个机构', template: '从模板开始',
    hello: { night: '夜深了，{{name}}', morning: '上午好，{{name}}', afternoon: '下午好，{{name}}', evening: '晚上好，{{name}}' },
    figures: {
      portfolio: '名下客户', warningsNew: '新预警', warningsTaken: '已认领预警', casesOpen: '未结工单', casesMine: '其中我的', casesClosed: '今日关闭', goodwill: '待复核补偿', running: '运行中活动', granted: '今日发放', claimed: '今日领取', redeemed: '今日核销', spent: '今日核销金额', rate: '核销率 {{rate}}', mine: '我今日核销',
      staff: '在用员工', disabled: '已停用', notEnrolled: '未完成首次登录', sessions: '在线会话', locked: '已锁定登录', entries: '今日审计记录', reveals: '查看明文', exports: '导出', refused: '登录被拒', queued: '排队任务', working: '进行中任务', failed: '失败任务',
    },
    todos: {
      warnings_new: { tag: '预警', says: '名下客户的新预警' }, warnings_taken: { tag: '跟进', says: '已认领、未了结的预警' }, approvals: { tag: '审批', says: '待您审批的变更' }, drafts: { tag: '草稿', says: '您未提交的活动' }, returned: { tag: '退回', says: '退回给您修改的活动' },
      cases: { tag: '工单', says: '您的未结工单' }, failed_jobs: { tag: '任务', says: '失败的后台任务' }, supply_alarms: { tag: '供应', says: '供应商预付、库存和应答告警' }, differences: { tag: '对账', says: '待处理的对账差异' }, statements: { tag: '结算', says: '待确认的结算单' },
    },
    alarms: '预警', alarmCount: '{{count}} 项',
    alarm: {
      play_odds: { tag: '概率', says: '“{{name}}”的结果偏离公示概率，请核查' }, play_low: { tag: '奖品', says: '“{{name}}”只剩 {{share}}' }, play_out: { tag: '奖品', says: '“{{name}}”已发完' }, play_fallback: { tag: '改发', says: '“{{name}}”最近 {{share}} 的抽奖改发了别的奖品' }, play_budget: { tag: '预算', says: '“{{name}}”只剩 {{share}}' },
      budget_fast: { tag: '预算', says: '“{{name}}”预算已用 {{share}}，快于时间进度' }, stock_low: { tag: '库存', says: '“{{name}}”库存只剩 {{share}}' }, stock_out: { tag: '库存', says: '“{{name}}”库存已领完' },
      feed_failed: { tag: '数据', says: '“{{name}}”有一天导入失败' }, refund_failed: { tag: '退款', says: '{{name}} 笔退款失败，待重发' }, feed_missing: { tag: '数据', says: '“{{name}}”有一天没有送达' },
    },
    star: { title: '北极星指标 · 权益活跃客户', definition: '近 {{days}} 天核销过权益的客户，按自然客户去重', change: '较 {{days}} 天前', same: '与 {{days}} 天前持平', first: '{{days}} 天前还没有核销', unit: '近 12 周，户', said: '近 12 周从 {{first}} 户到 {{last}} 户' },
    waiting: '待我审批', noneWaiting: '没有等您审批的变更', noneWaitingHint: '有人提交后会出现在这里；提交人和审批人不能是同一人。', makerOf: '{{name}} 提交', due: '{{time}} 前',
    goTitle: '功能入口', go: {
      messages: '短信进度、回执与网关', supplyHealth: '供应商应答、在途与预付', supplierOrders: '直充与实物订单', consignments: '无接口供应商的发货清单与回执', prepayments: '预付余额与申请', dayFiles: '对账文件与三方核对', differences: '待处理的差异', events: '客户行为的最新事件', eventsLatest: '客户行为的最新事件', eventSources: '哪些系统在报送行为', eventSchemas: '事件的名称与属性', eventQuarantine: '不合格而留下的事件', eventLoads: '成批装载的事件文件', feeds: '每日文件的到达与读取', matches: '可能是同一人的客户', sealed: '加密值的分档申明', warnings: '开始转冷的客户与风险金额', temperature: '客户温度与变化最大的客户', leads: '好客户的同事', cascades: '谁的推荐带来了谁', rings: '疑似套利的账户',
      customers: '按客户号、手机号或证件号查找客户', segments: '用条件圈选客户，实时看到人数', imports: '导入客户文件，先试算再写入', catalogue: '品牌、商品和规格，发布后的条款按版本保存', pools: '库存余量与下拨', budgets: '预算余额与下拨', suppliers: '供应商与账期',
      campaigns: '活动进度、预算和核销', statements: '按核销生成结算单，与总账一致', counter: '扫码或输入核销码', deskFind: '客户报出任何号码，都能找到权益', cases: '客户反映的事和办理经过', compensations: '补给了客户什么、谁同意的', extensions: '延长了有效期的权益，每份一次', serviceOffers: '客服用来弥补客户的权益', approvals: '查看变更的试算与合规检查', audit: '谁在何时做了什么', jobs: '后台任务进度与失败原因', units: '机构层级', staff: '员工、角色与首登码', bank: '会话、审批、静默时段等参数', myCodes: '您的邀请码和谁来了', visits: '谁约了何时来，到店后记接待', lobby: '出示二维码，请客户签到和参与到店活动', managers: '谁管哪位客户、移交、用文件导入', customerSearch: '按客户号、手机号或证件号查找客户', outletGifts: '在库、在途和告警线', bookings: '谁何时来，还剩多少位', library: '查找所有供应商的商品', catalogueImports: '导入、比对、调价与撤回', cardCodes: '卡密批次与余量', merchants: '在哪里用、什么时候用',
      tags: '客户标签的口径、覆盖与新鲜度', exclusions: '不列入任何客群和消息的客户', grid: '财富、人生阶段与职业的交叉', models: '预测模型的版本、评分与漂移', importDatabases: '从数据库读取客户的连接', pointTypes: '积分的种类、有效期与成本', earnRules: '哪些行为得多少积分', pointsExchange: '与合作方、积分种类之间的互换', pointsReport: '负债、到期与每日结转', tiers: '等级门槛、权益与试算', mall: '货架、订单与售后', kits: '成套方案，选参数即上线', referral: '邀请与助力的规则、归属与成本', groupBuys: '成团、退款与收款', plays: '抽奖、签到与任务', payments: '收款、退款与收银台对账', invoices: '供应商开来的发票', tax: '奖品代扣的个人所得税', store: '扫码或输入核销码', ownStatements: '门店收款，核对并确认结算单', auditTrail: '谁在何时做了什么', priceSpread: '同一权益在各客群的价差',
    },
    guide: {
      title: '第一个小时', hint: '从第一位同事到第一个结果，进度按本行真实数据判断', progress: '{{done}} / {{total}} 步', next: '去完成', see: '查看', dismiss: '收起指引', dismissed: '指引已收起，可在右上角“帮助”里恢复', restore: '恢复“第一个小时”', restored: '指引已恢复', finished: '各步都已完成，没有可恢复的指引', by: { staff: '由安全管理员完成', import: '由运营人员完成', segment: '由运营人员完成', benefit: '由权益采购完成', budget: '由权益采购完成', campaign: '由运营人员完成', approval: '由消保审查、复核岗先后完成', claim: '由客户在手机上完成', redemption: '由柜员或门店店员完成', effect: '由运营人员完成' }, isDone: '已完成', isOpen: '未完成',
      steps: {
        staff: { title: '请齐人手', says: '先开好分支机构，再添加员工：运营、权益采购、消保审查、复核岗、柜员各一位，一场活动才走得通；把首登码交给本人。' },
        import: { title: '导入客户', says: '上传一份 CSV 或 Excel，先试算再写入；拒收的行会列出原因。' },
        segment: { title: '保存一个客群', says: '用属性和行为条件圈出想影响的客户，输入时就能看到人数。' },
        benefit: { title: '发布一种权益', says: '先建供应商和品牌，再建商品和规格；写明使用范围和成本，然后发布。' },
        budget: { title: '备好预算', says: '开一笔预算并拨入金额；活动从这里占用和核销。' },
        campaign: { title: '提交一个活动', says: '选客群和权益，系统试算触达与最高成本，并做合规检查。' },
        approval: { title: '由他人审批', says: '审批人逐项核对后通过；提交人不能审批自己的变更。' },
        claim: { title: '第一次领取', says: '客户打开活动页面领取；也可以用活动页的链接自己走一遍。' },
        redemption: { title: '第一次核销', says: '柜员扫客户的二维码或输入核销码，十分钟内可撤销。' },
        effect: { title: '看到第一个效果', says: '活动选好衡量指标、留出对照组；结束后比较两组，得到真实的增量。' },
      },
    },
  },
  list: {
    comma: '、', colon: '：',
    views: '视图', whole: '默认视图', mine: '我的视图', shared: '共享给我的', save: '把当前列表存为视图', update: '用当前列表更新“{{name}}”', rename: '改名或共享', remove: '删除视图', name: '视图名称', share: '共享给本机构及下级', shareHint: '别人可以使用，只有您能修改',
    columns: '列', exportTitle: '导出 · {{name}}', format: '文件格式', exportHint: '按当前筛选和显示的列导出，最多 100,000 行；内容与列表一样脱敏，文件带水印并记入审计，保存 7 天。', mark: '选择这一行', markAll: '选择本页全部', marked: '已选 {{count}} 项', unmark: '取消选择',
    bulkAsk: '{{action}} {{count}} 项？', bulkDone: '已处理 {{count}} 项', bulkRefused: '完成 {{done}} 项，{{count}} 项未处理：{{why}}', bulkNone: '所选各项的状态都不允许',
  },
  shortcut: { tool: '帮助', title: '键盘快捷键', search: '搜索菜单、活动、客群、权益、客户', list: '在列表中搜索', help: '显示这张表', close: '关闭对话框或抽屉', move: '移动、选择、确认', go: '去{{name}}' },
  password: { title: '修改密码', current: '当前密码', changed: '密码已修改，其他设备上的会话已结束', hint: '修改后，您在其他设备上的会话全部结束。' },
}
