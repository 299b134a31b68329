export default {
  invoice: {
    title: 'Invoices', hint: 'How each line is taxed, and the input invoice behind it', search: 'Benefit, statement or invoice number', allKinds: 'All kinds of VAT', none: 'No lines yet', noneHint: 'Lines appear as soon as the statement is confirmed.',
    kind: 'Kind of VAT', kinds: { deemed_sale: 'Deemed sale', prepaid_sale: 'Prepaid sale', service: 'Service', none: 'None' },
    basis: { physical: 'Goods given free', voucher: 'Voucher', card_code: 'Card code, sold ahead', topup: 'Top-up, sold ahead', points: 'Points', financial: 'Financial benefit', difference: 'Accepted difference', changed: 'Changed' },
    slot: 'Invoice for', slots: { sale: 'Sale', purchase: 'Purchase, not taxed', use: 'Use', none: '—' },
    amount: 'Amount', number: 'Invoice number', taxOf: 'tax {{tax}}', enter: 'Enter invoice', enterOf_one: 'Invoice for {{count}} line', enterOf_other: 'Invoice for {{count}} lines', entered: 'Invoice entered', request: 'Asked for',
    total: 'Total with tax', numberHint: 'Digital invoices have 20 digits; with a code, 8', code: 'Code', codeHint: 'Empty for a digital invoice', twentyDigits: 'Enter 20 digits', eightDigits: 'Enter 8 digits', codeDigits: 'A code has 10 or 12 digits', issued: 'Day of issue', rate: 'Rate', untaxed: 'Not taxed', tax: 'Tax', taxHint: 'Works out from total and rate; must fit to the fen',
    purchaseHint: 'What is prepaid has a non-taxed invoice on purchase; the real one comes with its use.', mixed: 'Purchases need an invoice of their own. Choose them apart from other lines.',
    change: 'Change kind', changeOf: 'Kind of VAT of {{title}}', changeHint: 'Somebody else than the maker of the statement, and only before an invoice stands.', reverse: 'Take back', reverseOf: 'Take back invoice {{number}}', reverseHint: 'Every line it covers waits for another invoice. The number cannot be entered again.',
    page: 'Input invoices', meta: 'Every line of confirmed statements: how it is taxed, whether its invoice came, whether the file is kept', missing: 'What is missing', missingHint: 'By supplier, who lacks most first', supplier: 'Supplier', lines: 'Lines', waiting: 'Invoices to come', waitingFen: 'Amount to come', received: 'Received', noPaper: 'Without a file', oldest: 'Oldest period', complete: 'Every invoice is here, with its file.', since: 'Period from', until: 'Period to', period: 'Period',
    paper: 'Files', keepPaper: 'Keep a file', keepPaperOf: 'Keep a file of invoice {{number}}', keepPaperHint: 'PDF, OFD or XML, up to 10 MB. Kept sealed for 30 years; every download stands in the trail.', choosePaper: 'Choose a file', paperKept: 'File kept', takePaper: 'Download {{format}}', papers: '{{shown}}',
  },
}
