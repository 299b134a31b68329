/** Words of the segment builder: behaviour, other segments, overlap, sharing, history, lists handed out. */
export default {
  builder: {
    event: 'Choose an event', window: 'Window', within_one: 'today', within_other: 'in the last {{count}} days', ever: 'at any time', everSays: 'ever', measure: 'Measure', property: 'Property', amount: 'amount', where: 'with', whereAdd: 'Narrow', whereRemove: 'Remove this narrowing', segment: 'Choose a segment', inSegment: 'is in', grip: 'Drag, or move with the arrow keys',
    measures: { count: 'times', days: 'days', sum: 'total', max: 'largest', last_days_ago: 'days since' }, units: { count: 'times', days: 'days', sum: '', max: '', last_days_ago: 'days' },
    says: { count: '{{event}} {{op}} {{value}} times {{window}}', days: '{{event}} on {{op}} {{value}} days {{window}}', sum: 'the total {{property}} of {{event}} {{window}} {{op}} {{value}}', max: 'the largest {{property}} of {{event}} {{window}} {{op}} {{value}}', last_days_ago: 'days since {{event}} {{op}} {{value}} ({{window}})' },
    whereSays: ' ({{where}})', segmentSays: 'in the segment “{{name}}”',
    overlap: 'Overlap with running campaigns', overlapHint: 'share of this segment', noOverlap: 'No campaign runs, or none overlaps.', overlapSaid: '{{name}}: {{both}} customers in both, {{share}} of this segment', ours: 'only here', both: 'both', theirs: 'only there',
    usedBy: 'Used by', usedByHint: 'campaigns, segments, lists', usedCount_one: '{{count}} place', usedCount_other: '{{count}} places', notUsed: 'Nothing uses it yet.', useKinds: { campaign: 'Campaign', segment: 'Segment', list: 'List' },
    history: 'Versions', revert: 'Bring back', copyOf: 'Copy of {{name}}', sharedWith: 'Seen by', shared: { unit: 'its unit and below', bank: 'the whole bank' }, shareBank: 'Share with the whole bank', shareUnit: 'Keep to its unit and below', archive: 'Put away', restore: 'Take back', notDone: 'Not done',
    tabs: { mine: 'Mine', used: 'In use', unused: 'Not used', archived: 'Put away' },
    handOut: 'Hand out a list', handOutHint: 'Another person approves. When the file is made, customers who withdrew or are suppressed are left out; it is watermarked, logged, and expires after 7 days (F3).', askList: 'Ask for approval', listAsked: 'Asked; another person decides', columns: 'Columns', clear: 'Names and phones readable', clearHint: 'Needs the right to see them; the approver reads the purpose (F2).', rowsMax: 'At most rows', purpose: 'Purpose', purposeHint: 'Such as: calls by relationship managers, campaign number',
    lists: 'Lists handed out', listsHint: 'only who asked can fetch', frozenRows: '{{shown}} customers frozen', madeRows: '{{shown}} customers, {{out}} left out', listStates: { pending: 'Waits', approved: 'Being made', done: 'Ready', cancelled: 'Cancelled', returned: 'Returned', rejected: 'Rejected', withdrawn: 'Withdrawn' },
  },
}
