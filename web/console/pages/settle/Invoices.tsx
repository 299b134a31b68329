/** Input invoices: how each line of a confirmed statement is taxed, asked for, entered and taken back. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keepPaper, listInvoiceLines, reclassifyLine, requestInvoices, reverseInvoice, takePaper, type InvoiceLine, type Paper, type VatKind } from '@api/invoices'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { formatMoney, formatPpm } from '@kit/format'
import type { ListState } from '@kit/listParams'
import { Empty } from '@kit/states'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { saved } from '@kit/saved'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { EnterInvoice } from './EnterInvoice'
import { PeriodFilter } from './PeriodFilter'
import { SupplierFilter } from './OrdersPage'
import './invoices.css'

const kinds = ['deemed_sale', 'prepaid_sale', 'service', 'none'] as const
const states = ['open', 'requested', 'received', 'reversed', 'none'] as const
const tones: Record<string, Tone> = { open: 'draft', requested: 'info', received: 'ok', reversed: 'warn', none: '' }

/** Those of one statement, or with none given of them all. */
export function Invoices({ statementId }: { statementId?: string }) {
  const { t } = useTranslation()
  const supplier = useBilingual()
  const [asked, setAsked] = useState<{ lines: InvoiceLine[]; clear: () => void }>()
  const [changed, setChanged] = useState<InvoiceLine>()
  const [reversed, setReversed] = useState<InvoiceLine>()
  const [kept, setKept] = useState<InvoiceLine>()
  const name = statementId ? `invoice-lines-${statementId}` : 'invoice-lines'
  const fixed = statementId ? { statement_id: statementId } : undefined
  return (
    <>
      <DataList<InvoiceLine>
        name={name}
        operation="list_invoice_lines"
        label={t('invoice.title')}
        load={(query) => listInvoiceLines({ ...query, ...fixed })}
        fixed={fixed}
        rowKey={(row) => row.id}
        searchHint={t('invoice.search')}
        statuses={states.map((value) => ({ value, label: t(`status.invoiceLine.${value}`) }))}
        filters={(state) => <>{!statementId && <><SupplierFilter state={state} /><PeriodFilter state={state} /></>}<KindFilter state={state} /></>}
        bulk={[
          { key: 'receive', label: t('invoice.enter'), fits: (row) => row.can.includes('receive'), begin: (lines, clear) => setAsked({ lines, clear }) },
          { key: 'request', label: t('invoice.request'), fits: (row) => row.can.includes('request'), run: requestInvoices },
        ]}
        columns={[
          { key: 'title', title: t('campaign.sku'), field: 'title', render: (row) => <><b>{supplier(row.title, row.title_en)}</b><small>{statementId ? row.campaign : `${supplier(row.supplier, row.supplier_en)} · ${row.number}`}</small></> },
          { key: 'kind', title: t('invoice.kind'), field: 'vat_kind', words: 'invoice.kinds', render: (row) => <span title={row.why || undefined}>{t(`invoice.kinds.${row.vat_kind}`)}<small>{row.basis === 'changed' ? row.why : t(`invoice.basis.${row.basis}`)}</small></span> },
          { key: 'slot', title: t('invoice.slot'), field: 'slot', words: 'invoice.slots', render: (row) => t(`invoice.slots.${row.slot}`) },
          { key: 'amount', title: t('invoice.amount'), number: true, field: 'amount_fen', format: 'yuan', render: (row) => <b>{formatMoney(row.amount_fen)}</b> },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.invoiceLine', render: (row) => <StatusTag kind="invoiceLine" value={row.state} tone={tones[row.state]} /> },
          { key: 'number', title: t('invoice.number'), field: 'invoice.number', render: (row) => (row.invoice ? <><span className="mono">{row.invoice.code} {row.invoice.number}</span><small>{row.invoice.issued_on} · {formatPpm(row.invoice.rate_ppm)} · {t('invoice.taxOf', { tax: formatMoney(row.invoice.tax_fen) })}</small></> : '—') },
          { key: 'papers', title: t('invoice.paper'), render: (row) => <Papers line={row} /> },
          { key: 'statement', title: t('statement.number'), optional: true, field: 'number', render: (row) => row.number },
          { key: 'do', title: '', render: (row) => <span className="invoice-do">{row.can.includes('reclassify') && row.slot !== 'use' && <Button size="small" type="link" onClick={() => setChanged(row)}>{t('invoice.change')}</Button>}{row.can.includes('keep_paper') && <Button size="small" type="link" onClick={() => setKept(row)}>{t('invoice.keepPaper')}</Button>}{row.can.includes('reverse') && <Button size="small" type="link" danger onClick={() => setReversed(row)}>{t('invoice.reverse')}</Button>}</span> },
        ]}
        empty={<Empty title={t('invoice.none')}>{t('invoice.noneHint')}</Empty>}
      />
      {asked && <EnterInvoice lines={asked.lines} list={name} done={asked.clear} close={() => setAsked(undefined)} />}
      {changed && <ChangeKind line={changed} list={name} close={() => setChanged(undefined)} />}
      {kept?.invoice && <KeepPaper line={kept} id={kept.invoice.id} list={name} close={() => setKept(undefined)} />}
      {reversed?.invoice && <Reverse line={reversed} id={reversed.invoice.id} list={name} close={() => setReversed(undefined)} />}
    </>
  )
}

