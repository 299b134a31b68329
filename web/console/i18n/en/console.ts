/** The first page, lists and their views, files, keys, own password. */
export default {
  home: {
    trail: 'Latest in the trail', work: 'Background work', prepaidHint: 'nearest to its alarm first', todo: 'My to-dos', noTodo: 'Nothing to do', todoCount: '{{count}}', running: 'Running campaigns', runningCount: '{{count}}', noneRunning: 'No campaign is running', allCampaigns: 'All campaigns', all: 'All',
    recent: 'Changed lately', stockLeft: 'Stock left', redeemedOf: '{{redeemed}} / {{claimed}}', ownCustomers: 'Scope: your own customers', findCustomer: 'Find a customer', cooling: 'Beginning to cool', coolingNone: 'No new warnings', coolingHint: 'None of your customers begins to cool.', coolingAll: 'All warnings', wholeBank: 'Scope: the whole bank', units_one: 'Scope: {{count}} unit', units_other: 'Scope: {{count}} units', template: 'From a template',
    hello: { night: 'Good night, {{name}}', morning: 'Good morning, {{name}}', afternoon: 'Good afternoon, {{name}}', evening: 'Good evening, {{name}}' },
    figures: {
      portfolio: 'My customers', warningsNew: 'New warnings', warningsTaken: 'Taken warnings', casesOpen: 'Open cases', casesMine: 'Open, mine', casesClosed: 'Closed today', goodwill: 'Compensations for approval', running: 'Running campaigns', granted: 'Granted today', claimed: 'Claimed today', redeemed: 'Redeemed today', spent: 'Spent today', rate: '{{rate}} redeemed', mine: 'I redeemed today',
      staff: 'Staff in use', disabled: 'Disabled', notEnrolled: 'Never signed in', sessions: 'Live sessions', locked: 'Locked logins', entries: 'Entries today', reveals: 'Plaintext shown', exports: 'Exports', refused: 'Sign-ins refused', queued: 'Jobs waiting', working: 'Jobs running', failed: 'Jobs failed',
    },
    todos: {
      warnings_new: { tag: 'Warning', says: 'New early warnings of your customers' }, warnings_taken: { tag: 'Looking after', says: 'Warnings taken and not yet closed' }, approvals: { tag: 'Approval', says: 'Changes for you to decide' }, drafts: { tag: 'Draft', says: 'Your campaigns not submitted' }, returned: { tag: 'Returned', says: 'Campaigns returned to you' },
      cases: { tag: 'Case', says: 'Cases of yours that are open' }, failed_jobs: { tag: 'Job', says: 'Jobs that failed' }, supply_alarms: { tag: 'Supply', says: 'Alarms of prepayment, stock and answers' }, differences: { tag: 'Match', says: 'Differences to work' }, statements: { tag: 'Settlement', says: 'Statements to confirm' },
    },
    alarms: 'Alarms', alarmCount: '{{count}}',
    alarm: {
      play_odds: { tag: 'Odds', says: '"{{name}}" hardly comes out as its odds say; look into it' }, play_low: { tag: 'Prize', says: '"{{name}}" has {{share}} left' }, play_out: { tag: 'Prize', says: '"{{name}}" is gone' }, play_fallback: { tag: 'Fallback', says: '"{{name}}" gave something else in {{share}} of its latest draws' }, play_budget: { tag: 'Budget', says: '"{{name}}" has {{share}} left' },
      budget_fast: { tag: 'Budget', says: '"{{name}}" has spent {{share}}, ahead of its time' }, stock_low: { tag: 'Stock', says: '"{{name}}" has {{share}} of its stock left' }, stock_out: { tag: 'Stock', says: '"{{name}}" has no stock left' },
      feed_failed: { tag: 'Data', says: '"{{name}}": a day of this feed failed' }, refund_failed: { tag: 'Refund', says: 'Refunds that failed and wait to be sent again: {{name}}' }, feed_missing: { tag: 'Data', says: '"{{name}}": a day of this feed is missing' },
    },
    star: { title: 'North star · customers active with benefits', definition: 'redeemed a benefit within {{days}} days, each counted once', change: 'on {{days}} days ago', same: 'as {{days}} days ago', first: 'nothing redeemed {{days}} days ago', unit: 'last 12 weeks, customers', said: 'From {{first}} to {{last}} customers over 12 weeks' },
    waiting: 'For me to decide', noneWaiting: 'Nothing waits for you', noneWaitingHint: 'What others submit appears here; nobody decides their own changes.', makerOf: 'by {{name}}', due: 'by {{time}}',
    goTitle: 'Where to go', go: {
      messages: 'How messages fare, receipts, the gateway', supplyHealth: 'Whether suppliers answer, what is on its way', supplierOrders: 'Top-ups and gifts ordered', consignments: 'Files of goods to send, and their answers', prepayments: 'Money paid ahead', dayFiles: 'Day files beside orders and ledger', differences: 'What does not agree', events: 'What customers just did', eventsLatest: 'What customers just did', eventSources: 'Which systems report', eventSchemas: 'Events and their properties', eventQuarantine: 'What did not fit and was kept', eventLoads: 'Events brought in as files', feeds: 'Nightly files and how they were read', matches: 'Customers who may be one person', sealed: 'Bands of encrypted values', warnings: 'Customers who begin to cool, and what is at risk', temperature: 'How warm customers are, and who moved most', leads: 'Colleagues of good customers', cascades: 'Who brought whom', rings: 'Accounts that look like abuse',
      customers: 'Find a customer by number, phone or id document', segments: 'Choose customers by conditions; the count is live', imports: 'Bring a file of customers: tried first, then written', catalogue: 'Brands, items and SKUs; published terms are kept as versions', pools: 'Stock left and handed down', budgets: 'Money left and handed down', suppliers: 'Suppliers and their terms',
      campaigns: 'Progress, budget and redemption', statements: 'From redemptions, equal to the ledger', counter: 'Scan or type a redemption code', deskFind: 'Whatever number a customer reads out leads to their benefits', cases: 'What customers came with and what was done', compensations: 'What was given to make good, and who agreed', extensions: 'Benefits that got more days, once each', serviceOffers: 'What the desk may give to make up for a mistake', approvals: 'Changes with simulation and compliance checks', audit: 'Who did what, when', jobs: 'Background work and why it failed', units: 'The organisation', staff: 'People, roles and enrolment codes', bank: 'Sessions, approvals, quiet hours and more', myCodes: 'Your own code, and who came by it', lobby: 'Show your code, check visitors in, open plays for them', managers: 'Who looks after whom, handing over, files', customerSearch: 'Find a customer by number, phone or id document', outletGifts: 'On the shelf, on the way, running low', bookings: 'Who comes when, and what room is left', library: 'Find what every supplier offers', catalogueImports: 'Import, compare, price and take back', cardCodes: 'Batches and what is left', merchants: 'Where and when benefits are used',
    },
    guide: {
      title: 'The first hour', hint: 'from the first colleague to a first result; progress is read off the bank itself', progress: '{{done}} of {{total}}', next: 'Go', see: 'See', dismiss: 'Put away', dismissed: 'The guide is put away; Help at the top right brings it back', restore: 'Bring back the first hour', restored: 'The guide is back', finished: 'Every step is done: there is no guide to bring back', by: { staff: 'by the security administrator', import: 'by an operator', segment: 'by an operator', benefit: 'by a benefits buyer', budget: 'by a benefits buyer', campaign: 'by an operator', approval: 'by the consumer reviewer, then an approver', claim: 'by a customer, on the phone', redemption: 'by a teller, or a clerk of the store', effect: 'by an operator' }, isDone: 'done', isOpen: 'open',
      steps: {
        staff: { title: 'Bring people in', says: 'Open the branches, then add staff: an operator, a buyer, a consumer reviewer, an approver and a teller make a campaign whole; hand each their first code.' },
        import: { title: 'Import customers', says: 'Upload a CSV or Excel file: it is tried before it is written, and refused rows say why.' },
        segment: { title: 'Save a segment', says: 'Choose whom to reach by attributes and behaviour; the count moves while you type.' },
        benefit: { title: 'Publish a benefit', says: 'A supplier and a brand, then an item and its SKU with acceptance and cost; then publish.' },
        budget: { title: 'Set money aside', says: 'Open a budget and fund it; campaigns hold and spend from it.' },
        campaign: { title: 'Submit a campaign', says: 'Choose segment and benefit; reach, greatest cost and compliance are worked out.' },
        approval: { title: 'Have it approved', says: 'A second person ticks every field and approves; nobody approves their own.' },
        claim: { title: 'First claim', says: 'A customer opens the page and claims; its link is on the campaign.' },
        redemption: { title: 'First redemption', says: 'A teller scans the code or types it; ten minutes to undo.' },
        effect: { title: 'See a first effect', says: 'Give a campaign a metric and a control group; once it ends, the two groups show what it truly changed.' },
      },
    },
  },
  list: {
    comma: ', ', colon: ': ',
    views: 'Views', whole: 'Default view', mine: 'My views', shared: 'Shared with me', save: 'Save this list as a view', update: 'Update "{{name}}" with this list', rename: 'Rename or share', remove: 'Remove view', name: 'Name of the view', share: 'Share with my unit and below', shareHint: 'Others may use it; only you change it',
    columns: 'Columns', exportTitle: 'Export · {{name}}', format: 'Format', exportHint: 'The rows and columns shown here, at most 100,000 rows; masked like the list, watermarked, written to the audit log, kept for 7 days.', mark: 'Mark this row', markAll: 'Mark all on this page', marked_one: '{{count}} marked', marked_other: '{{count}} marked', unmark: 'Clear',
    bulkAsk_one: '{{action}} {{count}} row?', bulkAsk_other: '{{action}} {{count}} rows?', bulkDone_one: '{{count}} row done', bulkDone_other: '{{count}} rows done', bulkRefused: '{{done}} done, {{count}} not: {{why}}', bulkNone: 'The state of what is marked does not allow it',
  },
  shortcut: { tool: 'Help', title: 'Keyboard shortcuts', search: 'Search pages, campaigns, segments, benefits, customers', list: 'Search in the list', help: 'Show this sheet', close: 'Close a dialog or drawer', move: 'Move, choose, confirm', go: 'Go to {{name}}' },
  password: { title: 'Change password', current: 'Present password', changed: 'Changed; your sessions elsewhere have ended', hint: 'Your sessions on other devices end with the change.' },
}
