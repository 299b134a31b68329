/** Tax withheld on prizes: months with their totals, closed by two people, filed; below, the records of one month. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, DatePicker, Form, Input } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { closeTaxMonth, listTaxMonths, listWithholdings, remitTaxMonth, takeTaxFile, type TaxMonth, type Withholding } from '@api/tax'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { saved } from '@kit/saved'
import { formatCount, formatDay, formatInstant, formatMoney, formatPpm } from '@kit/format'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './tax.css'

export default function TaxPage() {
  const { t } = useTranslation()
  const months = useQuery({ queryKey: ['tax-months'], queryFn: listTaxMonths })
  return (
    <>
      <PageHead title={t('menu.tax')} meta={<span>{t('tax.meta')}</span>} />
      <Loaded query={months} rows={8}>{(found) => (found.length ? <Whole months={found} /> : <Empty title={t('tax.none')}>{t('tax.noneHint')}</Empty>)}</Loaded>
    </>
  )
}

function Whole({ months }: { months: TaxMonth[] }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(months[0]?.month ?? '')
  const month = months.find((one) => one.month === chosen) ?? months[0]
  if (!month) return null
  return (
    <>
      <div className="tax-months">
        <Card title={t('tax.months')} flush>
          <ul>
            {months.map((one) => (
              <li key={one.month}><button type="button" aria-pressed={one.month === month.month} onClick={() => setChosen(one.month)}><b>{one.month.slice(0, 7)}</b><StatusTag kind="taxMonth" value={one.state} /><span>{formatMoney(one.tax_fen)}</span></button></li>
            ))}
          </ul>
        </Card>
        <div className="tax-month">
          <Figures items={[
            { label: t('tax.people'), value: formatCount(month.people), hint: t('tax.records', { count: month.records, shown: formatCount(month.records) }) },
            { label: t('tax.value'), value: formatMoney(month.value_fen) },
            { label: t('tax.base'), value: formatMoney(month.base_fen), hint: t('tax.baseHint') },
            { label: t('tax.tax'), value: formatMoney(month.tax_fen) },
          ]} />
          <Close month={month} />
        </div>
      </div>
      <Records month={month.month} />
    </>
  )
}

function Close({ month }: { month: TaxMonth }) {
  const { t, i18n } = useTranslation()
  const say = useProblemText()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [asking, setAsking] = useState(false)
  const [paying, setPaying] = useState(false)
  const [busy, setBusy] = useState(false)
  const name = month.month.slice(0, 7)
  const take = async () => {
    setBusy(true)
    try {
      saved(await takeTaxFile(month.month, i18n.language.startsWith('en') ? 'en' : 'zh'), `tax-${name}.xlsx`)
    } catch (failure) {
      void message.error(say(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="card tax-close">
      {month.state === 'open' && <Note icon="info">{t(month.can.includes('close') ? 'tax.openHint' : 'tax.runsHint')}</Note>}
      {(month.state === 'requested' || month.state === 'remitting') && <Note icon="info">{t(month.state === 'requested' ? 'tax.waits' : 'tax.remitting')} {month.change_id && <Link to={`/approvals/${month.change_id}`}>{t('tax.look')}</Link>}</Note>}
      {month.remittance && <Note icon="check">{t('tax.remitted', { on: formatDay(month.remittance.paid_on), amount: formatMoney(month.remittance.amount_fen), reference: month.remittance.reference })}</Note>}
      {month.state === 'closed' && <Note icon="check">{t('tax.closed', { at: formatInstant(month.closed_at) })}</Note>}
      <div className="row">
        {month.can.includes('close') && <Button type="primary" onClick={() => setAsking(true)}>{t('tax.close')}</Button>}
        {month.can.includes('remit') && <Button type="primary" onClick={() => setPaying(true)}>{t('tax.remit')}</Button>}
        {month.can.includes('file') && <Button loading={busy} onClick={() => void take()}>{t('tax.file')}</Button>}
      </div>
      {asking && (
        <Ask<{ reason: string }> title={t('tax.closeOf', { month: name })} action={t('tax.ask')} close={() => setAsking(false)} submit={async ({ reason }) => { await closeTaxMonth(month.month, reason); await cache.invalidateQueries({ queryKey: ['tax-months'] }) }}>
          <p className="second s13">{t('tax.closeHint')}</p>
          <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
        </Ask>
      )}
      {paying && <Remit month={month} close={() => setPaying(false)} />}
    </div>
  )
}

interface Payment {
  paid: dayjs.Dayjs
  reference: string
  reason: string
}

function Remit({ month, close }: { month: TaxMonth; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ paid, reference, reason }: Payment) => {
    await remitTaxMonth(month.month, { paid_on: paid.format('YYYY-MM-DD'), reference, reason })
    await cache.invalidateQueries({ queryKey: ['tax-months'] })
  }
  const today = dayjs(formatDay(new Date()))
  return (
    <Ask<Payment> title={t('tax.remitOf', { month: month.month.slice(0, 7) })} action={t('tax.ask')} initial={{ paid: today }} submit={submit} close={close}>
      <p className="second s13">{t('tax.remitHint', { amount: formatMoney(month.tax_fen) })}</p>
      <Form.Item name="paid" label={t('tax.paidOn')} rules={needed(t('tax.paidOn'))}><DatePicker className="tax-wide" maxDate={today} /></Form.Item>
      <Form.Item name="reference" label={t('tax.reference')} rules={needed(t('tax.reference'))}><Input maxLength={64} autoComplete="off" /></Form.Item>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}

function Records({ month }: { month: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <DataList<Withholding>
      key={month}
      name={`withholdings-${month}`}
      label={t('tax.listed')}
      load={(query) => listWithholdings(month, query)}
      rowKey={(row) => row.id}
      searchHint={t('tax.search')}
      columns={[
        { key: 'customer', title: t('tax.customer'), render: (row) => <>{row.name || '—'}<small className="mono">{row.customer_no}</small></> },
        { key: 'title', title: t('tax.prize'), render: (row) => <>{say(row.title, row.title_en)}<small>{t(`tax.sources.${row.source_kind}`, { defaultValue: row.source_kind })}</small></> },
        { key: 'value', title: t('tax.value'), number: true, render: (row) => formatMoney(row.value_fen) },
        { key: 'base', title: t('tax.base'), number: true, render: (row) => formatMoney(row.base_fen) },
        { key: 'rate', title: t('tax.rate'), number: true, render: (row) => formatPpm(row.rate_ppm) },
        { key: 'tax', title: t('tax.tax'), number: true, render: (row) => <b>{formatMoney(row.tax_fen)}</b> },
        { key: 'bearer', title: t('tax.bearer'), render: (row) => t(`tax.bearers.${row.bearer}`) },
        { key: 'at', title: t('tax.earned'), render: (row) => <>{formatInstant(row.earned_at)}{row.corrects && <small>{t('tax.corrects', { month: row.corrects.slice(0, 7) })}</small>}</> },
      ]}
      empty={<Empty title={t('tax.noRecords')}>{t('tax.noRecordsHint')}</Empty>}
    />
  )
}
