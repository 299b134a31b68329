/** Benefits, suppliers, stock, budgets, settlement, counter. */
export default {
  benefit: {
    hint: 'Brand → item → SKU; published terms are kept as versions and never change', tabs: { skus: 'SKUs', items: 'Items', brands: 'Brands' }, add: { skus: 'New SKU', items: 'New item', brands: 'New brand' }, searchSku: 'SKU name or code', searchItem: 'Item name or code', searchBrand: 'Brand name or code',
    none: 'No SKUs yet', noItems: 'No items yet', noBrands: 'No brands yet', noneHint: 'A brand first, then an item, then a SKU to publish.', item: 'Item', brand: 'Brand', category: 'Category', categories: { dining: 'Dining', travel: 'Travel', topup: 'Top-up', retail: 'Retail', entertainment: 'Entertainment', finance: 'Finance', other: 'Other' }, editBrand: 'Edit brand', editItem: 'Edit item', name: 'Name', nameEn: 'English name', retireHint: 'Nothing new can be made below it; what exists stays.',
  },
  sku: {
    name: 'Benefit', code: 'Code', kind: 'Kind', kinds: { voucher: 'Voucher', points: 'Points' }, face: 'Face value', cost: 'Cost', faceYuan: 'Face value (CNY)', costYuan: 'Cost (CNY)', points: 'Points', validity: 'Validity', validities: { days: 'Days after claim', until: 'Fixed day' }, until: 'Good until', tax: 'Tax', taxes: { discount_coupon: 'Discount coupon, none', purchase_gift: 'Gift with purchase, none', spending_points: 'Points for spending, none', occasional_income: 'Occasional income, 20%' },
    supplier: 'Supplier', newDraft: 'new draft', publish: 'Publish', retire: 'Retire', retireTitle: 'Retire “{{name}}”?', retireHint: 'It cannot be used in new campaigns; running ones go on.', edit: 'Edit SKU', saveDraft: 'Save draft', regions: 'Regions', regionsHint: 'Codes of 6 digits; empty means everywhere', acceptance: 'Where it may be used', acceptanceHint: 'Needed to publish (L4)', acceptanceEn: 'The same in English',
  },
  supplier: { add: 'New supplier', edit: 'Edit supplier', search: 'Supplier name or code', name: 'Supplier', taxNo: 'Tax no.', days: 'Payment term', contact: 'Contact', contactName: 'Contact name', contactPhone: 'Contact phone', none: 'No suppliers yet', noneHint: 'Vouchers need a supplier, who is owed once they are redeemed.', retireHint: 'It cannot be used in new SKUs; what is owed is settled as before.' },
  pool: {
    hint: 'available + held + redeemed + allocated = total', open: 'New pool', openBelow: 'Below', name: 'Pool', burn: 'Burn', available: 'Available', reserved: 'Held', used: 'Redeemed', allocated: 'Allocated', total: 'Total', none: 'No pools yet', noneHint: 'A pool holds units of one SKU and can pass them down to units.', quantity: 'Units', fromParent: '{{shown}} available', left: '{{shown}} left', to: 'To', moves: { add_stock: 'Add', allocate: 'Allocate', give_back: 'Give back' },
  },
  budget: {
    hint: 'available + held + spent = limit, to the fen', open: 'New budget', openBelow: 'Below', name: 'Budget', available: 'Available (CNY)', reserved: 'Held (CNY)', committed: 'Spent (CNY)', limit: 'Limit (CNY)', limitAll: 'Limit', committedAll: 'Spent', reservedAll: 'Held', availableAll: 'Available', none: 'No budgets yet', noneHint: 'A head-office budget first, then shares for branches and campaigns.', amount: 'Amount', fromParent: '{{amount}} available', left: '{{amount}} left', moves: { fund: 'Fund', allocate: 'Allocate', give_back: 'Give back' },
  },
  statement: {
    make: 'Make a statement', search: 'Number or supplier', number: 'Number', period: 'Period', periodHint: 'Both days included, Beijing time; what is settled already is skipped', quantity: 'Units', amount: 'Owed', amountYuan: 'Amount (CNY)', by: 'Made by', none: 'No statements yet', noneHint: 'Choose supplier and period: made from what was redeemed, equal to the ledger to the fen.', today: 'Today', thisMonth: 'This month', lastMonth: 'Last month', confirmedBy: 'Confirmed by', covers: 'Covers', reversedFor: 'Reversed {{time}}: {{reason}}', ledger: 'Ledger', equal: 'equal', differs: 'differs',
    lines: 'Lines', linesHint_one: '{{count}} line', linesHint_other: '{{count}} lines', redeemed: 'Redeemed', undone: 'Undone', unitCost: 'Unit cost (CNY)', confirm: 'Confirm', confirmTitle: 'Confirm that {{amount}} is owed?', confirmHint: 'It becomes the basis of payment; its maker cannot confirm it (D5).', reverse: 'Reverse', reverseHint: 'The period can then be stated anew.', files: { xlsx: 'Excel file', csv: 'CSV file' },
  },
  counter: {
    hint: 'Scan or type a code, Enter looks it up, Enter again redeems', scan: 'Redeem', code: 'Redemption code', placeholder: 'Scan the QR code or type', look: 'Look up', ready: 'Ready to scan', readyHint: 'The field is always ready for a scanner', refused: 'Not redeemed', done: 'Redeemed', customer: 'Customer', benefit: 'Benefit', until: 'good until {{time}}', notRedeemable: 'It is “{{state}}” and cannot be redeemed.', redeem: 'Redeem',
    today: 'Redeemed today', sum_one: '{{count}}, face value {{amount}}', sum_other: '{{count}}, face value {{amount}}', whose: 'Whose', who: { mine: 'Mine', unit: 'My units' }, noneToday: 'Nothing redeemed today', undone: 'Undone', undo: 'Undo', undoHint: 'Until {{time}}; the customer can then use it again.',
  },
}
