/** Who looks after whom */
export default {
  ownership: {
    title: 'Managers', hint: 'A customer has one owner and any number of co-owners', manager: 'Manager', search: 'Name or login', owned: 'Owns', shared: 'Co-owns', pool: 'In the pool', poolHint: 'Active customers whom nobody owns', poolOnly: 'Only in the pool', managers: 'Managers', customers: 'Owned customers', disabled: 'May not sign in',
    none: 'No managers yet', noneHint: 'Add staff with the role relationship manager; then give them customers, one by one or by file.', importFile: 'Import a file', look: 'Customers', filter: 'Manager',
    owner: 'Owner', co_owner: 'Co-owner', standing: 'As', give: 'Give to a manager', giveTo: 'Manager', giveHint: 'A new owner takes the former one\'s place; co-owners stay. The manager\'s units must hold the customer.', given_one: '{{count}} customer given', given_other: '{{count}} customers given', givenPartly: '{{done}} given, {{count}} not: {{why}}', chosen_one: '{{count}} customer', chosen_other: '{{count}} customers', noManagers: 'No manager found',
    end: 'End', endAsk: '{{who}} no longer looks after this customer. Without an owner the customer is in the pool.', ended: 'Ended', endMany: 'End ownership', endOf: 'Who no longer looks after them', endHint: 'Only this manager leaves; others stay. Customers without an owner are in the pool.', endedMany_one: 'Ended for {{count}} customer', endedMany_other: 'Ended for {{count}} customers', endedPartly: 'Ended for {{done}}, {{count}} as before: {{why}}',
    now: 'Now', nobody: 'Nobody: in the pool', history: 'History', noHistory: 'Nothing has changed yet', open: 'Managers', since: 'since {{day}}',
    steps: { added: '{{who}} became {{standing}}', changed: '{{who}} went from {{before}} to {{standing}}', ended: '{{who}} is no longer {{before}}' }, byFile: 'by file', by: 'by {{who}}',
    handOver: 'Hand over all', handOverOf: 'Hand over all customers of {{who}}', handOverHint: 'Another person approves it; then all change at once, whoever they are on that day.', to: 'To', toPool: 'Nobody: to the pool', reason: 'Reason', reasonHint: 'E.g. moves to another branch', asked: 'Sent; another person decides',
    preview: { owned: 'Change their owner', shared: 'Change a co-owner', left: 'Stay: outside the receiver\'s units' }, handOvers: 'Hand-overs', noHandOvers: 'None yet', waiting: 'Waits', nothing: 'There is nobody to hand over to this manager.',
  },
}
