export default {
  tax: {
    meta: 'Random prizes are occasional income: tax is withheld, taken back with the prize, and corrected in later months once a month is closed.',
    none: 'Nothing was withheld yet', noneHint: 'Prizes with tax appear here by month as customers receive them.', months: 'Months', listed: 'Records', search: 'Find by customer number', noRecords: 'No record in this month', noRecordsHint: 'Try another month or number.',
    people: 'Persons', records_one: '{{shown}} record', records_other: '{{shown}} records', value: 'Value', base: 'Base', baseHint: 'Grossed up where the bank bears the tax', tax: 'Tax withheld', rate: 'Rate', customer: 'Customer', prize: 'Prize', bearer: 'Borne by', earned: 'Received', corrects: 'Corrects {{month}}',
    bearers: { bank: 'Bank', customer: 'Customer' }, sources: { play: 'Play', campaign: 'Campaign', referral: 'Referral', mall: 'Mall', tier: 'Tier', group_buy: 'Group buy' },
    openHint: 'The month is over and can be closed.', runsHint: 'The month is not over.', waits: 'The request to close it waits for somebody else.', look: 'Approval', closed: 'Closed {{at}}.', close: 'Close the month', closeOf: 'Close {{month}}', ask: 'Ask for approval', closeHint: 'Asked for with the totals it has now; somebody else agrees on the same. What comes later goes to the months after.', file: 'Download the filing', remit: 'Enter the payment', remitOf: 'Payment of {{month}}', remitHint: '{{amount}} are paid, as the ledger owes; somebody else agrees, and nothing is payable for the month then.', paidOn: 'Paid on', reference: 'Number of the tax payment', remitting: 'The payment waits for somebody else.', remitted: '{{amount}} paid on {{on}}, number {{reference}}.',
  },
}
