/** Benefits, suppliers, stock, budgets, settlement, counter. */
export default {
  benefit: {
    hint: '品牌 → 商品 → 规格；发布后的条款按版本保存，不再改动', tabs: { skus: '规格', bundles: '权益包', items: '商品', brands: '品牌' }, add: { skus: '新建规格', bundles: '新建权益包', items: '新建商品', brands: '新建品牌' }, searchSku: '搜索规格名称或代码', searchItem: '搜索商品名称或代码', searchBrand: '搜索品牌名称或代码',
    none: '还没有规格', noItems: '还没有商品', noBrands: '还没有品牌', noneHint: '先建品牌，再建商品，最后建规格并发布。', item: '商品', brand: '品牌', category: '类别', categories: { 餐饮: '餐饮', 超市: '超市', 娱乐: '娱乐', 出行: '出行', 网购: '网购', 教育: '教育', 医疗: '医疗', 加油: '加油', dining: '餐饮', travel: '出行', topup: '充值', retail: '零售', entertainment: '娱乐', finance: '金融', education: '教育', health: '健康', other: '其他' }, editBrand: '编辑品牌', editItem: '编辑商品', name: '名称', nameEn: '英文名', retireHint: '停用后不能在其下新建；已有的不受影响。',
  },
  sku: {
    name: '权益', code: '代码', kind: '类型', kinds: { voucher: '券码', topup: '直充', physical: '实物', points: '积分', financial: '金融权益' }, face: '面值', cost: '单价', faceYuan: '面值（元）', costYuan: '单价（元）', points: '积分数', validity: '有效期', validities: { days: '领取后天数', until: '固定日期' }, until: '有效至', tax: '税务', taxes: { discount_coupon: '折扣券，不代扣', purchase_gift: '消费赠礼，不代扣', spending_points: '消费积分，不代扣', occasional_income: '偶然所得，代扣 20%' },
    supplier: '供应商', newDraft: '有新草稿', publish: '发布', retire: '停用', retireTitle: '停用“{{name}}”？', retireHint: '停用后不能用于新活动；进行中的活动不受影响。', edit: '编辑规格', saveDraft: '保存草稿', regions: '限用地区', regionsHint: '6 位行政区划代码，留空为不限', acceptance: '使用范围', acceptanceHint: '发布时必填（L4）', acceptanceEn: '使用范围（英文）',
  },
  picture: {
    label: '图片', choose: '选择图片', replace: '更换', remove: '移除', current: '当前图片', hint: 'PNG、JPEG 或 WebP，不超过 5 MB；不放图片时显示类别图标。', tooLarge: '图片超过 5 MB，请压缩后再选。', unreadable: '无法识别这张图片，请选择 PNG、JPEG 或 WebP。', tooSmall: '图片太小，长宽至少 {{count}} 像素。',
    crop: '裁剪图片', use: '使用', zoom: '缩放', stage: '拖动图片，或用方向键移动', cropHint: '手机页面按正方形显示。拖动或用方向键移动，滑块缩放。', onPhone: '手机上的样子',
  },
  supplier: { add: '新建供应商', edit: '编辑供应商', search: '搜索供应商名称或代码', name: '供应商', taxNo: '税号', days: '账期', contact: '联系人', contactName: '联系人姓名', contactPhone: '联系电话', none: '还没有供应商', noneHint: '券码类权益需要供应商，核销后应付给它。', retireHint: '停用后不能用于新规格；已有应付照常结算。' },
  pool: {
    hint: '可用 + 占用 + 已核销 + 已下拨 = 总量', open: '新建库存池', openBelow: '下设', name: '库存池', burn: '消耗', available: '可用', reserved: '占用', used: '已核销', allocated: '已下拨', total: '总量', none: '还没有库存池', noneHint: '库存池存放一种规格的份数，可逐级下拨到机构。', quantity: '份数', fromParent: '可用 {{shown}} 份', left: '余 {{shown}}', to: '下拨到', moves: { add_stock: '入库', allocate: '下拨', give_back: '退回上级' },
  },
  budget: {
    hint: '可用 + 占用 + 已支出 = 额度，精确到分', open: '新建预算', openBelow: '下设', name: '预算', available: '可用（元）', reserved: '占用（元）', committed: '已支出（元）', limit: '额度（元）', limitAll: '总额度', committedAll: '已支出', reservedAll: '占用', availableAll: '可用', none: '还没有预算', noneHint: '先建总行预算，再下拨到分行和活动。', amount: '金额', fromParent: '可用 {{amount}}', left: '余 {{amount}}', moves: { fund: '追加', allocate: '下拨', give_back: '退回上级' },
  },
  statement: {
    agree: '无异议', agreedBy: '商户确认', agreedShort: '商户已确认', disputedShort: '商户有异议', answeredShort: '已答复异议', owedShort: '待付款', payHint: '向{{who}}付款 {{amount}}。在付款系统付出后在此登记凭证号；制单人不能登记（D5），登记后结算单不能再冲销。', waitsShort: '待商户确认', paidBy: '已付款', paidShort: '已付款', disputed: '商户异议：{{text}}', answered: '银行答复：{{text}}', ways: { dispute: '提出异议', answer: '答复异议', pay: '登记付款' }, says: { dispute: '哪里不一致', answer: '答复', pay: '付款凭证号' }, saysNeeded: '至少 4 个字', owed: '结算对象', owes: { supplier: '供应商', merchant: '商户' }, who: '结算对象', store: '门店', what: '内容', sales: '门店收款', done: '笔数', price: '收款（减前，元）', reduced: '其中立减（元）', ownShare: '商户承担（元）', bySupplier: '由供应商结算', storeLinesHint: '按门店和日期；应付 = 收款 − 商户承担的立减', ownMeta: '核对门店收款，无异议后银行付款', ownNoneHint: '银行生成结算单后，会显示在这里。',
    differenceLines: '对账差异', differenceHint: '本期间内接受的对账文件差异；负数为不再应付', unknownOrder: '仅供应商有的订单',
    make: '生成结算单', prepaid: '已从预付扣除', prepaidHint: '本期间内', payable: '尚应支付', search: '搜索结算单号', number: '编号', period: '期间', periodHint: '含首尾两天，按北京时间；已结算的部分自动跳过', quantity: '份数', amount: '应付金额', amountYuan: '金额（元）', by: '制单', none: '还没有结算单', noneHint: '选供应商和期间，按已核销的份数生成，与总账逐分一致。', today: '今天', thisMonth: '本月', lastMonth: '上月', confirmedBy: '确认', covers: '覆盖', reversedFor: '已于 {{time}} 冲销：{{reason}}', ledger: '总账', equal: '一致', differs: '不一致',
    lines: '明细', linesHint: '{{count}} 行', redeemed: '核销', undone: '撤销', unitCost: '单价（元）', confirm: '确认结算单', confirmTitle: '确认应付 {{amount}}？', confirmHint: '确认后作为付款依据；制单人不能确认（D5）。', reverse: '冲销', reverseHint: '冲销后该期间可重新生成。', files: { xlsx: 'Excel 文件', csv: 'CSV 文件' },
  },
}
