export default {
  timeline: {
    title: 'Timeline', hint: 'all sources; a day\'s visits in one line', none: 'No events yet', noneHint: 'Once the app, the website or a bulk file sends events, what the customer did stands here in order.', noMatchHint: 'Try another group, channel or period.', more: 'Earlier', today: 'Today',
    filters: { all: 'All', money: 'Money', visits: 'Visits', benefits: 'Benefits', messages: 'Messages', service: 'Service', profile: 'Record' },
    channel: 'Channel', channels: { app: 'App', web: 'Website', qr: 'QR code', counter: 'Counter', phone: 'Phone', sms: 'SMS', online: 'Online', internal: 'Internal', import: 'Import', wechat: 'WeChat', card: 'Card' },
    period: 'Period', columns: { at: 'Time', title: 'What', about: 'About', group: 'Group', amount_fen: 'Amount (CNY)' },
    then: 'then {{temperature}}', thenHint: 'The temperature as last measured before', times: '{{count}} times, show', fold: 'Show less', brought: 'by import', words: { lobby: 'Lobby', quiet_hours: 'quiet hours', no_consent: 'no consent', suppressed: 'suppressed', capped: 'over the cap', savings: 'Savings account', current: 'Current account', term_deposit: 'Term deposit', credit_card: 'Credit card', loan: 'Loan', wealth: 'Wealth product', fund: 'Fund', insurance: 'Insurance', bond: 'Bond', metal: 'Precious metal', other: 'Other' },
    asOf: 'As of a day', asOfDay: 'How things stood at the end of {{day}}', day: 'Day', record: 'Record', cell: 'Cell', segments: 'Segments', differs: 'changed since', products: 'Accounts and products', tags: 'Tags', nothing: 'None that day', notYet: 'No record on that day', notYetHint: 'Choose a later day.',
  },
  next: { cooled: 'From {{was}} to {{stage}}: ask why', cooledHint: 'All dealings are fewer than usual', need: 'Looks at {{need}}', title: 'Next actions', hint: 'the coming {{days}} days', case: 'Open case', expires: 'Benefit about to expire', matures: 'Product about to mature', none: 'Nothing to follow up for now.' },
}
