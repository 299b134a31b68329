/** Where imports come from, what they brought, and nightly feeds. */
export default {
  source: {
    from: 'Where from', kinds: { file: 'A file', fixed: 'Fixed width', database: 'A database' }, what: 'What the rows are', customers: 'Customers',
    accept: 'CSV, Excel (.xlsx) or Parquet', acceptHint: 'CSV also as .gz; the first line, or the first row of a sheet, names the columns', fixedChoose: 'Drop the fixed-width file here', fixedHint: 'GBK, GB18030 or UTF-8; every line as wide as the layout',
    takes: 'What it takes', takesHint: 'the same rows, as each source writes them', samples: { csv: 'CSV', excel: 'Excel', parquet: 'Parquet', fixed: 'Fixed width', database: 'Database' },
    says: { csv: 'Comma, semicolon, tab or bar; UTF-8, GB18030 or UTF-16; gzip is fine', excel: 'One sheet, its names in a row on top; dates and numbers as the cells hold them', parquet: 'Plain columns of any type; the fastest for large files', fixed: 'Widths count bytes: one Chinese character is 2 in GBK, 3 in UTF-8', database: 'One SELECT on PostgreSQL, read only; the answer is kept once, so trial and run see the same rows' },
    layout: 'Layout', layoutHint: 'One column a line: name,width in bytes', layoutFrom: 'From a file', layoutNeeded: 'Describe the columns first', lineBytes: 'A line has {{count}} bytes',
    sheet: 'Sheet', format: 'Format', skip: 'Lines to skip',
    database: 'Database', noDatabase: 'No database is set up yet. A system administrator adds one under Databases.', query: 'Query', queryHint: 'One SELECT; name every column. It runs in a read-only transaction.', ask: 'Put the query', asking: '{{rows}} rows so far', asked: 'The answer is here: {{rows}} rows', refused: 'The query was refused', stop: 'Stop',
    field: 'Field', fieldNeeded: 'Map a column to {{fields}}',
    warnings: 'Worth a look', cells: '{{shown}} cells', warning: { zeros_lost: 'These cells hold numbers: zeros before them are lost. Format the column as text and fill it anew.' },
  },
  brought: {
    title: 'Row by row', hint: 'masked, within your units', tabs: { added: 'Added', changed: 'Changed' }, before: 'Held before', none: { added: 'Nobody was added', changed: 'Nobody was changed' }, more: 'More', nothing: 'nothing',
    undo: 'Undo the import', undoAsk: 'Every row gets back what it held before; {{rows}} rows are concerned. Rows that something changed since stay as they are. Customers this import added are emptied until a file names them again.', undoDo: 'Undo it', undone: '{{undone}} rows undone, {{kept}} stayed because they changed since', undoing: 'Undoing; {{undone}} rows so far. You may leave this page.', older: 'Older', olderHint: 'a later day has been',
  },
  feed: {
    title: 'Nightly feeds', hint: 'Files your systems leave every business day, each with a control file', declare: 'Declare a feed', change: 'Change', none: 'No feeds yet', noneHint: 'Say once what comes every night: where it lies, what it is called, how it is read. Late, wrong and missing days show here.', imports: 'Imports',
    name: 'Name', nameHint: 'For example: Core customers', by: 'How days come', byFolder: 'Left in a folder', byUpload: 'Uploaded', folder: 'Folder', folderHint: 'Below the bank’s folder of feeds, such as core', pattern: 'File', control: 'Control file', patternHint: '{date} stands for 20260331, {date-} for 2026-03-31', mapping: 'Saved mapping', mappingHint: 'How a file is read: try one import, then save its mapping', noMapping: 'Save a mapping on an import first', days: 'Business days', due: 'Late from', dueHint: 'of the next day, China time', begins: 'First business day', weekdays: { 1: 'Mo', 2: 'Tu', 3: 'We', 4: 'Th', 5: 'Fr', 6: 'Sa', 7: 'Su' },
    place: 'Folder', controlSays: 'The control file comes last and says the rows and a sum, for example: rows=1200 and sha256=…', declaredBy: 'declared by {{name}}', run: 'Look now', looking: 'Looking into the folder', pause: 'Pause', resume: 'Resume', end: 'End', upload: 'Upload a day', ended: 'Files are no longer taken; what came stays.',
    calendar: 'The last five weeks', all: 'All days', day: 'Business day', arrived: 'Arrived', expected: 'Expected', rows: 'Rows', state: 'State', attempt: 'attempt {{count}}', late: 'late', lateBy: 'came late', nothing: 'Nothing came yet', openImport: 'See the import',
    rerun: 'Take again', cancel: 'Cancel', excuse: 'No file that day', excuseHint: 'As on a holiday: the alarm ends', done: '{{added}} added, {{changed}} changed', latest: 'Latest day', good: 'good', open: 'to look at', figures: { done: 'Days done', late: 'Came late', failed: 'Failed', missing: 'Missing' },
    file: 'File', rowsSay: 'Rows', sum: 'SHA-256 or MD5', sumHint: '64 or 32 hexadecimal digits, from the sender', sumUnfit: '64 or 32 hexadecimal digits', chosen: 'Chosen: {{name}}', choose: 'Choose the file', needed: 'Needed',
    legend: { done: 'Done', late: 'Done, late', failed: 'Failed', missing: 'Missing', excused: 'No file', none: 'Not due' }, dayOf: '{{day}}: {{state}}',
  },
  database: {
    title: 'Databases for imports', hint: 'PostgreSQL only, read only; who runs the instance allows each address', add: 'Add a database', change: 'Change', remove: 'Remove', removeAsk: 'Its password is forgotten; imports that ran stay.', none: 'No database yet', noneHint: 'Operators then put one SELECT to it and import the answer.', name: 'Name', address: 'Address', addressHint: 'host:port/database, such as core-ro.bank:5432/core', user: 'User', userHint: 'One that may only read what is needed', password: 'Password', passwordHint: 'Stored encrypted, never shown again', passwordKeep: 'Empty keeps the present one', encrypted: 'TLS', encryptedHint: 'Without it on this machine only', changed: 'Changed', tls: 'TLS', plain: 'this machine',
  },
}
