/** Words of accounts, holdings, transactions and identities. */
export default {
  held: {
    accounts: 'Accounts', accountsHint: 'Balances are hidden; showing one needs a reason and is logged', holdings: 'Products held', transactions: 'Transactions', transactionsHint: 'Latest first; amounts are hidden', noAccounts: 'No accounts', noHoldings: 'No products held', noneHint: 'Import accounts and holdings, or wait for the nightly file.', noTransactions: 'No transactions', noTransactionsHint: 'Once imported they stand here by date.',
    number: 'Account', kind: 'Kind', unit: 'Unit', own: 'The customer\'s own', opened: 'Opened', balance: 'Balance', product: 'Product', amount: 'Amount', started: 'Started', matures: 'Matures', on: 'Date', account: 'Account', what: 'What', counterparty: 'Counterparty', standing: 'State', days: '{{days}} d left', today: 'today', past: 'matured', hidden: 'amount hidden', deposit: 'Deposit', more: 'Earlier transactions',
    kinds: { current: 'Current account', savings: 'Savings account', term_deposit: 'Term deposit', credit_card: 'Credit card', loan: 'Loan', wealth: 'Wealth product', fund: 'Fund', insurance: 'Insurance', bond: 'Treasury bond', metal: 'Precious metal', other: 'Other' },
    standings: { open: 'Open', dormant: 'Dormant', frozen: 'Frozen', closed: 'Closed' }, sum: '{{accounts}} accounts, {{products}} products',
  },
  identity: {
    title: 'Identity and evidence', hint: 'What this customer is known by, and who said so', since: 'since {{day}}', events: 'Events', unknown: 'Source not noted', under: 'joined from #{{seq}}', kinds: { customer_no: 'Customer number', id_document: 'Id document', phone: 'Phone', app_user: 'App user', device: 'Device' },
    strengths: { strong: 'Strong', medium: 'Medium', weak: 'Weak' }, strengthHint: { strong: 'Names one person', medium: 'Names one person as a rule', weak: 'May be shared' },
    merge: 'Join customers', mergeHint: 'The other number\'s benefits, consents and events will stand on this page; the stricter consent holds. Another person decides, and it can be undone.', other: 'The other customer', otherHint: 'Whole customer number, phone or id document', notFound: 'No other customer was found', several: 'Several were found; use the customer number', reason: 'Reason', reasonHint: 'Do not write the customer\'s name', reasonNeeded: 'Give a reason of at least 2 characters', ask: 'Ask for a check', asked: 'Handed over: another person decides', found: 'To be joined: {{name}}, number {{no}}',
    part: 'Part', partHint: 'The two become customers of their own again; refusals that the joining brought are taken back.', joined: 'Customers joined to this one', leadsTo: 'This customer was joined to #{{seq}}', waiting: 'A joining or parting waits for its check', open: 'Open',
    matches: 'Possible duplicates', matchesHint: 'A person decides: join them, or say they are two', apart: 'Two people', apartDone: 'This pair is suggested no more', join: 'Join', first: 'Kept', second: 'Joined to it', why: 'Because', none: 'No possible duplicates', noneHint: 'After an import, documents and phones are compared.',
  },
  sealed: {
    title: 'Sealed values', hint: 'Balances and their like lie encrypted under each customer\'s own key; rules see only the band a value lies in', name: 'Attribute', type: 'Type', bands: 'Edges', noBands: 'None yet', state: 'State', declare: 'Declare bands', change: 'Change bands', waiting: 'Waits for its check', usable: 'Rules see the band', closed: 'Closed to rules',
    types: { text: 'Text', integer: 'Whole number', decimal: 'Amount', date: 'Date', boolean: 'Yes or no' }, none: 'No sealed values', noneHint: 'Once a file brings an attribute of class C2 it stands here.', requests: 'Asked for', by: 'Asked by',
    ask: 'Bands of {{name}}', askHint: 'A rule can ask at these edges and nowhere else. Few are better than many: who knows the edges learns the band. Another person decides; values are then sealed again, and nobody\'s value changes.', edges: 'Edges', edgesHint: 'Numbers, at most 20, as 10000, 50000, 200000; Enter after each', edgesDate: 'Dates, at most 20, as 2026-03-31; Enter after each', lead: 'Declare bands of "{{name}}"',
  },
}
