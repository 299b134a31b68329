/** Words of relations: rings of abuse and what people say of them. */
export default {
  rings: {
    meta: 'Accounts that share devices and do hardly anything but take rewards; a person decides', score: 'Score', members: 'Members', reasons: 'What speaks for it', state: 'Verdict', found: 'Found', note: 'Why',
    accounts: '{{shown}} accounts', organiser: 'Invited them', none: 'No rings', noneHint: 'Relations are read every night; what looks like a ring is listed here.',
    states: { new: 'To judge', ring: 'A ring', innocent: 'Innocent' },
    asks: { ring: 'Call these {{count}} accounts a ring?', innocent: 'Call these {{count}} accounts innocent?' },
  },
}
