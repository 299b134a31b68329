export default {
  kits: {
    meta: 'Segments, benefits, campaign, play, messages and metrics in one go; every part still goes to its own approval by two people.',
    setUps: 'Kits set up', setUpsMeta: 'What each kit is made of, how far it is, what it may spend', times_one: 'Set up {{shown}} time', times_other: 'Set up {{shown}} times', begin: 'Set up', choose: 'Choose a kit',
    rewarded: 'For what', measured: 'Measured by', needsBasis: 'Basis to confirm', missing: 'Missing facts of customers: {{facts}}.', toImport: 'Import them',
    parts: { segment: 'Segment', bundle: 'Bundle', service: 'Visit to book', campaign: 'Campaign', play: 'Play' },
    states: { selection: 'Selection', condition: 'Condition to claim', archived: 'Archived', published: 'Published', draft: 'Draft', retired: 'Retired' },
    stages: { draft: 'Draft', submitted: 'In approval', running: 'Running', ended: 'Ended' },
    search: 'Find by name', none: 'No kit was set up yet', noneHint: 'Begin with one of the kits.', unknown: 'There is no such kit', unknownHint: 'Go back to the gallery and choose another.',
    name: 'Name', window: 'From – to', by: 'Set up by', whom: 'For whom', control: 'Control group', controlHint: 'Share of customers who get nothing and are compared with',
    basisConfirmed: 'I have read the registered basis; nothing here depends on deposits, assets or purchases', basisMissing: 'Read and confirm the basis first',
    benefits: 'Benefits', benefitsHint: '{{count}} at least, out of stock at hand', benefit: 'Benefit and pool', stock: 'Units', left: '{{left}} left', noPool: 'No pool has anything left', addBenefit: 'Add another',
    money: 'Cost', budget: 'Paid from', budgetMost: 'Spends at most', yuan: 'CNY', setUp: 'Make the drafts', made: 'Drafts are made; look them over, then send them to approval',
    preview: 'Reach and cost', previewEmpty: 'Choose benefits, budget and dates: reach and the highest cost appear here.', customers_one: '{{shown}} customer', customers_other: '{{shown}} customers', most: 'Cost when all is given', ready: 'Ready to be drafted',
    gaps: {
      name: 'A name has 1 to 30 signs', facts_missing: 'Missing facts of customers: {{facts}}', window: 'It begins before it ends', past: 'The last day is over already', too_few: 'Choose {{least}} benefits at least', twice: 'A benefit is chosen once',
      visit_missing: 'Say at which branches and when', visit_units: 'A branch is outside your units', visit_times: 'Times, minutes or room cannot be', visit_none: 'Nothing is booked in this kit', basis: 'Read and confirm the registered basis', threshold: 'The threshold is out of range', benefit_unknown: 'The benefit is not published', pool_unknown: 'The pool is not of this benefit, or not within your units', stock: 'The pool has {{available}} left',
      budget_unknown: 'Choose a budget of your units', budget_short: 'The budget has {{left}} left', budget_small: 'Giving all of it costs {{most}}, more than it may spend',
    },
    visit: 'Visits to book', visitHint: 'Customers choose branch and time, check in by code, and are received', visitUnits: 'Branches', visitDays: 'Weekdays', visitTimes: 'Begins at', visitMinutes: 'Minutes', visitCapacity: 'Customers at a time',
    madeOf: 'Made of', madeOfHint: 'Each with its own approval and figures', terms: 'Set up with', granted: 'granted of {{reached}} reached ({{share}})', draws_one: 'draws by {{shown}} customer', draws_other: 'draws by {{shown}} customers', look: 'Approval',
    submit: 'Send all to approval', sent: 'All parts were sent', stop: 'Stop everything', stopHint: 'Campaigns and plays that run stop at once; money and stock nobody took go back. What was claimed stays good.', remove: 'Take the drafts back', removeHint: 'Drafts of campaigns and plays are deleted, segments and bundle are archived. The trail keeps them.',
  },
}
