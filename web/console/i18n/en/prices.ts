export default {
  price: {
    title: 'Price spread', meta: 'What customers really paid and got for the same thing; what differs needs a registered, objective reason (rule P5). The last 90 days unless chosen.',
    search: 'Find by name', thing: 'Benefit, rate or campaign', kind: 'Kind', allKinds: 'Every kind', group: 'Customers', unit: 'Unit', count: 'Times', low: 'Lowest', median: 'Median', high: 'Highest', spread: 'Spread', why: 'Finding', unexplained: 'Without a reason',
    kinds: { mall: 'Mall', group_buy: 'Group buy', exchange: 'Exchange of points', reduction: 'Reduction', bundle: 'Variants of a bundle' },
    by: 'Customers by', axes: { tier: 'By tier', wealth: 'By wealth', life: 'By life stage', occupation: 'By occupation', segment: 'By segment' }, chooseSegment: 'Choose a segment',
    period: 'Days', since: 'From', until: 'To', units: { fen: 'fen', per_1000: 'points for 1,000' }, perThousand: '/ 1,000',
    reasons: { tier: 'Tier', reduction: 'A reduction was used', variant: 'Variant of the bundle', time: 'One price after the other', amount: 'Amount and fee', choice: 'Customers chose differently' },
    left_one: '{{shown}} without a registered reason', left_other: '{{shown}} without a registered reason', note: 'Registered: {{note}}', comma: ', ',
    none: 'Nothing to compare in these days', noneHint: 'Orders in the mall, group buys, exchanges of points, reductions and bundles with variants appear here.',
  },
}
