/** Orders at suppliers, their health, prepayments, day files. */
export default {
  supply: {
    hint: '近 24 小时', search: '输入完整订单号、供应商单号或权益编号', none: '还没有接通的供应商', noneHint: '先在这里填写供应商的接口地址和密钥，直充和实物权益领取后就会自动下单。', connect: '接通供应商', connection: '接口设置', answered: '应答率', median: '中位耗时', slow: '95% 耗时', milliseconds: '{{shown}} 毫秒', open: '在途', unknown: '结果未知', succeeded: '成功', failed: '失败', short: '等待预付', free: '可用预付', allOrders: '查看订单',
    suppliers: '供应商', wellOf: '{{well}} 家正常', ordersDay: '24 小时订单', rate: '成功率 {{rate}}', hours: '每小时调用，浅色为无应答', hoursSaid: '24 小时内调用 {{calls}} 次，应答 {{answered}} 次', noCalls: '近 24 小时没有调用', probe: '{{time}} 试探', lastError: '最近一次失败：{{error}}', off: '已停用',
    alarms: '告警', alarmCount: '{{count}} 项', noAlarms: '没有告警', alarm: { low_outlet: '网点礼品低', low_prepayment: '预付余额低', low_stock: '库存低', no_answer: '没有应答', old_unknown: '长时间未知' },
    alarmSays: { low_outlet: '{{title}}：剩 {{value}}，告警线 {{threshold}}', low_prepayment: '{{title}}：可用预付 {{value}}，告警线 {{threshold}}', low_stock: '{{title}}：剩 {{value}}，告警线 {{threshold}}', no_answer: '{{title}}：连续 {{value}} 次没有应答，已熔断', old_unknown: '{{title}}：{{value}} 笔订单结果未知已久，请催对账文件' },
    form: { adapter: '对接方式', adapters: { rest_hmac: '本行协议', busifavor: '商家券平台', core_file: '核心系统文件', by_file: '发货清单' }, adapterHints: { by_file: '没有接口的供应商：实物订单按业务日生成加密清单，供应商用密钥打开，填好回执后读回', rest_hmac: '按文档中的接口协议签名收发', core_file: '金融权益每日一份文件送核心，次日取回执逐笔对平；被拒的退回权益', busifavor: '微信支付 APIv3 商家券；密钥由平台与商户生成，全部加密存放，不再显示；留空则不变' }, keys: { app_id: '公众号 AppID', merchant_no: '商户号', serial: '商户证书序列号', platform_serial: '平台公钥 ID', notice_key: 'APIv3 密钥（32 字符）', recipient_key: '客户标识密钥（至少 32 字符）', private_key: '商户私钥（PEM）', platform_key: '平台公钥（PEM）' },  address: '接口地址', addressHint: '以 https:// 开头；本机可用 http://', keyId: '密钥编号', key: '共享密钥', keyHint: 'Base64，至少 32 字节；加密保存，不再显示。留空则保留原密钥', generate: '生成密钥', generated: '请把密钥另行交给供应商；保存后不再显示', callback: '回调地址', callbackHint: '本行对外地址，例如 …/v1/supplier-callbacks/行代码/供应商代码', timeout: '超时', perSecond: '每秒最多', atOnce: '同时最多', prepaid: '预付结算', prepaidHint: '余额不足时不下单', prepaymentAlarm: '预付告警线（元）', stockAlarm: '库存告警线', enabled: '启用', seconds: '秒', calls: '次' },
  },
  supplierOrder: {
    returnCoupon: '退回已用的券', returnHint: '客户退货后，让用过的商家券恢复可用。退回请求号固定，重复提交只算一次。',
    one: '订单', number: '订单号', supplierNo: '供应商单号', recipient: '收货', amount: '金额（元）', created: '下单', changed: '最近变化', state: '状态', kind: '类型', kinds: { topup: '直充', physical: '实物', financial: '金融' }, none: '还没有订单', noneHint: '客户领取直充或实物权益后，这里自动出现发给供应商的订单。',
    allSuppliers: '全部供应商', allKinds: '全部类型', day: '业务日', due: '下次处理 {{time}}', customer: '客户', grant: '权益', seq: '客户 {{seq}}', drawn: '已扣预付', parcel: { packed: '已打包', sent: '已寄出', delivered: '已送达', problem: '配送问题' }, notDrawn: '未扣', proof: '凭据', proofs: { receipt: '回执号', carrier: '承运', tracking_no: '运单号', coupon_code: '券码', expires: '券有效至', core_no: '核心流水号' }, steps: '经过', stepsHint: '每一步只增不改', exchanges: '往来报文', exchangesHint: '个人信息已遮盖', noExchanges: '还没有往来', request: '请求', response: '应答', query: '立即查询', queried: '已安排，稍后刷新', cancel: '申请撤单', cancelHint: '未发出的订单在本行直接结束；已发出的由供应商决定，撤成前不退款。', cancelAsked: '{{time}} 已申请撤单，等待供应商答复。', movedOn: '这笔订单已失败，权益转由另一家供应商交付。', toNext: '查看后续订单', turn: '该权益的第 {{turn}} 笔订单', unknownSays: '结果未知：不会重发、不会退款，只等查询、回调或次日对账文件。', shortSays: '预付余额不足，充值后自动发出。', why: '原因',
    causes: { grant: '权益发放', reroute: '转自另一家', call: '发出', answer: '应答', not_taken: '对方未受理', silence: '没有应答', query: '查询', callback: '回调', cancel: '撤单', day_file: '对账文件', staff: '两人核定' },
    operations: { order: '下单', query: '查询', cancel: '撤单', callback: '回调' }, outcomes: { processing: '处理中', success: '成功', failed: '失败', absent: '查无此单', no_answer: '没有应答', not_taken: '未受理' },
    codes: { rerouted: '未发出，转另一家', prepayment_short: '预付不足', recipient_missing: '收货信息已删除', cancelled: '已撤单', not_at_supplier: '供应商没有此单', corrected: '对账更正', day_file: '对账文件', refused: '供应商拒绝' },
  },
  consignment: {
    hint: '没有接口的供应商，按业务日交接加密清单', ask: '申请清单', orders: '订单', answered: '回执', by: '申请人', reason: '用途', fetched: '{{time}} 已下载', none: '还没有发货清单', noneHint: '供应商的对接方式选“发货清单”后，实物订单按业务日汇总在这里。', waiting: '待寄订单', waitingHint: '已受理、还没有回执的实物订单', open: '待寄', notOver: '当日未结束',
    sentOf: '已寄 {{shown}}', refusedOf: '拒绝 {{shown}}', answer: '读取回执', cancel: '撤回', askHint: '清单含收货人姓名、手机号和地址，须由另一人审批（F3）。文件以供应商的密钥加密，只有申请人能下载，每次下载留痕。', which: '供应商与业务日', choice: '{{day}} · {{supplier}} · {{shown}} 笔', purpose: '交供应商寄出实物权益', asked: '已提交审批',
    answerHint: '{{supplier}} {{day}} 的回执：每行一个订单号，填承运商和运单号，或填拒绝原因。重复读取同一份不会重复入账。', file: '回执文件', fileHint: 'Excel 或 CSV，用压缩包里的回执表即可', told: '回执已读取', result: '寄出 {{sent}} 笔，拒绝 {{refused}} 笔，早已登记 {{known}} 笔。', problems: '{{shown}} 行没有采用：', problem: '第 {{row}} 行 {{number}}：{{why}}',
    why: { not_of_this: '不是这份清单的订单', twice: '同一订单出现两次', both: '既有运单号又有拒绝原因', half: '承运商和运单号要同时填写', too_long: '内容太长', day: '寄出日不对', ended: '订单已有相反的结果，请到对账处理' },
  },
  prepayment: {
    hint: '已付 = 余额 + 已扣，逐分来自总账', apply: '申请预付', accounts: '预付账户', paid: '累计已付', balance: '余额', way: '在途占用', free: '可用', drawn: '已扣', short: '欠扣', alarmLine: '告警线 {{amount}}', noAccounts: '还没有预付供应商', noAccountsHint: '接通供应商后，先申请一笔预付款，审批通过即可下单。', list: '预付申请', amount: '预付金额', reference: '付款编号', referenceHint: '行内付款流水号，同一供应商不能重复', by: '申请人', at: '申请时间', none: '还没有预付申请', noneHint: '由一人申请、另一人审批后入账。', change: '查看审批', submitted: '已提交审批', used: '已扣', held: '在途占用', burn: '使用情况',
  },
  dayFile: {
    hint: '次日文件与本行订单、总账三方核对', title: '对账文件', fetch: '取对账文件', upload: '上传文件', file: '文件', business: '业务日', brought: '导入', none: '还没有对账文件', noneHint: '每天早上自动向供应商取前一天的文件，也可以手工取或上传。', ours: '本行成功', theirs: '供应商成功', ledger: '总账扣款', orders: '{{shown}} 笔', equal: '三方一致', unequal: '三方不一致', explained: '差异已了结', matched: '相符', resolved: '由文件了结', differences: '差异', openOf: '{{open}} 项待处理', clean: '无差异', reading: '读取中', chooseFile: 'CSV 文件', comparison: '三方核对', rows: '文件行数', by: '导入人', totals: '金额为成功订单合计',
  },
  difference: {
    one: '差异', ours: '本行', theirs: '供应商', moves: '采纳将动用预付', none: '没有差异', noneHint: '对账文件与本行订单一致。', kinds: { only_ours: '仅本行有', only_theirs: '仅供应商有', amount_differs: '金额不同', state_differs: '状态不同' }, allKinds: '全部类型', absent: '没有', resolutions: { accept_theirs: '采纳供应商', keep_ours: '维持本行', gone: '后续文件已一致' }, resolution: '处理', reason: '理由', proposed: '{{name}} 提出', closed: '{{name}} 了结', verbs: { accept_theirs: '采纳供应商', keep_ours: '维持本行', confirm: '复核通过', take_back: '退回' },
    verbSays: { accept_theirs: '按供应商的记录改本行订单和预付，须由另一人复核后生效。', keep_ours: '本行账不动，由供应商更正其账。', take_back: '不采纳这个提议，差异重新待处理。' }, confirmTitle: '复核通过？', confirmSays: '将按供应商的记录入账：预付 {{amount}}。提出人不能复核（D5）。', moved: '{{amount}}', numberHint: '输入完整订单号', toOrder: '查看订单',
  },
}
