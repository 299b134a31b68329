export default {
  shell: {
    menu: 'Menu', crumbs: 'You are here', skip: 'Skip to content', search: 'Pages, campaigns, customers…', results: 'Results', nothing: 'Nothing found. For a customer, type the whole customer number.',
    pages: 'Pages', asOf: 'Data as of {{time}}', offline: 'Offline; data of {{time}}', jobs: 'Jobs, {{count}} running', todos: 'To-dos, {{count}}', me: 'Account', brand: 'Home',
    light: 'Light', dark: 'Dark', signOut: 'Sign out',
    kinds: { campaign: 'Campaigns', segment: 'Segments', item: 'Benefits', customer: 'Customers' },
  },
  menu: {
    plays: 'Plays', visits: 'Booked visits', lobby: 'Lobby',
    mall: 'Mall', loyalty: 'Points and tiers', pointTypes: 'Point types', earnRules: 'Earn rules', pointsExchange: 'Exchange', pointsReport: 'Points report', tiers: 'Tiers',
    exclusions: 'Exclusions', home: 'Home', customers: 'Customers', customerSearch: 'Search', managers: 'Managers', matches: 'Duplicates', tags: 'Tags', segments: 'Segments', grid: 'Grid', models: 'Models', temperature: 'Temperature', warnings: 'Warnings', myCodes: 'My invitations', leads: 'Leads', cascades: 'Referral chains', rings: 'Rings', sealed: 'Sealed values', events: 'Events', eventsLatest: 'Latest', eventSources: 'Sources', eventSchemas: 'Names', eventQuarantine: 'Quarantine', eventLoads: 'Files', imports: 'Import', feeds: 'Nightly feeds', importDatabases: 'Databases', benefits: 'Benefits', catalogue: 'Library', pools: 'Pools', library: 'Sourcing', catalogueImports: 'Catalogues', cardCodes: 'Card codes', merchants: 'Merchants', outletGifts: 'Outlet gifts', bookings: 'Bookings', budgets: 'Budgets',
    ownStatements: 'Sales and statements', payments: 'Payments', suppliers: 'Suppliers', campaigns: 'Campaigns', referral: 'Referral', groupBuys: 'Group buys', kits: 'Kits', messages: 'Messages', settle: 'Settlement', supplyHealth: 'Supplier health', supplierOrders: 'Orders', consignments: 'Consignments', prepayments: 'Prepayments', dayFiles: 'Day files', differences: 'Differences', statements: 'Statements', invoices: 'Input invoices', tax: 'Tax on prizes', counter: 'Counter', store: 'Store redemption', desk: 'Service desk', deskFind: 'Find', cases: 'Cases', compensations: 'Compensations', extensions: 'Extensions', serviceOffers: 'Goodwill benefits', approvals: 'Approvals', audit: 'Audit', auditTrail: 'Audit trail', priceSpread: 'Price spread', jobs: 'Jobs', settings: 'Settings',
    units: 'Units', staff: 'Staff', bank: 'Bank settings',
  },
  role: {
    operator: 'Head-office operator', branch_operator: 'Branch operator', buyer: 'Benefits buyer', approver: 'Approver', consumer_reviewer: 'Consumer-protection reviewer', teller: 'Teller', service_desk: 'Service desk', merchant_clerk: 'Merchant clerk', analyst: 'Data analyst', risk_officer: 'Risk officer', rm: 'Relationship manager',
    system_admin: 'System administrator', security_admin: 'Security administrator', auditor: 'Auditor',
  },
  signIn: {
    motto: 'Win customers, keep them active', bank: 'Bank code', login: 'Login', password: 'Password', code: 'One-time code', codeHint: 'Six digits from your authenticator; each works once', codeNeeded: 'Enter six digits',
    submit: 'Sign in', ended: 'Your session has ended', endedHint: 'The page and what you typed are still here. Sign in again to carry on.', title: 'Sign in',
  },
  action: {
    retry: 'Retry', cancel: 'Cancel', save: 'Save', all: 'All', back: 'Back', create: 'New', edit: 'Edit', remove: 'Remove', confirm: 'OK', export: 'Export', download: 'Download', close: 'Close',
    add: 'Add', open: 'Open', copy: 'Copy', copied: 'Copied', submit: 'Submit', refresh: 'Refresh', done: 'Done', more: 'More', reset: 'Reset',
  },
  state: {
    broken: 'The data cannot be read right now', toHome: 'To the first page', missing: 'There is no such page or object', missingHint: 'The address may be wrong, or the object lies outside your scope.', denied: 'You may not see this',
    deniedHint: 'Your role does not include this permission; ask the security administrator.', loading: 'Loading', number: 'Number {{id}}', saved: 'Saved',
  },
  table: {
    all: 'All', actions: 'Actions', noMatch: 'Nothing matches', noMatchHint: 'Try other filters, or clear them.', clear: 'Clear filters', total: '{{shown}} in all', previous: 'Previous', next: 'Next',
  },
  form: { needed: '{{name}} is needed', choose: 'Choose', optional: 'optional', autosaved: 'Saved here at {{time}}', draftFound: 'Your unsent draft of {{time}} is back', dropDraft: 'Discard draft', amount: 'Enter an amount with at most two decimals', unsaved: 'Not saved' },
  masked: {
    open: 'Reveal {{label}}', title: 'Reveal {{label}}', reason: 'Reason', reasonNeeded: 'Choose a reason', more: 'Explain', moreNeeded: 'Say why, in at least 4 characters', note: 'Shows this one field for 60 seconds and is written to the audit log',
    proof: 'The bank asks for a fresh code before personal data is shown', show: 'Show for 60 s', left: 'hidden in {{seconds}} s',
    reasons: { callback: 'Returning a missed call', verify: 'Checking identity at the counter', complaint: 'Handling a complaint', correct: 'Correcting customer data', other: 'Other' },
  },
  diff: { label: 'What changes', field: 'Field', before: 'Before', after: 'After', value: 'Value', checked: 'Checked', tick: 'Checked: {{field}}', count_one: '{{count}} field', count_other: '{{count}} fields' },
  burn: { said: '{{label}}: spent {{spent}}, held {{held}}', spent: 'spent', held: 'held', time: 'time elapsed' },
  funnel: { said: 'Funnel: {{said}}' },
  job: {
    names: { library_catalogue: 'Supplier catalogue', tiers_carry_over: 'Customers into new tiers', grid_place: 'Place customers in the grid', identities_join: 'Joining customers', membership_reckon: 'Segment members', lookalikes_search: 'Look-alikes', audit_export: 'Audit export', campaigns_extend: 'Campaign widened', campaigns_run: 'Campaign run', card_codes_read: 'Card codes read', customers_import: 'Customers imported', customers_undo: 'Import taken back', feeds_draw: 'Days drawn from a database', customers_extract: 'Drawn from a database', feeds_look: 'Day files looked for', feeds_take: 'Day files read', fulfilment_carry: 'Orders sent to a supplier', payments_carry: 'Calls to the cashier', loads_load: 'Load events', loads_withdraw: 'Take back events', relations_refresh: 'Rings looked for', tags_refresh: 'Tags refreshed', temperature_refresh: 'Temperatures read', consignments_make: 'File of goods to send', lists_make: 'List made', models_score: 'Customers scored', models_train: 'Model trained', reports_paper: 'Report made', views_export: 'List exported' },
    search: 'Job title', title: 'Job', progress: 'Progress', created: 'Created', finished: 'Finished', state: 'Status',
    counted: '{{done}} done', of: '{{done}} / {{total}}', left: 'about {{seconds}} s', none: 'No jobs are running', noneHint: 'Imports, grants, exports and other long work show their progress here.', cancelled: 'Cancel requested',
  },
  confirm: { type: 'Type "{{name}}" to confirm', mismatch: 'The name does not match' },
}
