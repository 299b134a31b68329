/** Five kinds of benefits, bundles, card codes, merchants, outlet gifts. */
export default {
  kind: {
    hints: { voucher: '柜面或门店核销，或发放供应商的卡密', topup: '客户填手机号，供应商直充', physical: '邮寄到家，或在网点领取', points: '领取即入积分账户', financial: '费用减免或利率优惠' },
    code: '券码来源', codes: { own: '本行动态码', card_code: '供应商卡密' }, codeHint: '卡密按有效期先后发放，客户点开查看即视为已用', registered: '记名卡', registeredHint: '记名卡面值不超过 5,000 元，不记名卡不超过 1,000 元（规则 V2，可在参数中调整）', carriers: '适用运营商', carriersHint: '留空为全部', delivery: '交付方式', deliveries: { post: '邮寄', outlet: '网点领取' },
    instrument: '优惠方式', instruments: { fee_waiver: '费用减免', rate_coupon: '利率优惠' }, product: '用于', products: { loan: '贷款', card: '信用卡', payment: '支付', account: '账户' }, productHint: '存款（B1）、理财、基金、保险（B4）不得奖励', fee: '费用代码', rate: '优惠幅度', rateHint: '1 个基点 = 0.01%', bp: '基点', cap: '最高优惠', capHint: '每位客户最多省下的金额',
  },
  bundle: {
    tab: '权益包', add: '新建权益包', edit: '编辑权益包', search: '搜索权益包名称或代码', none: '还没有权益包', noneHint: '把几种已发布的规格放在一起，客户从中选几种。', name: '权益包', choose: '可选', chooseOf: '{{of}} 选 {{choose}}', skus: '包含规格', skusHint: '2 到 12 种，按页面展示顺序', code: '代码', retireHint: '停用后不能用于新活动；进行中的活动保留其发布时的版本。',
    toBundle: '加入权益包', addChosen_other: '把 {{count}} 种加入权益包', into: '加入到', intoOld: '已有权益包', intoHint: '写入草稿，发布后才生效；进行中的活动不受影响',
    by: '谁看到什么', bys: { none: '人人相同', tier: '按等级', segment: '按客群', cell: '按宫格' }, byHints: { none: '每位客户都从同一组规格里选', tier: '按客户领取时的等级；升级后立即可选新的', segment: '提交活动时按客群定格；自上而下，先符合的为准', cell: '提交活动时按客户所在宫格定格；自上而下，先符合的为准' },
    variant: '第 {{number}} 版', variantName: '版本名称', variantCount_other: '{{count}} 个版本', addVariant: '增加一版', removeVariant: '删除第 {{number}} 版', earlier: '第 {{number}} 版上移', later: '第 {{number}} 版下移', skusHintOne: '1 到 12 种，按页面展示顺序', tiers: '等级', noTiers: '还没有等级方案', segment: '客群', axes: { wealth: '财富', life: '生命阶段', occupation: '职业' }, everyBand: '全部', rest: '其余客户', restHint: '不符合以上任何一版的客户', restHas: '有默认权益', restNone: '没有权益', restShown: '其余（默认版）', nothing: '其余（无权益）', basis: '登记依据', basisHint: '宫格涉及存款类事实时必填：只能用于筛选，且须有登记依据（规则 B1）', counts: '当前落在各版的客户', countsOf: '共 {{shown}} 户可营销', countLater: '每一版都写好后，这里显示各有多少客户。', earlierTook: '另有 {{shown}} 户也符合，已归入前面的版本',
  },
  codes: {
    title: '卡密', hint: '逐条加密存放，只给领取的客户看；可用卡密就是库存', upload: '上传卡密', none: '还没有卡密', noneHint: '先建一个“供应商卡密”规格，再上传供应商给的文件。', file: '文件', fileHint: 'CSV 或 Excel，第一列卡号，第二列密码；也可用表头“卡号、密码”', expires: '有效至', expiresHint: '先到期的先发放，到期未用自动出库', batch: '批次', by: '上传人', success: '成功', failed: '失败', exists: '已存在', duplicate: '重复', free: '可用', drawn: '已发放', seen: '已查看', void: '作废', left: '消耗', recall: '召回', recallTitle: '召回这批未发放的卡密？', recallHint: '{{count}} 条可用卡密作废出库，不能恢复。已发放的不受影响。', reason: '理由', lists: '下载名单', choose: '选择文件', noSku: '没有卡密规格，请先在权益库新建。',
  },
  merchant: {
    title: '商户门店', hint: '权益在哪里用、什么时候用；核销时按规则检查', tabs: { merchants: '商户', stores: '门店', rules: '使用规则' }, add: '新建商户', addStore: '新建门店', addRule: '新建规则', edit: '编辑商户', editStore: '编辑门店', search: '搜索商户名称或代码', searchStore: '搜索门店名称、地址或代码', name: '商户', none: '还没有商户', noneHint: '合作商户的店员可用本行权益码核销。', noStores: '还没有门店', noStoresHint: '逐家新建，或在商户上导入 CSV。', noRules: '还没有规则', noRulesHint: '没有规则的权益只在本行网点使用。', stores: '门店', storeCount: '{{count}} 家', store: '门店', region: '行政区划', street: '地址', hours: '营业时间', clerks: '店员', clerkCount: '{{count}} 人', category: '类别', unit: '管理机构', import: '导入门店', importHint: 'CSV，表头 code,name,region,street,hours,latitude,longitude', imported: '新增 {{added}} 家，更新 {{changed}} 家', problems: '{{count}} 行未导入', line: '第 {{number}} 行', latitude: '纬度', longitude: '经度', retireHint: '停用后其门店不再核销。', retireStoreHint: '停用后本店不再核销。',
    scope: '适用', scopes: { sku: '规格', brand: '品牌', category: '类别' }, scopeHint: '规格的规则优先于品牌，品牌优先于类别', where: '可用地点', merchants: '商户的全部门店', someStores: '指定门店', excluded: '除外门店', counters: '本行网点', when: '可用时间', weekdays: '星期', days: { '1': '一', '2': '二', '3': '三', '4': '四', '5': '五', '6': '六', '7': '日' }, everyDay: '每天', hoursOfDay: '时段', allDay: '全天', remove: '删除规则', removeHint: '删除后立即失效。', more: '等 {{count}} 处',
  },
  outlet: {
    title: '网点礼品', hint: '发出 → 签收 → 领取，复式记账；差异须两人', send: '发往网点', gifts: '库存', shipments: '发货', differences: '差异', none: '网点还没有礼品', noneHint: '先建“网点领取”的实物规格，再发往网点。', gift: '礼品', onHand: '在库', transit: '在途', handed: '已领取', low: '告警线', isLow: '库存低', count: '盘点', setLow: '告警线', quantity: '数量', counted: '实盘数量', book: '账面 {{shown}}', reason: '差异原因', reasonHint: '与账面不一致时必填', sign: '签收', signTitle: '签收 {{shown}} 件', arrived: '实收数量', sent: '发出', signed: '实收', at: '时间', by: '经办', expected: '应有', found: '实有', confirm: '复核通过', reject: '不认可', noShipments: '还没有发货', noDifferences: '没有差异', kinds: { shipment: '签收', count: '盘点' }, second: '须由另一人复核（D5）', lowHint: '低于此数告警，0 为不告警',
  },
}
