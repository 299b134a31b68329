/** The library and suppliers' catalogues. */
export default {
  library: {
    title: '选品库', hint: '所有供应商的商品和本行权益，输入两个字、拼音或首字母即可查找', search: '名称、品牌、编码、拼音或首字母', own: '本行', supplier: '供应商', stock: '库存', uncounted: '不限', soldOut: '无货', everywhere: '全国', regions: '{{count}} 个地区', taken: '已入库', take: '入库', compare: '比较', clear: '清除', none: '没有符合的商品', noneHint: '换个说法，或先导入供应商目录。',
    price_min: '面值不低于', price_max: '面值不高于', region: '6 位地区代码', sort: '排序', inStock: '仅看有货', sorts: { best: '最相关', worth: '面值从低到高', worth_down: '面值从高到低', cost: '成本从低到高', cost_down: '成本从高到低', newest: '最新' },
    facets: { brand: '品牌', category: '类别', kind: '类型', supplier: '供应商' }, facts: { brand: '品牌', supplier: '供应商', face: '面值', cost: '结算价', share: '成本占面值', stock: '库存', valid: '有效期' },
    behind: '作为已有权益的另一家供应商', behindHint: '前面的供应商不应答或明确失败时，订单转到这里。须与该权益同类。', behindSku: '已有权益',
    takeTitle: '把“{{name}}”收入权益库', takeHint: '{{brand}}，结算价 {{cost}}。写明在哪里可用后即发布，之后的调价不会改动已发布的版本。',
  },
  suggest: {
    near: '{{percent}}% 住在可用地区', title: '为客群推荐权益', open: '为客群推荐', hint: '看这群客户近 90 天在哪些类别上消费得比全行更多，再从选品库挑现在能拿到的。', segment: '选择客群', choose: '先选一个客群', chooseHint: '只按群体计算，不看单个客户。', none: '没有明显偏好', noneHint: '“{{segment}}”在各类别上的消费与全行相近。', few: '人数太少，不作推荐。', lift: '全行的 {{times}} 倍', reason: '{{percent}}% 近 {{days}} 天有{{name}}消费，全行为 {{usual}}%；库中有货 {{stock}} 种', left: '库存 {{shown}}', holding: '{{percent}}% 已持有', cost: '成本 {{yuan}}', basis: '对比 {{total}} 位客群客户与全行 {{universe}} 位可营销客户；过期、无货、地区不符，以及半数以上客户已持有的不列出。',
  },
  offers: {
    campaign: '用它建活动', hint: '订单依次发给第一家正常的供应商；明确失败后转下一家。结果未知的订单不转、不退。', none: '只有一家供应商', noneHint: '在选品库里把另一家的同款收为这个权益的供应商。', published: '发布价', latest: '目录现价 {{cost}}', earlier: '提前', passed: { ready: '正常', gone: '已下架', too_dear: '超出价差', not_connected: '未接通', off: '已停用', no_answer: '没有应答', short: '预付不足' },
  },
  catalogueImports: {
    title: '供应商目录', hint: '先比对、后写入；调价须另一人批准；可整批撤回', add: '导入目录', read: '上传并比对', file: '目录文件', fileHint: 'CSV（UTF-8 或 GBK，可压缩）或 Excel；须有编码、名称、品牌、结算价', whole: '完整目录', wholeHint: '文件里没有的商品视为下架', look: '查看', brings: '变动', prices: '调价', at: '导入于', none: '还没有导入过目录', noneHint: '上传供应商的商品清单，比对无误后写入选品库。', nothing: '与现有一致',
    counts: { new: '新增', changed: '变更', gone: '下架', price_up: '涨价', price_down: '降价', refused: '未收' }, readLines_other: '共 {{lines}} 行，{{same}} 行无变化', cancel: '放弃', cancelTitle: '放弃这份目录？', cancelHint: '比对结果会清除，选品库不变。', undo: '撤回', undoTitle: '撤回这份目录？', undoHint: '新增的下架，变更和下架的恢复原样，价格也恢复。', apply: '写入选品库', applyGone: '连同下架一起写入', goneTitle_other: '下架 {{count}} 个商品？', goneHint: '下架比例超过上限。请先与供应商确认文件是否完整。',
    goneHeld_other: '有 {{count}} 个商品不在文件里，超过 {{percent}}%：暂不下架。', pricesHeld_other: '{{count}} 个价格变动超过 {{percent}}%，全部调价的中位数为 {{median}}%：超出幅度的须说明理由才会提交。', cause_other: '{{count}} 行未收，首见第 {{line}} 行：{{mend}}', rejects: '下载未收的行',
    mends: { duplicate: '编码与前面的行重复，保留第一行。', code: '编码为 1 到 32 位字母、数字、点、横线或下划线。', name: '名称为 1 到 60 个可读的字；请检查文件编码。', brand: '品牌为 1 到 60 个可读的字；请检查文件编码。', item: '商品名最多 60 个可读的字。', name_en: '英文名最多 100 个字符。', cost: '结算价以元为单位，最多两位小数，如 19.80。', face_value: '面值以元为单位，最多两位小数，如 30.00。', valid_days: '有效天数为 1 到 3660 的整数，或留空。', valid_until: '日期写作 2026-12-31。', expired: '已过有效期：删去该行或更正日期。', stock: '库存为不小于 0 的整数，或留空。', category: '类别为餐饮、出行、充值、零售、娱乐、金融、其他之一，或英文词。', kind: '类型为券、直充或实物。', regions: '地区为 6 位行政区划代码，用分号隔开。', width: '单元格数与第一行不同。' },
    which: { all: '全部', new: '新增', changed: '变更', price: '调价', held: '超出幅度', gone: '下架' }, noDifference: '没有这类变动', differences: '变动明细', change: '变动', before: '原结算价', held: '超出幅度', askPrices: '提交调价', submit: '提交审批', askHint: '涨价 {{up}} 项，降价 {{down}} 项。另一人批准后生效。', heldReason: '超出幅度的理由', heldReasonHint: '留空则只提交幅度以内的价格',
  },
}
