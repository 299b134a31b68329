/** Group buys */
export default {
  groupBuy: {
    meta: 'A seat is reserved before it is paid; a group is complete when all have paid, else points and cash all go back', new: 'New group buy', newMeta: 'Another person approves it; once live it cannot be changed, only stopped',
    name: 'Name', days: '{{opens}} – {{closes}}', by: 'Submitted by {{who}}', benefit: 'Benefit', price: 'Price of a seat', pricePoints: '{{points}} points', size: 'People in a group', people: '{{count}} people', sizeAndPrice: 'Groups of {{size}} · {{price}} each',
    left: 'Left', of: 'of {{stock}}', leftOf: '{{left}} of {{stock}}', personLimit: 'Per person', hours: 'Time to fill', hourCount: '{{count}} hours', payMinutes: 'Time to pay', minuteCount: '{{count}} minutes', title: 'Title', terms: 'Terms',
    openGroups: 'Open groups', completeGroups: 'Complete groups', ofGroups: '{{share}} of all groups', seatsNow: '{{seats}} seats taken, {{paid}} paid', cashIn: 'Cash in', cashBack: 'Returned', cashBackHint: '{{back}} returned, {{way}} on its way', pointsKept: 'Points burned', pointsHint: 'Of seats paid or delivered; what went back is left out', onItsWay: '{{amount}} on its way',
    groups: 'Groups', code: 'Code', seats: 'Seats', seatsOf: '{{seats}} / {{size}}', paidCount: '{{count}} paid', points: 'Points', opened: 'Opened', until: 'Until or ended', searchHint: 'Find by code', noGroups: 'No such group', noGroupsHint: 'Groups appear here once customers open them on the phone.', undeliverable: 'A member could not receive it; everything went back',
    seatsOfGroup: 'Seats of group {{code}}', paidAt: 'paid {{at}}', payBy: 'to be paid by {{at}}',
    none: 'No group buy yet', noneHint: 'Choose a voucher, how many buy it together, the price and the time. Once approved, customers open groups. Deposits, wealth, insurance and loans are never bought in groups.',
    states: { submitted: 'Waits for approval', live: 'Live', stopped: 'Stopped', refused: 'Not approved', open: 'Open', full: 'Full, to be paid', complete: 'Complete', expired: 'Not filled', refunded: 'All returned', reserved: 'To be paid', paid: 'Paid', delivered: 'Delivered', released: 'Not paid', refunding: 'Refunding' },
    stop: 'Stop group buy', stopHint: 'No more seats are taken and {{open}} open groups get points and cash back; complete groups keep what they got. It cannot be undone.', stopOne: 'Stop', stopOneTitle: 'Stop group {{code}}', stopOneHint: 'Points and cash of {{paid}} paid seats go back; the others are not asked to pay any more.', stopped: 'Stopped; refunds are under way',
    what: 'What is bought', whatHint: 'Vouchers only; deposits, wealth, insurance, loans and financial benefits are never bought in groups', howMuch: 'People, price and time', howMuchHint: 'One price for everybody; points, cash or both', stockHint: 'One for each seat', priceMissing: 'Ask for points, cash or both', proposed: 'Submitted; another person decides',
    fields: { size: 'People in a group', points: 'Points for a seat', cash: 'Cash for a seat', stock: 'Units', person_limit: 'Per person', hours: 'Hours to fill', pay_minutes: 'Minutes to pay', valid_days: 'Days the benefit is valid' },
  },
}
