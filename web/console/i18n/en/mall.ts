export default {
  mall: {
    meta: 'Published benefits at a price in points, the same for everybody; another person decides what goes on the shelf', add: 'Put on the shelf', addHint: 'Another person sees stock, budget and the cost at most; once approved its stock is set aside.',
    shelf: 'Shelf', shelfHint: 'Latest first', none: 'The shelf is empty', noneHint: 'Put a published benefit on it; once approved customers can order it for points.',
    benefit: 'Benefit', points: 'Price in points', left: 'Left', of: 'of {{stock}}', gone: 'All taken', limit: 'Per person', window: 'From – to', state: 'State', fromLevel: 'From {{level}} on', tier: 'Level', everybody: 'Everybody',
    pool: 'Pool', noPool: 'This benefit has no pool yet', budget: 'Paid by', stock: 'Units',
    takeOff: 'Take off', takeOffHint: '“{{benefit}}” can be ordered no more; what is left returns to its pool. What was ordered stays.', reason: 'Reason', reasonMissing: 'Say why',
    orders: 'Orders', customer: 'Customer', at: 'At', noOrders: 'No orders yet', noOrdersHint: 'They appear here once customers order.',
  },
}
