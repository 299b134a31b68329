export default {
  invoice: {
    title: '进项发票', hint: '每条明细的增值税类别，以及对应的进项发票', search: '权益、结算单号或发票号码', allKinds: '全部类别', none: '还没有明细', noneHint: '结算单确认后，这里逐条列出应收的发票。',
    kind: '增值税类别', kinds: { deemed_sale: '视同销售', prepaid_sale: '预付卡销售', service: '服务', none: '不涉及' },
    basis: { physical: '无偿赠送实物', voucher: '礼券', card_code: '卡密，先售后用', topup: '充值，先售后用', points: '积分', financial: '金融权益', difference: '对账差异', changed: '人工调整' },
    slot: '发票用途', slots: { sale: '销售', purchase: '购卡（不征税）', use: '使用', none: '—' },
    amount: '金额', number: '发票号码', taxOf: '税额 {{tax}}', enter: '登记发票', enterOf_one: '为 {{count}} 条明细登记发票', enterOf_other: '为 {{count}} 条明细登记发票', entered: '发票已登记', request: '标记已催票',
    total: '价税合计', numberHint: '数电发票 20 位；填了发票代码则为 8 位', code: '发票代码', codeHint: '数电发票不填', twentyDigits: '请输入 20 位数字', eightDigits: '请输入 8 位数字', codeDigits: '发票代码为 10 或 12 位数字', issued: '开票日期', rate: '税率', untaxed: '不征税', tax: '税额', taxHint: '按价税合计和税率算出，须精确到分',
    purchaseHint: '预付的权益购入时开不征税发票，使用时再开实际发票。', mixed: '购卡的发票要单独登记，请与其他明细分开选择。',
    change: '调整类别', changeOf: '调整「{{title}}」的增值税类别', changeHint: '由制单人以外的同事调整，且只能在收票之前。', reverse: '冲销', reverseOf: '冲销发票 {{number}}', reverseHint: '它对应的明细重新等待发票，这个号码不能再登记。',
    page: '进项发票', meta: '全行已确认结算单的每条明细：怎样计税、发票到了没有、文件存了没有', missing: '还缺什么', missingHint: '按供应商汇总，缺得最多的在前', supplier: '供应商', lines: '明细', waiting: '待收发票', waitingFen: '待收金额', received: '已收发票', noPaper: '缺文件', oldest: '最早账期', complete: '所有发票都已收齐，文件都已保存。', since: '账期自', until: '账期至', period: '账期',
    paper: '文件', keepPaper: '保存文件', keepPaperOf: '保存发票 {{number}} 的文件', keepPaperHint: 'PDF、OFD 或 XML，不超过 10 MB；加密保存 30 年，每次下载都会留痕。', choosePaper: '选择文件', paperKept: '文件已保存', takePaper: '下载 {{format}}', papers: '{{shown}} 份',
  },
}