/** The kept files of a line's invoice; taking one is noted in the trail. */
function Papers({ line }: { line: InvoiceLine }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const papers = line.invoice?.papers ?? []
  const take = async (paper: Paper) => {
    try {
      saved(await takePaper(paper.id), paper.name)
    } catch (failure) {
      void message.error(say(problemOf(failure)))
    }
  }
  if (!papers.length) return '—'
  return <span className="invoice-do">{papers.map((paper) => <Button key={paper.id} size="small" title={`${paper.name} · SHA-256 ${paper.sha256}`} aria-label={t('invoice.takePaper', { format: paper.format.toUpperCase() })} onClick={() => void take(paper)}>{paper.format.toUpperCase()}</Button>)}</span>
}

function KeepPaper({ line, id, list, close }: OneProps & { id: string }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [file, setFile] = useState<File>()
  const submit = async () => {
    if (!file) return
    await keepPaper(id, file)
    await cache.invalidateQueries({ queryKey: [list] })
    await cache.invalidateQueries({ queryKey: ['invoices-missing'] })
    void message.success(t('invoice.paperKept'))
  }
  return (
    <Ask<{ file: string }> title={t('invoice.keepPaperOf', { number: line.invoice?.number })} action={t('invoice.keepPaper')} close={close} submit={submit}>
      <p className="second s13">{t('invoice.keepPaperHint')}</p>
      <Form.Item name="file" label={t('invoice.choosePaper')} rules={[{ required: true, message: t('invoice.choosePaper') }]}><input type="file" accept=".pdf,.ofd,.xml" onChange={(event) => setFile(event.target.files?.[0])} /></Form.Item>
    </Ask>
  )
}

function KindFilter({ state }: { state: ListState }) {
  const { t } = useTranslation()
  return (
    <Select
      allowClear
      placeholder={t('invoice.allKinds')}
      aria-label={t('invoice.kind')}
      value={state.params.vat_kind}
      onChange={(vat_kind?: string) => state.change({ vat_kind })}
      options={kinds.map((value) => ({ value, label: t(`invoice.kinds.${value}`) }))}
      className="invoice-kind"
    />
  )
}

interface OneProps {
  line: InvoiceLine
  list: string
  close: () => void
}

function ChangeKind({ line, list, close }: OneProps) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ kind, reason }: { kind: VatKind; reason: string }) => {
    await reclassifyLine(line, kind, reason)
    await cache.invalidateQueries({ queryKey: [list] })
  }
  return (
    <Ask<{ kind: VatKind; reason: string }> title={t('invoice.changeOf', { title: line.title })} action={t('action.save')} close={close} submit={submit}>
      <p className="second s13">{t('invoice.changeHint')}</p>
      <Form.Item name="kind" label={t('invoice.kind')} rules={needed(t('invoice.kind'))}><Select options={kinds.filter((kind) => kind !== line.vat_kind).map((value) => ({ value, label: t(`invoice.kinds.${value}`) }))} /></Form.Item>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </Ask>
  )
}

function Reverse({ line, id, list, close }: OneProps & { id: string }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await reverseInvoice(id, reason)
    await cache.invalidateQueries({ queryKey: [list] })
  }
  return (
    <Ask<{ reason: string }> title={t('invoice.reverseOf', { number: line.invoice?.number })} danger action={t('invoice.reverse')} close={close} submit={submit}>
      <p className="second s13">{t('invoice.reverseHint')}</p>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </Ask>
  )
}
