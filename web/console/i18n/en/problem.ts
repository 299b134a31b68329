/** Refusals by code, dots as underscores; what is missing here is said in the server's own sentence. */
export default {
  problem: {
    other: '{{detail}}',
    network: 'The network is away; check the connection and try again.',
    outage: 'The service does not answer; try again in a moment.',
    bug: 'Something broke on our side and is recorded. Tell an administrator the number.',
    unknown: 'The outcome is not known yet; do not send it again.',
    session_none: 'You are not signed in, or your session has ended.',
    session_csrf: 'The page is out of date; reload it and try again.',
    permission_missing: 'Your role lacks the permission {{permission}}.',
    scope_unit: 'That unit is outside your scope.',
    request_reused: 'This request number was used for something else; reload and try again.',
    not_found: 'Not found, or outside your scope.',
  },
}
