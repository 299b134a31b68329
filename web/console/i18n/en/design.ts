export default {
  design: {
    claimDays: 'Days to claim', claimDaysHint: 'How long a prize that is sent waits for its address; then it goes back to the pool',
    view: 'What to edit', views: { content: 'Content and prizes', page: 'Page', versions: 'Versions' }, undo: 'Undo', redo: 'Redo',
    templates: 'Templates', templatesHint: 'Eleven seasons with words, colours and a drawing; everything can be changed after', replace: 'Take this template?', replaceHint: 'Title, subtitle, rules, colours and blocks are replaced; you can undo it.', replaceYes: 'Replace',
    picture: 'Picture', addPicture: 'Upload a picture', otherPicture: 'Another picture', dropPicture: 'Use the drawing', pictureHint: 'PNG, JPEG or WebP, at most 5 MB, at least 390 × 210; cut to 780 × 420 and encoded again.', pictureType: 'Choose a PNG, JPEG or WebP picture.', pictureSize: 'A picture has at most 5 MB.',
    theme: 'Colours', themeHint: 'Contrast is checked at save: 4.5:1 for text, 7:1 on the fills of the board', bankColours: "The bank's colours", ownColours: 'Colours of this play', hexOf: '{{name}}, as text', allColours: 'All nine colours', fewColours: 'The usual ones',
    colours: { brand: 'Main', brand_2: 'Main, darker', on_brand: 'Text on main', brand_tint: 'Pale fill', brand_line: 'Hairline', play_a: 'Board, first', play_b: 'Board, second', play_c: 'Board, third', foam: 'Board, quiet' },
    unreadable: 'Contrast {{has}}, needs {{needs}}', paleHint: 'A colour cannot be read; change it first',
    order: 'Blocks', orderHint: 'Drag, or focus a grip and press the arrow keys', grip: '{{name}}, {{place}} of {{count}}, arrow keys move it', movedTo: '{{name}} is now {{place}} of {{count}}', drop: 'Remove {{name}}', stays: 'Stays', staysHint: 'Board, odds and organiser stay on the page (rule L3)',
    heading: 'Heading in Chinese (optional)', headingEn: 'Heading in English (optional)', headingOf: 'Chinese heading of {{name}}', headingEnOf: 'English heading of {{name}}',
    blocks: { hero: 'Head', board: 'Board', chances: 'My chances', prizes: 'Prizes and odds', winners: 'Latest wins', missions: 'More to do', rules: 'Rules in full', footer: 'Window and organiser' },
    says: { hero: 'Title, subtitle, picture', board: 'Draws left, the wheel', chances: 'How to get them, own draws', prizes: 'The public table and its proof', winners: 'Real wins, names masked', missions: 'Other plays of the bank now', rules: 'Always on the rules page too', footer: 'When, and who organises it' },
    previewUntil: 'Good until {{time}}; customers see no draft', ownPhone: 'On your phone',
    versions: 'Versions', versionsHint: 'Each save is kept: who made it, who approved it', version: 'No. {{number}}', madeBy: '{{name}} · {{time}}', approvedBy: 'Approved by {{names}}', current: 'Current', take: 'Take this one',
  },
  amend: {
    begin: 'Amend', title: 'Amend a running play', hint: "Only in the customers' favour: longer, more, higher odds, looser limits, further prizes. Two people decide; the rules page tells it, and what was drawn stays.",
    closes: 'Closes (only later)', more: 'More stock', nothing: 'Wins nothing; gives up what the others take, now {{percent}}', told: 'What is told', zh: 'In Chinese', en: 'In English', same: 'Nothing is changed yet', sayIt: 'Write what the rules page says', sent: 'Sent for approval',
    list: 'Amendments', listHint: 'Those in force stand on the rules page too', states: { submitted: 'To be decided', applied: 'In force', refused: 'Not approved' },
    problems: { stands: 'Published, and stands as it is', shorter: 'The end is only moved later', fewer: 'Chances a day only become more', tighter: 'A limit is only raised or lifted', guarantee: 'A guarantee only comes earlier', dropped: 'A published prize stays', empty_line: 'What is added is a prize', lower: 'Odds of a prize only rise', nothing_up: 'Winning nothing never becomes more likely', stock: 'At least one unit is added', nothing: 'Nothing would change' },
  },
}
