export default {
  payments: {
    meta: '客户付给银行的每一笔，原路退回，按日与收银台对平', addCashier: '登记收银台', changeCashier: '更换收银台', noCashier: '还没有审批通过的收银台，商城暂不能收现金。', cashiers: '收银台', wechat: '微信支付',
    name: '名称', merchantNo: '商户号', answered: '最近应答', state: '状态', submitted: '已提交，另一人审批后启用', formHint: '另一人审批后启用；已发出的付款仍可查询和退款。', sealed: '加密保存，之后不再显示', noticeKeyHint: '32 个字符，用来解开通知', noticeHint: '收银台通知银行的地址，以银行代码结尾',
    form: { name: '名称', address: '收银台地址', merchant_no: '商户号', app_id: '应用号', serial: '商户证书序列号', platform_serial: '平台公钥编号', private_key: '商户私钥（PEM）', platform_key: '平台公钥（PEM）', notice_key: '通知密钥', timeout_seconds: '等待秒数', notice_address: '通知地址' },
    list: '付款', search: '付款单号、收银台单号或订单号', at: '时间', subject: '用途', customer: '客户', amount: '金额', back: '退款', none: '还没有付款', noneHint: '客户在商城下单需要付现金时，付款会显示在这里。',
    days: '日对账', daysHint: '收银台账单、付款记录与账本三方一致', day: '业务日', theirs: '收银台', ours: '付款记录', ledger: '账本', differences: '差异', difference: '差异', noDays: '还没有对过账', noDaysHint: '次日 10 点后自动对账，也可以手动取账单。', close: '取账单对账', closeHint: '取收银台该日账单重新比对；通知漏掉的付款和退款会按账单补记。', count: '{{shown}} 笔', off: '立减', price: '金额（减前）', toCustomer: '退回客户', offPart: '另退立减 {{amount}}', allRefunds: '全部', again: '重发退款', againDone: '已重发，或已提交审批', againHint: '收银台将再次退回 {{amount}}。超过参数设定的金额须另一人审批。', explain: '说明', explainHint: '写明差异如何处理，会记入审计日志。', number: '单号', kind: { only_ours: '只有我们有', only_theirs: '只有收银台有', amount_differs: '金额不同', reduction_differs: '立减金额不同' },
    code: { absent: '收银台暂无此单', amount_differs: '金额与收银台不一致', no_answer: '没有应答', not_taken: '暂时连不上', late: '关闭后到账，已自动退回', NOTPAY: '等待客户付款', USERPAYING: '客户付款中', PAYERROR: '付款失败，可重试', ABNORMAL: '退款异常，请联系收银台', SIGN_ERROR: '签名不被接受，请核对密钥', NOT_ENOUGH: '商户余额不足' },
    cashierNo: '收银台单号', until: '付款截止', paidAt: '付款时间', why: '说明', ask: '立即查询', asked: '已安排查询', refunds: '退款', noRefunds: '没有退款', noRefundsHint: '退货或售后同意后，款项原路退回。', exchanges: '与收银台的往来', operation: '动作', outcome: '结果', took: '用时',
    operations: { prepay: '下单', query: '查询付款', close: '关闭付款', refund: '申请退款', query_refund: '查询退款', notice: '收到通知' }, outcomes: { prepaid: '已下单', open: '待付款', paid: '已付款', closed: '已关闭', absent: '查无此单', processing: '处理中', refunded: '已退款', failed: '失败', no_answer: '没有应答', not_taken: '未送达', refused: '被拒绝' },
  },
  reduction: {
    threshold: '使用门槛', thresholdHint: '满多少元可用，须高于面值；面值就是立减金额，成本就是银行承担的部分', merchant: '商户承担', shareHint: '银行、商户、品牌三方承担之和等于面值', brand: '品牌承担', payer: '承担品牌部分的供应商',
    inMall: '积分商城可用', storesHint: '门店按“适用门店”规则：在商户页为这项权益设置可用商户', dayLimit: '每日总次数', personDayLimit: '每人每日次数', noLimit: '不限', tierReason: '登记理由', tierReasonHint: '只给部分等级时必填，说明为何与他人不同价（P5）',
  },
  sales: {
    title: '门店收款', hint: '顾客扫门店码付款；退款原路退回，立减按比例退还各承担方', none: '还没有收款', noneHint: '顾客扫门店码付款后，会显示在这里。', giveBack: '退款', giveBackHint: '按减前金额填写；顾客实退金额按比例扣除立减。',
  },
}
