/** Referral */
export default {
  referral: {
    meta: 'Rewards what the invitee really does, never the sharing', new: 'New referral programme', newMeta: 'Another person approves it; once live it can be paused or stopped, not changed',
    name: 'Name', days: '{{opens}} – {{closes}}', by: 'asked for by {{who}}', waits: 'Waits for another person\'s approval.', look: 'Look at it',
    none: 'No referral programmes yet', noneHint: 'Say what the invitee does and what both get; once approved, customers can invite.',
    states: { submitted: 'For approval', live: 'Live', paused: 'Paused', stopped: 'Stopped', refused: 'Not approved', bound: 'Accepted', qualified: 'On hold', rewarded: 'Rewarded', lapsed: 'Lapsed', blocked: 'Blocked', clawed_back: 'Taken back' },
    inviters: 'Inviters', inviter: 'Inviter', invitee: 'Invitee', accepted: 'Accepted', qualified: 'Did the act', rewarded: 'Rewarded', blocked: 'Blocked', people: 'people',
    cost: 'Cost', value: 'Brought in', valueHint: 'What invitees\' transactions came to in their days', perHead: '{{amount}} for each success', ofAccepted: '{{share}} of the accepted',
    funnel: 'From accepted to rewarded', aside: 'under way {{under}} · on hold {{held}} · lapsed {{lapsed}} · blocked {{blocked}} · taken back {{back}}',
    gives: 'What both get', givesHint: 'Vouchers, points and the like; for one side at least', step: 'With {{count}} invitees', left: '{{left}} of {{stock}} left',
    act: 'The invitee must', actDays: 'Days for it', holdDays: 'Days held', freshDays: 'Newcomer', dayCount: '{{count}} days', freshValue: 'not done in the {{count}} days before', freshNone: 'anybody', freshHint: 'Whoever did it within so many days is no newcomer; 0 asks nothing',
    limits: 'Limits', limitsValue: '{{person}} for each inviter; from number {{day}} within 24 hours they wait',
    tree: 'Who invited whom', treeHint: 'Open a line for the next generation; names are masked', treeMore: 'The earliest 2,000 invitations', noTree: 'Nobody has accepted yet', first: 'First', all: 'Show all {{count}}', brought: 'invited {{count}}, rewarded {{rewarded}}', costAndValue: 'cost {{cost}} · brought in {{value}}', staffMember: 'Staff {{name}}',
    bonds: 'Invitations', why: 'Delayed, blocked or lapsed for: {{why}}', reason: 'Reason', boundAt: 'Accepted', dueAt: 'Expected', inApproval: 'In approval', noBonds: 'No such invitations', noBondsHint: 'They appear here once somebody accepts.',
    reasons: { suppressed: 'on a suppression list', ring: 'in a known ring', crowded_device: 'device of many customers', shared_device: 'one device for both', velocity: 'many in a short time', burst: 'too many in a short time', same_person: 'one natural person', not_new: 'had done it before', too_late: 'not done in time', undone: 'was undone', nothing_given: 'nothing could be given' },
    verbs: { release: 'Release', claw_back: 'Take back' }, verbHints: { release: 'Both sides get their benefits by the rules. Another person approves.', claw_back: 'Takes back unused benefits and points of both sides; a used voucher stays. Another person approves.' }, heldFor: 'Blocked for: {{why}}.', asked: 'Sent; another person decides', story: 'What happened',
    moves: { pause: 'Pause', resume: 'Resume', stop: 'Stop' }, moveHints: { pause: 'Nothing is accepted or given meanwhile; what was accepted is kept.', resume: 'Accepting and giving go on.', stop: 'Nothing more is accepted, for good; what was accepted is honoured.' },
    attribution: 'By unit and staff', attributionHint: 'Units with all below them; staff by their own codes, the rest are customers of the unit', whose: 'Whose', itsCustomers: 'Its customers', elsewhere: 'Other units (together)',
    kind: 'Form', kinds: { invite: 'Referral', help: 'Help from friends' }, kindHints: { invite: 'Both get a benefit for each friend who does it', help: 'Who asks gets a benefit once enough friends have done it; each friend may get one for doing it' }, helpHours: 'Hours to gather help', helpValue: 'Within {{hours}} hours of asking', helper: 'Helper', helperGets: 'A helper gets',
    ownCode: 'My code', ownCodeHint: 'What comes of this link counts for you and your unit; staff get nothing themselves.',
    what: 'What the invitee does', whatHint: 'Never a share; no deposit, wealth product, fund or insurance', window: 'From and until', event: 'What must be done', times: 'At least how often', actLabel: 'As the page says it', actLabelHint: 'such as: make a first payment', actLabelEn: 'As the page says it (English)', personLimit: 'Most an inviter gets', dayLimit: 'Invitations in 24 hours', dayLimitHint: 'More than that wait; more than twice are blocked',
    nothing: 'Nothing', stock: 'Units', validDays: 'Good for days', inviterGets: 'Inviter gets', inviteeGets: 'Invitee gets', rungAt: 'At so many', rungGets: 'Gets besides', addRung: 'Add a step',
    words: 'Words on the page', title: 'Title', titleEn: 'Title (English)', rules: 'Rules', rulesEn: 'Rules (English)', proposed: 'Sent; another person decides',
  },
  myCodes: {
    title: 'My invitations', none: 'No programme to invite by', noneHint: 'Programmes your unit takes part in appear here while they run.', open: 'Get my code', copy: 'Copy link', copied: 'Link copied', save: 'Save poster', poster: 'Poster of {{name}} with your QR code', enlarge: 'Show the poster large', who: 'Who came', whoCame: '{{name}}: who came', notYours: 'A customer you do not look after', nobody: 'Nobody has come yet', nobodyHint: 'Show the poster or send the link.',
  },
}
