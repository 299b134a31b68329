/** The service desk: finding, explaining, doing, cases, goodwill. */
export default {
  desk: {
    title: 'Service desk', recorded: 'Every look-up is on record, with its purpose', ask: 'What does the customer read out to you?', hint: 'Customer no., phone, order no., code, message no. or case no.', kindsHint: 'One field for everything; scan or type a redemption code as it stands. Press Enter.',
    purpose: 'Purpose', purposes: { call: 'Customer calls', counter: 'At the counter', complaint: 'Complaint', order: 'Checking an order' }, find: 'Find a customer',
    nobody: 'Nobody found', tried: 'Looked for: {{kinds}}.', mend: 'Check the number digit by digit, or ask for another; customers of other units do not show here.', several: '{{count}} customers fit: check with the customer',
    kinds: { customer: 'customer, phone or id number', order: 'order number', grant: 'benefit number', code: 'redemption code (good for a minute)', message: 'message number', case: 'case number' },
    mine: 'My open cases', allCases: 'All cases', noneMine: 'No case of yours is open', noneMineHint: 'When you do something for a customer, its case appears here until it is closed.',
    case: 'Case', cases: 'Cases', number: 'Case no.', kind: 'Kind', caseTitle: 'In one line', way: 'Contact', body: 'What was said', changed: 'Last change', notes: 'Contacts', by: 'By', open: 'Open case', newCase: 'Open a case', addNote: 'Note a contact', noNotes: 'Nothing noted yet', forgotten: 'Forgotten with its customer', noCases: 'No case so far', noneYet: 'No cases yet', noneYetHint: 'Find a customer and open a case; what you do for them is kept in it.',
    caseSearch: 'Case no., words, customer no. or phone', whose: 'Whose', myUnits: 'My units', onlyMine: 'Only mine',
    caseKinds: { question: 'Question', not_received: 'Not received', not_redeemable: 'Could not be used', order_failed: 'Order failed', complaint: 'Complaint', other: 'Other' },
    ways: { phone: 'Phone', counter: 'Counter', online: 'Online', internal: 'Among colleagues' }, noNumbers: 'Leave phone, id and card numbers out: the case knows its customer.',
    close: 'Close case', reopen: 'Open again', outcome: 'How did it end?', reopenWhy: 'Why again?', ended: 'Closed {{time}}: {{outcome}}',
    benefits: 'Benefits', noBenefits: 'No benefits yet', noBenefitsHint: 'If the customer expected one, look at why a campaign did not reach them.', customerPage: 'Customer page', toBenefits: 'See benefits', seeBenefit: 'See the benefit',
    why: 'Why not?', whichCampaign: 'Which campaign does the customer ask about?', whichCampaignHint: 'You see condition by condition what holds and what does not, and what to say.', conditions: 'Conditions', rule: 'The audience’s rule today', ruleHint: 'may have changed since the audience was chosen', now: 'now {{value}}',
    story: 'What happened', aloud: 'Read aloud', order: 'Order', supplier: 'Supplier', recipient: 'Recipient', reason: 'Reason', done: 'What was done', colon: ': ',
    acts: { link: 'Send the link', message: 'Send the message again', query_order: 'Ask the supplier now', cancel_order: 'Cancel the order', deliver_again: 'Deliver again', extend: 'Extend', compensate: 'Compensate' },
    actHints: {
      link: 'The customer gets a short message with a link to this benefit, at once; three a day at most.', message: 'The campaign’s message goes out once more, at once; three a day at most.', query_order: 'The supplier is asked at once instead of at its turn. Nothing is ordered twice.',
      cancel_order: 'The order has not gone out: it is cancelled, money and stock go back.', deliver_again: 'The first order definitely failed: the benefit is claimed again and goes to the same place.', extend: 'Another person decides. A benefit is extended once.', compensate: 'Another person decides and sees this case. Limits count the case, the person and the day.',
    },
    actDone: 'Done', asked: 'Asked for; it waits for another person', days: 'Days more', goodwill: 'Goodwill benefit', goodwillLine: '{{name}} · {{cost}} · {{left}} left', noGoodwill: 'There is none yet: ask the benefits buyer', compensations: 'Compensation', takeBack: 'Take back', takeBackHint: 'Only what was not used is taken back; money and stock return.', extendedTo: 'Extended to {{time}}',
    offer: { title: 'Goodwill benefits', hint: 'What the desk may give, with money and stock of its own', name: 'Name', benefit: 'Benefit', cost: 'Cost of one', left: 'Left', money: 'Money left', closes: 'Last day', stock: 'Units', budget: 'Money (CNY)', payer: 'Paid by', days: 'Good for days', add: 'New goodwill benefit', addHint: 'Another person approves it; then the desk may ask to give it.', stop: 'End', stopHint: 'What nobody got goes back; what was given stays.', none: 'No goodwill benefits yet', noneHint: 'Put some aside so that the desk can make up for what went wrong.' },
  },
}
