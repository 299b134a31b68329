/** Words of relations: who is around a customer, leads, invitations, rings of abuse, identity rules. */
export default {
  around: {
    title: 'Relations', hint: 'two steps far', none: 'No relation is known yet', noneHint: 'Referrals, payrolls and families come with files or events.',
    picture: 'Picture of relations: {{count}} around, move with the arrow keys', list: 'As a list: {{count}} relations', elsewhere: 'Customer of another unit', sharedBy: 'shared by {{count}}', ties: 'ties: {{count}} ({{kinds}})', more: 'Only the strongest are shown',
    kinds: { referral: 'Referral', payroll: 'Payroll', household: 'Household', transfer: 'Transfer', device: 'Device' },
    hubs: { payroll: 'Employer', device: 'Shared device', transfer: 'Account elsewhere', referral: 'Referral', household: 'Household' },
    purposes: { fraud: 'For: fraud', marketing: 'For: customer care' },
    purposeHint: { fraud: 'Risk officers see every relation to stop abuse, never for marketing', marketing: 'Care sees referrals and payrolls; the rest needs the consent of both' },
    closed: '{{kinds}}: for fraud only', closedHint: 'Transfers, households and devices serve the search for fraud; anything else needs the consent of both customers',
  },
  leads: {
    ownMeta: 'Your customers, paid by the same employers as your warm customers, open to marketing', ownNoneHint: 'Where an employer pays at least 3 of your warm or hot customers, their colleagues among your customers stand here.',
    meta: 'Paid by the same employers as good customers, open to marketing, left out nowhere', search: 'Employer', good: 'Choose a segment of good customers', goodIs: 'Good: {{name}}', noSegments: 'No segment yet', sort: 'Order', sorts: { good: 'Most good colleagues', share: 'Largest share', employer: 'By employer' },
    who: 'Customer', employer: 'Employer', why: 'Reason', because: '{{good}} of {{staff}} colleagues are good customers', share: 'Share', goodCount: 'Good', staffCount: 'Colleagues', unit: 'Unit', none: 'No leads', noneHint: 'Choose a segment of good customers. Where an employer pays at least 3 of them, their colleagues stand here.',
  },
  cascade: {
    meta: 'Whose invitations brought most', who: 'Inviter', size: 'Brought', direct: 'Invited directly', depth: 'Generations', generations: '{{count}}', none: 'No referrals yet', noneHint: 'They are summed up every night once referrals are imported.',
    readAt: 'read {{at}}', unread: 'Relations are read once a night, and have not been read yet.', invited: 'Customers who were invited', byInviters: 'by {{count}} inviters, {{depth}} generations deep', edges: 'Relations', groups: 'Groups who share devices', groupOf: '{{size}} people: {{count}}',
    of: 'Whom {{name}} brought', ofMeta: 'As of now; the first inviter counts', customer: 'Customer', nobody: 'Nobody came of it', byGeneration: 'By generation', generation: 'Generation {{count}}', tree: 'Tree', more: 'the first 2,000 people', brought: 'invited {{count}}',
  },
  rings: {
    meta: 'Accounts that share devices and do hardly anything but take benefits; people judge', score: 'Suspicion', scoreHint: '0 to 100, higher is surer', members: 'Members', reasons: 'Evidence', state: 'Verdict', found: 'Found', note: 'Reason',
    accounts: '{{shown}} accounts', organiser: 'inviter', none: 'No suspicious rings', noneHint: 'Relations are read every night; what looks like a ring is listed here.',
    states: { new: 'To judge', ring: 'Ring', innocent: 'Innocent' },
    verbs: { new: 'Judge again', ring: 'Call it a ring', innocent: 'Innocent' },
    asks: { new: 'Judge these {{count}} accounts again?', ring: 'Call these {{count}} accounts a ring?', innocent: 'Call these {{count}} accounts innocent?' },
    consequences: { new: 'It waits for a verdict again; what was said stays on record.', ring: 'Its members join the risk list, which serves risk control and is closed to marketing. You can change this later.', innocent: 'It is not shown again unless its members change markedly.' },
    judged: 'The verdict is recorded', list: 'List of members', refresh: 'Read again', refreshing: 'Being read in the background; reload in a while', ring: 'Ring', judgedBy: 'Judged by',
    one: '{{count}} accounts', detail: 'Ring', foundAt: 'found {{at}}', forRisk: 'For risk control only: never for marketing, and never told to the members themselves.',
    devices: 'Devices', quiet: 'Only takes', burst: 'Came within a week', invitedShare: 'Invited each other', sharedDevices: 'Shared devices', noDevices: 'No shared device', deviceOf: '{{count}} members', invitations: 'Invited by', byOthers: 'People outside the ring', invitedCount: 'invited {{count}}', history: 'Verdicts', noHistory: 'Nobody has judged it yet.',
  },
  rules: {
    title: 'Identity rules', meta: 'What makes two customers one; one person asks, another approves', change: 'Change rules', waiting: 'A change waits for its approval.', inForce: 'Rules in force', orderHint: 'from the top, the first that fits counts', same: 'Same {{fields}}',
    certainties: { joins: 'Joined at once', proposes: 'A person decides', never: 'Never joined' }, fields: { id_document: 'id document', phone: 'phone', name: 'name', device: 'device' },
    pairs: '{{shown}} pairs', guard: 'A phone or device that more than {{count}} customers share joins nobody, and the evidence says so.', heldBack: 'It keeps {{shown}} customers out of phone matching now.', never: 'A referral says nothing of who somebody is. Customers with different documents are never joined for anything else they share.',
    edit: 'Change rules', rule: 'Rule {{count}}', label: 'Name', fieldsOf: 'Fields that are the same', certainty: 'What comes of it', up: 'Move up', down: 'Move down', remove: 'Remove', add: 'Add a rule', sharedMax: 'Most customers who may share a phone or device', try: 'Try', tryFirst: 'Try it first', askHint: 'They hold as soon as they are approved.', joinsHint: 'Some join at once: every night whoever fits is joined. Each joining can be parted again.',
    requests: 'Changes', askedAt: 'Asked', askedBy: 'By', count: 'Rules',
    sameOf: '{{field}}: same', differOf: '{{field}}: different', tooMany: 'Shared by {{count}}: no evidence',
  },
}
