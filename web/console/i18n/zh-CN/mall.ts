export default {
  mall: {
    meta: '已发布权益按积分价上架，所有客户同一价格；上架须另一人审批', add: '上架权益', addHint: '另一人会看到库存、预算和最多成本，批准后上架并备足库存。',
    shelf: '货架', shelfHint: '最近的在前', none: '货架还是空的', noneHint: '上架一项已发布的权益，批准后客户即可用积分兑换。',
    benefit: '权益', points: '积分价格', left: '剩余', of: '共 {{stock}} 份', gone: '已兑完', limit: '每人限兑', window: '起止', state: '状态', fromLevel: '{{level}}及以上', tier: '等级要求', everybody: '所有客户',
    pool: '库存池', noPool: '这项权益还没有库存池', budget: '出资预算', stock: '上架份数',
    takeOff: '下架', takeOffHint: '“{{benefit}}”不再可兑，剩余库存退回原库存池；已兑换的不受影响。', reason: '理由', reasonMissing: '请写明理由',
    orders: '兑换订单', customer: '客户', at: '时间', noOrders: '还没有订单', noOrdersHint: '客户兑换后显示在这里。',
  },
}
