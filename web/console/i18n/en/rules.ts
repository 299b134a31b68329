/** Words of rules: what came after what, who is first of a group, and why one customer is meant. */
export default {
  rule: {
    limits: { bytes: 'bytes of a rule', depth: 'groups within groups', nodes: 'groups and conditions', parts: 'parts of a group', conditions: 'conditions', values: 'values of a list', text: 'characters of a text', where: 'narrowings of an event', steps: 'steps', window_days: 'days of a window', within_days: 'days from first to last', take: 'customers of a rank', references: 'segments that refer to segments', expanded_nodes: 'conditions with those of segments referred to', upload: 'entries of a list' },
    steps: 'Steps in order', step: 'Step {{number}}', stepAdd: 'Step', stepRemove: 'Remove this step', earlier: 'One step earlier', never: 'never between', neverAdd: 'Never between', neverRemove: 'Remove "never between"', allWithin: 'first to last within', withinDays: 'Days from first to last', daysDone: 'days,',
    sequenceSays: '"{{steps}}" in this order {{window}}, first to last within {{days}} days{{never}}', neverSays: ', never "{{event}}" between',
    by: 'by', rankBy: 'Rank by', among: 'Ranked within', withins: { bank: 'in the whole bank', branch: 'in each branch', unit: 'in each unit' }, direction: 'From which end', directions: { top: 'the highest', bottom: 'the lowest' }, take: 'How many', takeUnit: 'Unit', takeUnits: { percent: '%', count: 'customers' }, customers: '{{shown}} customers',
    measured: { count: 'times of {{event}} {{window}}', days: 'days with {{event}} {{window}}', sum: 'the total {{property}} of {{event}} {{window}}', max: 'the largest {{property}} of {{event}} {{window}}', last_days_ago: 'days since {{event}} ({{window}})' },
    rankSays: { top: 'the highest {{take}} by {{what}} {{within}}', bottom: 'the lowest {{take}} by {{what}} {{within}}' }, withinSays: { bank: 'in the bank', branch: 'in each branch', unit: 'in each unit' },
    stoppedAt: 'Stopped at step {{number}}', stopped: { absent: '"{{event}}" did not follow', late: '"{{event}}" came too late', never: 'what must not come between did' }, notYet: 'not done', progress: '{{done}} of {{all}} steps',
    place: 'No. {{place}} of {{ranked}}; {{taken}} are taken', noPlace: 'No place ({{ranked}} have one; {{taken}} are taken)', group: 'in {{name}}', wholeBank: 'the whole bank', edge: 'edge {{value}}', bucketPlace: 'falls on {{place}}',
    lastAt: 'last {{at}}', noEvent: 'none in the window', sources: { events: 'events', tags: 'tag', hash: 'hash of the customer number', upload: 'uploaded list', import: 'import' }, definition: 'definition {{version}}', asOf: 'as of {{at}}',
    flipsIn: 'The least that would have to change to be in:', flipsOut: 'The least that would have to change to be out:', noFlip: 'Nothing can change it: only the random share decides.', flipSequence: { true: 'all {{all}} steps (now {{done}})', false: 'no longer all {{all}} steps' }, onList: 'on the list', offList: 'off the list',
  },
}
