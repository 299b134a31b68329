/** 客服台：查找、解释、处理、工单、补偿。 */
export default {
  desk: {
    title: '客服台', recorded: '每次查询都会连同用途记录在案', ask: '客户报给您的是什么号码？', hint: '客户号、手机号、订单号、核销码、短信编号或工单号', kindsHint: '一个输入框查全部；核销码照屏幕输入或扫码，按回车查找。',
    purpose: '用途', purposes: { call: '客户来电', counter: '柜面咨询', complaint: '客户投诉', order: '核对订单' }, find: '查找客户',
    nobody: '没有找到', tried: '已按这些查找：{{kinds}}。', mend: '请逐位核对号码，或换一个号码再试；其他机构的客户不在这里显示。', several: '有 {{count}} 位客户符合，请与客户核对',
    kinds: { customer: '客户号、手机号或证件号', order: '订单号', grant: '权益编号', code: '核销码（一分钟内有效）', message: '短信编号', case: '工单号' },
    mine: '我的未结工单', allCases: '全部工单', noneMine: '您没有未结工单', noneMineHint: '为客户办理的事项会记在工单里，关闭前一直显示在这里。',
    case: '工单', cases: '工单', number: '工单号', kind: '类型', caseTitle: '一句话说明', way: '来访方式', body: '沟通内容', changed: '最近更新', notes: '沟通记录', by: '经办', open: '建单', newCase: '新建工单', addNote: '记录沟通', noNotes: '还没有记录', forgotten: '已随客户信息删除', noCases: '还没有工单', noneYet: '还没有工单', noneYetHint: '先查找客户，再新建工单；为客户做的每件事都会记在里面。',
    caseSearch: '工单号、标题、客户号或手机号', whose: '归属', myUnits: '本机构', onlyMine: '只看我的', assigned: '负责人', assign: '转交', assignHint: '只列出负责该客户所在机构的客服。', due: '应办结', overdue: '已逾期', late: '已逾期', openedOn: '建单日期', toCase: '打开工单',
    caseKinds: { question: '咨询', not_received: '没收到', not_redeemable: '用不了', order_failed: '订单失败', complaint: '投诉', other: '其他' },
    ways: { phone: '电话', counter: '柜面', online: '线上', internal: '内部备注' }, noNumbers: '请勿填写手机号、证件号、卡号；工单已关联客户。',
    close: '关闭工单', reopen: '重新打开', outcome: '处理结果', reopenWhy: '重新打开的原因', ended: '{{time}} 关闭：{{outcome}}',
    benefits: '权益', noBenefits: '还没有权益', noBenefitsHint: '如果客户认为应当有，请看活动为什么没有选到。', customerPage: '客户主页', toBenefits: '查看权益', seeBenefit: '查看这份权益',
    why: '为什么没有', whichCampaign: '客户问的是哪个活动？', whichCampaignHint: '逐条显示哪些条件满足、哪些不满足，以及怎么回答客户。', conditions: '条件', rule: '客群规则现在的情况', ruleHint: '选定名单以后可能有变化', now: '现为 {{value}}',
    story: '经过', aloud: '可以这样告诉客户', order: '订单', supplier: '供应商', recipient: '收货信息', reason: '理由', done: '已办理', colon: '：',
    acts: { link: '发送链接', message: '重发活动短信', query_order: '立即查询供应商', cancel_order: '取消订单', deliver_again: '重新发放', extend: '申请延期', read_code: '申请告知卡密', compensate: '申请补偿' },
    actHints: {
      link: '客户会马上收到一条短信，点开链接就是这份权益；每天最多三条。', message: '活动短信马上再发一次；每天最多三条。', query_order: '不等轮到，马上向供应商查询；不会重复下单。',
      cancel_order: '订单还没有提交供应商：取消后费用和名额退回。', deliver_again: '原订单已确认失败：重新领取一份，仍发到原来的地址。', extend: '由另一人复核；每份权益只能延期一次。待领取的会顺延领取时间，卡密最长到供应商规定的日期。', read_code: '客户丢失卡密时使用：由另一人复核后，您可查看一次并告知客户。仍是原来那个卡密，不会多发一份。', compensate: '由另一人复核，复核人能看到这个工单；按工单、客户和当日金额控制上限。',
    },
    actDone: '已办理', asked: '已提交，等待另一人复核', days: '延长天数', goodwill: '补偿权益', goodwillLine: '{{name}} · {{cost}} · 剩 {{left}} 份', noGoodwill: '还没有补偿权益，请联系权益采购', compensations: '补偿', takeBack: '收回', takeBackHint: '只能收回还没使用的；由另一人复核，通过后费用和名额退回。', readings: '告知卡密', code: '卡密', openUntil: '{{time}} 前可查看一次', withdraw: '撤回申请', withdrawHint: '撤回后不再需要复核，可以重新申请。', askSearch: '工单号、权益、客户号或手机号', askedOn: '申请时间', decidedOn: '办结时间', backReason: '收回理由', compensationsHint: '申请、发放和收回，每一步都由另一人复核', noCompensations: '还没有补偿', noCompensationsHint: '在客户的权益页申请补偿，复核后会出现在这里。', extensionsHint: '每份权益只能延期一次，由另一人复核', noExtensions: '还没有延期', noExtensionsHint: '在客户的权益页申请延期，复核后会出现在这里。', until: '延期至', before: '原为 {{time}}', beforeOn: '原有效期至', extendedTo: '延期至 {{time}}',
    offer: { title: '补偿权益', hint: '客服可以申请发放的权益，预算和库存单独划出', name: '名称', benefit: '权益', cost: '单份成本', left: '剩余', money: '剩余预算', closes: '最后一天', stock: '份数', budget: '预算（元）', payer: '出资预算', days: '有效天数', add: '新建补偿权益', addHint: '由另一人复核；通过后客服即可申请发放。', stop: '停用', stopHint: '没有发放的部分退回，已经发放的不受影响。', none: '还没有补偿权益', noneHint: '先划出一些，客服才能弥补客户的损失。' },
  },
}
