/** Audit, units, staff, settings, and the names of states. */
export default {
  audit: {
    title: 'Audit', hint: 'Who, when, what, why, before and after; nobody can change it', at: 'Time', actor: 'Who', action: 'What', subject: 'Subject', subjectId: 'Subject id', reason: 'Reason', reasonNeeded: 'Say why, in at least 4 characters', module: 'Module', window: 'Time', none: 'No entries', request: 'Request', files: 'Exports', noFiles: 'No exports yet', rows_one: '{{shown}} row', rows_other: '{{shown}} rows', exportTitle: 'Export the audit trail', exportHint: 'A CSV of what is filtered now; the export is recorded too', exportStarted: 'The export has started; download it when it is done',
    actors: { staff: 'Staff', customer: 'Customer', system: 'System', key: 'API key', api_key: 'API key' },
    modules: { identity: 'Sign-in and sessions', people: 'Units and staff', tenants: 'Bank settings', approvals: 'Approvals', privacy: 'Reveals', customers: 'Customers', segments: 'Segments', catalogue: 'Library', supply: 'Suppliers', ledger: 'Budgets and ledger', grants: 'Grants and redemption', campaigns: 'Campaigns', statements: 'Settlement', audit: 'Audit' },
    subjects: { staff: 'Staff', unit: 'Unit', setting: 'Setting', change: 'Change', customer: 'Customer', segment: 'Segment', audience: 'Audience', campaign: 'Campaign', sku: 'SKU', item: 'Item', brand: 'Brand', supplier: 'Supplier', statement: 'Statement', session: 'Session', api_key: 'API key', audit_export: 'Audit export', budget: 'Budget', pool: 'Pool', grant: 'Grant' },
    did: {
      identity_sign_in: 'Signed in', identity_refuse_sign_in: 'Sign-in refused', identity_lock: 'Login locked', identity_end_session: 'Session ended', identity_enrol: 'Enrolment code issued', identity_set_credentials: 'Credentials set', identity_complete_enrolment: 'Enrolled', identity_add_key: 'API key made', identity_revoke_key: 'API key revoked',
      people_add_unit: 'Unit added', people_add_staff: 'Staff added', people_change_staff: 'Staff changed', people_disable_staff: 'Staff disabled', people_enable_staff: 'Staff enabled', tenants_set_setting: 'Setting changed', privacy_reveal: 'Field revealed', audit_export: 'Audit exported',
      approvals_submit: 'Change submitted', approvals_approve: 'Approved', approvals_return: 'Returned', approvals_reject: 'Rejected', approvals_apply: 'Change applied', approvals_withdraw: 'Change withdrawn', segments_save: 'Segment saved', segments_freeze: 'Audience frozen',
      campaigns_create: 'Campaign created', campaigns_change: 'Campaign changed', campaigns_submit: 'Campaign submitted', campaigns_approve: 'Campaign approved', campaigns_return: 'Campaign returned', campaigns_start: 'Campaign started', campaigns_pause: 'Campaign paused', campaigns_resume: 'Campaign resumed', campaigns_stop: 'Campaign stopped', campaigns_end: 'Campaign ended',
      catalogue_brand_added: 'Brand added', catalogue_brand_changed: 'Brand changed', catalogue_brand_retired: 'Brand retired', catalogue_item_added: 'Item added', catalogue_item_changed: 'Item changed', catalogue_item_retired: 'Item retired', catalogue_sku_added: 'SKU added', catalogue_sku_drafted: 'SKU drafted', catalogue_sku_changed: 'SKU changed', catalogue_sku_published: 'SKU published', catalogue_sku_retired: 'SKU retired',
      supply_supplier_added: 'Supplier added', supply_supplier_changed: 'Supplier changed', supply_supplier_retired: 'Supplier retired', supply_added: 'Supplier added', supply_changed: 'Supplier changed', supply_retired: 'Supplier retired', statements_create: 'Statement made', statements_confirm: 'Statement confirmed', statements_reverse: 'Statement reversed',
    },
  },
  units: { count_one: '{{count}} unit', count_other: '{{count}} units', add: 'New unit', name: 'Unit', nameEn: 'English name', kind: 'Level', code: 'Code', parent: 'Parent', kinds: { head_office: 'Head office', branch: 'Branch', sub_branch: 'Sub-branch' } },
  staff: { add: 'Add staff', edit: 'Edit staff', search: 'Name or login', name: 'Name', post: 'Post', login: 'Login', unit: 'Unit', roles: 'Roles', rolesHint: 'System, security and audit administrators hold nothing else (D2)', scope: 'Scope', scopeHint: 'Units below included; empty means the own unit', added: 'Added', status: 'Status', none: 'No staff yet', disable: 'Disable', enable: 'Enable', enrol: 'Enrolment code', enrolHint: 'Hand it to the person, for “First sign-in” on the sign-in page; it is shown only once.', enrolExpires: 'good until {{time}}' },
  enrol: { link: 'First sign-in', title: 'First sign-in', hint: 'With the code from your security administrator, choose a password and receive the second factor.', code: 'Enrolment code', password: 'New password', passwordHint: 'At least 10 characters, without your login', again: 'Password again', differs: 'The two differ', submit: 'Set up', scan: 'Scan it with your authenticator, or type the secret', secret: 'Secret', secretHint: 'It is shown only once: add it before you sign in.', toSignIn: 'Sign in' },
  setting: {
    up: 'Up', down: 'Down', hints: { h5_mark: 'One SVG path on a grid of 24, one colour; empty shows the first character of the bank’s name' },
    choices: { sea: 'Sea', hills: 'Hills', plain: 'Plain', yes: 'Yes', no: 'No' },
    fields: { start: 'From', end: 'Until', default: 'Default stages', kinds: 'By kind', key: 'Code', name: 'Name', name_en: 'English name', role: 'Role', hours: 'Hours to decide' },
    hint: 'Every setting has a default and limits; a limit set by a rule cannot be crossed', name: 'Setting', value: 'Value', default: 'Default', limits: 'Limits', rule: 'Rule',
    units: { none: '', seconds: 'seconds', minutes: 'minutes', hours: 'hours', days: 'days', months: 'months', percent: '%' },
    names: {
      h5_mark: 'Mark on phone pages', h5_scene: 'Scene on phone pages',
      approvals_stages: 'Approval stages', audit_log_months: 'Logs kept', consent_reask_days: 'Ask again after a refusal', contact_policy_quiet_hours: 'Quiet hours', customer_session_minutes: 'Customer session', customer_session_ticket_seconds: 'Customer ticket', experiments_control_percent: 'Default control group', privacy_proof_minutes: 'Second factor stays fresh (reveals)', privacy_reveal_seconds: 'Reveal shown for', privacy_reveals_per_hour: 'Reveals an hour',
      session_enrolment_hours: 'Enrolment code', session_failures_max: 'Failed sign-ins before lock-out', session_idle_minutes: 'Idle sign-out', session_lifetime_hours: 'Longest session', session_lock_minutes: 'Lock-out',
    },
  },
  status: {
    message: { queued: 'Waiting', sending: 'Going out', sent: 'Handed over', unknown: 'To be confirmed', delivered: 'Delivered', failed: 'Failed', withheld: 'Not sent' },
    supplierOrder: { created: 'To be sent', sent: 'Sent', accepted: 'Accepted', unknown: 'Unknown', success: 'Delivered', failed: 'Failed', refunded: 'Refunded' }, prepayment: { submitted: 'In approval', paid: 'Booked', refused: 'Refused' }, difference: { open: 'Open', proposed: 'To confirm', closed: 'Closed' }, breaker: { closed: 'Answers', half_open: 'Trying', open: 'No answer' },
    job: { queued: 'Queued', running: 'Running', done: 'Done', succeeded: 'Done', failed: 'Failed', cancelled: 'Cancelled', cancelling: 'Cancelling' },
    campaign: { draft: 'Draft', submitted: 'In review', approved: 'Scheduled', running: 'Running', paused: 'Paused', ended: 'Ended', stopped: 'Stopped' },
    change: { pending: 'In review', approved: 'Approved', applied: 'In effect', rejected: 'Rejected', returned: 'Returned', withdrawn: 'Withdrawn' },
    grant: { reserved: 'To claim', issued: 'Issued', fulfilling: 'On its way', fulfilled: 'To use', used: 'Redeemed', failed: 'Failed', expired: 'Expired', revoked: 'Revoked', returned: 'Returned' },
    customer: { active: 'Active', closed: 'Closed' }, import: { queued: 'Queued', running: 'Running', done: 'Done', refused: 'Refused', cancelled: 'Cancelled' }, sku: { draft: 'Draft', published: 'Published', retired: 'Retired' }, brand: { active: 'In use', retired: 'Retired' }, staff: { active: 'Active', disabled: 'Disabled' }, statement: { draft: 'To confirm', confirmed: 'Confirmed', reversed: 'Reversed' },
  },
}
