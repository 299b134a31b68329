export default {
  mall: {
    meta: '已发布权益按积分或积分加现金上架，所有客户同一价格；上架须另一人审批', add: '上架权益', addHint: '另一人会看到库存、预算和最多成本，批准后上架并备足库存。',
    shelf: '货架', shelfHint: '最近的在前', none: '货架还是空的', noneHint: '上架一项已发布的权益，批准后客户即可用积分兑换。',
    benefit: '权益', points: '积分价格', pointsOf: '{{shown}} 积分', left: '剩余', of: '共 {{stock}} 份', gone: '已兑完', limit: '每人限兑', window: '起止', state: '状态', fromLevel: '{{level}}及以上', tier: '等级要求', everybody: '所有客户',
    pool: '库存池', noPool: '这项权益还没有库存池', budget: '出资预算', stock: '上架份数',
    takeOff: '下架', takeOffHint: '“{{benefit}}”不再可兑，剩余库存退回原库存池；已兑换的不受影响。', reason: '理由', reasonMissing: '请写明理由',
    cash: '现金价格', cashHint: '可不填；填了则客户另付这么多', price: '价格', total: '支付', search: '订单号或末 12 位', afterSales: '售后', afterSalesHint: '客户申请退回；同意后积分回到原批次，现金原路退回', ask: '申请', answer: '答复客户', decide: '处理', agree: '同意', refuse: '不同意', verdict: '决定', returnsStock: '退回库存（未使用，或实物已收回）', noAfterSales: '没有待处理的售后', noAfterSalesHint: '客户申请后显示在这里。', goesBack: '将退回', orders: '兑换订单', customer: '客户', at: '时间', noOrders: '还没有订单', noOrdersHint: '客户兑换后显示在这里。',
  },
}
