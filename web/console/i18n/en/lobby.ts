/** The lobby of a branch, and cards that are given. */
export default {
  lobby: {
    title: 'Lobby', meta: 'Visitors scan the code of the branch first, then yours; codes change every 20 seconds and are good for a minute', whose: 'Whose code', of: { rm: 'My code', branch: 'Check-in code' },
    png: 'As a picture (PNG), for screens that show no drawings',
    says: { rm: 'Scanned after check-in it opens the plays; what is drawn appears below', branch: 'Visitors scan this first to check in' }, alt: { rm: 'My code at {{unit}}', branch: 'Check-in code of {{unit}}' }, left: 'Changes in {{count}} s', closed: 'Closed now', hours: 'Codes are shown from {{opens}}:00 to {{closes}}:00 each day; the settings say when.',
    opens: 'What it opens', opensHint: 'One set of chances a visit, play and natural person', noPlays: 'No play of the branch now', noPlaysHint: { rm: 'Plays with the option "at the branch" appear here once they are live.', branch: 'Check-in works all the same; plays that it opens appear here once they are live.' }, by: { rm: "By a manager's code", branch: 'By check-in' }, chancesEach_one: '{{count}} chance a visit', chancesEach_other: '{{count}} chances a visit',
    received: 'Received by me today', visitor: 'Customer', notYours: 'Not your customer', checkedIn: 'Checked in', played: 'Played', drew: '{{draws}} of {{chances}} draws', nothing: 'No play open to them', prizes: 'Won', none: 'Nobody yet today', noneHint: 'Visitors appear here once they scan your code.',
    option: 'At the branch', optionHint: 'Chances then come by visits alone', options: { no: 'Anywhere', rm: "At the branch, by a manager's code", branch: 'At the branch, by check-in' }, perVisit: 'Chances a visit', perVisitHint: 'One visit a person, branch and day; good until midnight',
    byBranch: 'At the branches', byBranchHint: 'By branch and who received them', unit: 'Branch', rm: 'Received by', nobody: 'Nobody', visits: 'Visits', people: 'People', playedShare: 'Played', noVisits: 'No visit yet', noVisitsHint: 'Visits are counted here by branch and who received them.',
  },
  visits: {
    meta: 'Visits customers booked on the phone; once they check in by code, record here that you received them', toLobby: 'Show the code', search: 'Find by name or number', due: 'Booked for', since: 'Checked in {{time}}', by: 'Received by {{name}}', all: 'All visits', serve: 'Mark received', done: 'Recorded; the customer may claim the gift', days: 'Days booked', from: 'Booked from', to: 'to', none: 'No visit is booked for two weeks', noneHint: 'Visits appear here once the kit "Online to branch" is live.', expected: 'Booked visits',
  },
  review: {
    hold: 'Record a review', title: 'A review with {{name}}', topic: 'What about', channel: 'Where', note: 'Note', noteHint: 'Kept encrypted, for those who may see this customer; no id or phone numbers', done: 'Recorded; the customer may claim what rewards it', once: 'One a customer and day; kits that reward reviews go by it, whatever is bought or not',
    topics: { assets: 'Assets', maturity: 'What falls due', protection: 'Protection', credit: 'Borrowing', other: 'Other' }, channels: { branch: 'Branch', phone: 'Phone', video: 'Video', at_customer: 'Visit' },
  },
  giving: { on: 'Cards may be given and asked for', hint: 'By natural persons, once the other agrees; a card received stays, nothing is rewarded (M3)', gives: 'Given a day', takes: 'Received a day', all: 'Received in all', hours: 'Waits (hours)' },
}
