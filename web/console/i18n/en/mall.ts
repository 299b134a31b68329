export default {
  mall: {
    meta: 'Published benefits at a price in points, or points and money, the same for everybody; another person decides what goes on the shelf', add: 'Put on the shelf', addHint: 'Another person sees stock, budget and the cost at most; once approved its stock is set aside.',
    shelf: 'Shelf', shelfHint: 'Latest first', none: 'The shelf is empty', noneHint: 'Put a published benefit on it; once approved customers can order it for points.',
    benefit: 'Benefit', points: 'Price in points', pointsOf: '{{shown}} points', left: 'Left', of: 'of {{stock}}', gone: 'All taken', limit: 'Per person', window: 'From – to', state: 'State', fromLevel: 'From {{level}} on', tier: 'Tier', everybody: 'Everybody',
    pool: 'Pool', noPool: 'This benefit has no pool yet', budget: 'Paid by', stock: 'Units',
    takeOff: 'Take off', takeOffHint: '“{{benefit}}” can be ordered no more; what is left returns to its pool. What was ordered stays.', reason: 'Reason', reasonMissing: 'Say why',
    cash: 'Price in money', cashHint: 'May stay empty; else customers pay so much beside the points', price: 'Price', total: 'Paid', search: 'Number of an order, or its last 12 digits', afterSales: 'After-sales', afterSalesHint: 'Customers who want an order undone; once agreed points return to their lots and money the way it came', ask: 'Request', answer: 'Answer to the customer', decide: 'Decide', agree: 'Agree', refuse: 'Refuse', verdict: 'Decision', returnsStock: 'Back into stock (unused, or the goods came back)', noAfterSales: 'Nothing to decide', noAfterSalesHint: 'Requests of customers appear here.', goesBack: 'Would go back', orders: 'Orders', customer: 'Customer', at: 'At', noOrders: 'No orders yet', noOrdersHint: 'They appear here once customers order.',
  },
}
