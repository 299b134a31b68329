export default {
  wizard: {
    steps: { goal: 'Goal', audience: 'Audience', benefit: 'Benefit', page: 'Page', message: 'Time, message', rollout: 'Control, steps', check: 'Check, submit' },
    next: 'Next: {{step}}', previous: 'Back', goThere: 'Fill in', most: 'Cost at most', view: 'State of the page', language: 'Language of the page', views: { open: 'Claim', claimed: 'Claimed', sold_out: 'Sold out' },
    phoneHint: 'The real page, from the template that goes live', whole: 'The campaign at a glance', stagesHint: 'It goes through consumer review and a check; they see the very figures shown here. Nothing is sent before others approve.',
    conflict: 'Another version of this draft was saved elsewhere. Which one counts?', takeTheirs: 'Take the new one', keepMine: 'Keep mine', elsewhere: 'This draft is open in another tab as well; what is saved there shows up here.',
    entries: { title: 'Ways in', hint: 'each is counted by itself', add: 'Add a way in', name: 'Name of the way in', nameHint: 'For instance: poster, East branch', kind: 'Form', kinds: { qr: 'QR code', poster: 'Poster', link: 'Link' }, always: 'Every campaign has one link of its own; addresses, codes and posters are made when it is approved.' },
    message: {
      title: 'Message', hint: 'only to customers reached', channel: 'How they are told', channels: { none: 'No message', sms: 'SMS', list_export: 'List' },
      says: { none: 'Customers come by the app, a poster or a link.', sms: 'Sent after each chunk; consent, quiet hours and caps are checked again before it leaves.', list_export: 'The bank sends it; the list is handed over by an approval of its own.' },
      sendAt: 'Sent at', sendAtHint: 'Empty: with each chunk. Between 21:00 and 08:00 it waits', withRun: 'With the run', text: { zh: 'SMS, Chinese', en: 'SMS, English' }, counted: '{{length}} characters, parts: {{count}}',
      long: '{{count}} parts for each customer, about {{all}} in all', optOut: { zh: 'Reply R to refuse', en: 'Reply R to opt out' }, variables: { name: 'Name', benefit: 'Benefit', link: 'Link', expires: 'Until', bank: 'Bank' },
    },
    rollout: {
      controlHint: 'for unpublished, targeted offers only', share: 'Share kept apart', treated: 'Taking part', detectable: 'Difference that would show (power 80%)', points: '≥ {{points}} percentage points', blind: 'None; make it larger', noControl: 'Without a control group the effect stays unknown.',
      published: 'An open campaign is for everybody: no control group, no steps.', pilot: 'Pilot list', pilotHint: 'a few people first', pilotName: '{{name}} pilot', list: 'List', listHint: 'Only those within reach take part; everybody else follows in the steps below', noPilot: 'No pilot', paste: 'Or paste customer numbers', pasteHint: 'Separated by spaces, commas or lines; 1,000 at most', pasted: 'Customer numbers: {{count}}',
      releases: 'Staged release', releasesHint: 'by hash of the person, growing', atOnce: 'No steps: open to all at once when approved.', oneGo: 'All at once', percent: 'Share so far', when: 'When it opens', withStart: 'With the campaign', byHand: 'By hand', after: '{{count}} hours after the last', addStep: 'Add a step', allAtOnce: 'All at once instead', alarm: 'If too many customers find no stock or money, the next step waits for somebody to look.',
    },
    overlap: { title: 'Shared with live campaigns', hint: 'same time, same customers', none: 'No other live campaign reaches these customers.' },
  },
  metric: { title: 'Metric', hint: 'The effect is measured by it, against the control group', days: 'Measured over', daysHint: 'From the day a customer is reached' },
  template: {
    title: 'Where to begin', meta: 'Choose a template or begin with nothing; everything can be changed later.', blank: 'Blank campaign', blankHint: 'Begin with the goal and write every step', own: 'Templates of the bank', use: 'Use this one', control: 'control {{percent}}%', missing: 'The segment needs facts that are missing: {{names}}. Use it with a segment of your own.', dropSure: 'Remove this template?',
  },
  life: {
    amend: 'Extend or top up', amendSays: 'Only in favour of customers: a later end, more stock, more money. Somebody else approves; until then all stays as it is.', later: 'New end', addStock: 'More units', addBudget: 'More budget', now: 'now {{value}}', copy: 'Copy to a new one', keep: 'Keep as template', kept: 'Kept as a template', summary: 'One line about it',
    release: 'Release the next step', releaseSays: 'It goes to {{shown}} customers ({{percent}}% so far); what is granted is not taken back.', pilot: 'Pilot', openedAt: 'open since {{time}}', held: { sold_out: 'Held: too many customers found no stock.', budget_exhausted: 'Held: too many customers found no money.' },
    closed: 'closed', poster: 'Poster of {{name}}', qr: 'QR code', amendments: 'Changes asked for', toEnd: 'until {{time}}', plusStock: '{{shown}} more units', plusBudget: '{{amount}} more', states: { submitted: 'waiting', applied: 'in effect', rejected: 'rejected', returned: 'returned', withdrawn: 'withdrawn' }, anyUnit: 'All units', anyBenefit: 'All benefits',
  },
  halt: { button: 'Halt all', title: 'Halt everything', unit: 'Unit, with all below', verb: 'How', says: { pause: 'Every running campaign within pauses at once; each can be resumed later.', stop: 'Every campaign within stops for good and what is not claimed is taken back. There is no way back.' }, done: '{{count}} of {{all}} campaigns halted' },
  calendar: { title: 'Calendar', meta: 'By unit; gold marks campaigns that reach the same customers', span: 'Span', spans: { month: 'Month', week: 'Week' }, before: 'Earlier', after: 'Later', today: 'Today', none: 'No campaigns in this time', meets: 'shares {{shown}} customers with “{{name}}”', overlaps_one: '{{count}} overlap', overlaps_other: '{{count}} overlaps' },
}
