/** Goods to send by suppliers without an interface: a locked file out, the supplier's answer in. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { answerConsignment, askConsignment, cancelConsignment, consignmentFile, listConsignmentDays, listConsignments, type Answered, type Consignment, type WaitingDay } from '@api/supply'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { FileField } from '@console/pages/benefits/FileField'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { SupplierFilter } from './OrdersPage'

const states = ['pending', 'approved', 'done', 'returned', 'rejected', 'withdrawn', 'cancelled'] as const
const tones: Record<string, Tone> = { pending: 'info', approved: 'run', done: 'ok', returned: 'warn', rejected: 'bad' }
const keyOf = (day: WaitingDay) => `${day.supplier_id} ${day.business_on}`

export default function ConsignmentsPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const days = useQuery({ queryKey: ['consignment-days'], queryFn: listConsignmentDays, refetchInterval: 30_000 })
  const [asking, setAsking] = useState<WaitingDay | true | null>(null)
  const [answering, setAnswering] = useState<Consignment | null>(null)
  const refresh = () => Promise.all([cache.invalidateQueries({ queryKey: ['consignments'] }), cache.invalidateQueries({ queryKey: ['consignment-days'] })])
  const ready = (days.data?.items ?? []).filter((day) => day.over)
  const ask = may('supply.write') && <Button type="primary" icon={<Icon name="plus" />} disabled={ready.length === 0} onClick={() => setAsking(true)}>{t('consignment.ask')}</Button>
  return (
    <>
      <DataPage
        name="consignments"
        operation="list_consignments"
        title={t('menu.consignments')}
        label={t('menu.consignments')}
        meta={t('consignment.hint')}
        actions={ask}
        above={<Days days={days.data?.items ?? []} ask={may('supply.write') ? setAsking : undefined} />}
        load={listConsignments}
        rowKey={(row) => row.id}
        open={(row) => row.change_id && may('approval.read') && void navigate({ to: `/approvals/${row.change_id}` })}
        statuses={states.map((value) => ({ value, label: t(`status.consignment.${value}`) }))}
        filters={(state) => <SupplierFilter state={state} />}
        refetchInterval={5_000}
        columns={[
          { key: 'day', title: t('dayFile.business'), field: 'business_on', format: 'day', render: (row) => <b className="nowrap">{row.business_on}</b> },
          { key: 'supplier', title: t('sku.supplier'), field: 'supplier', render: (row) => say(row.supplier, row.supplier_en) },
          { key: 'orders', title: t('consignment.orders'), number: true, field: 'orders', format: 'count', render: (row) => formatCount(row.rows ?? row.orders) },
          { key: 'answered', title: t('consignment.answered'), field: 'sent', render: (row) => <Answers row={row} /> },
          { key: 'by', title: t('consignment.by'), field: 'asked_by', render: (row) => <>{row.asked_by}<small title={formatInstant(row.asked_at)}>{formatRecent(row.asked_at)}</small></> },
          { key: 'state', title: t('supplierOrder.state'), field: 'state', words: 'consignment', render: (row) => <><StatusTag kind="consignment" value={row.state} tone={tones[row.state]} />{row.fetched_at && <small>{t('consignment.fetched', { time: formatRecent(row.fetched_at) })}</small>}</> },
          { key: 'reason', title: t('consignment.reason'), optional: true, field: 'reason', render: (row) => row.reason },
          { key: 'actions', title: '', render: (row) => <Verbs row={row} answer={() => setAnswering(row)} refresh={refresh} /> },
        ]}
        empty={<Empty title={t('consignment.none')}>{t('consignment.noneHint')}</Empty>}
      />
      {asking && <AskFile days={ready} chosen={asking === true ? undefined : asking} refresh={refresh} close={() => setAsking(null)} />}
      {answering && <Answer row={answering} refresh={refresh} close={() => setAnswering(null)} />}
    </>
  )
}

/** What waits: a line for each supplier and day whose orders have not ended. */
function Days({ days, ask }: { days: WaitingDay[]; ask?: (day: WaitingDay) => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  if (days.length === 0) return null
  return (
    <div className="above-list"><Card title={t('consignment.waiting')} hint={t('consignment.waitingHint')} flush>
      <DataTable
        label={t('consignment.waiting')}
        rows={days}
        rowKey={keyOf}
        columns={[
          { key: 'day', title: t('dayFile.business'), render: (day) => <b className="nowrap">{day.business_on}</b> },
          { key: 'supplier', title: t('sku.supplier'), render: (day) => say(day.supplier, day.supplier_en) },
          { key: 'orders', title: t('consignment.open'), number: true, render: (day) => formatCount(day.orders) },
          { key: 'ask', title: '', render: (day) => (day.over ? ask && <Button size="small" onClick={() => ask(day)}>{t('consignment.ask')}</Button> : <span className="second nowrap">{t('consignment.notOver')}</span>) },
        ]}
      />
    </Card></div>
  )
}

function Answers({ row }: { row: Consignment }) {
  const { t } = useTranslation()
  if (!row.answered_at) return <span className="second">—</span>
  return <><span className="nowrap">{t('consignment.sentOf', { shown: formatCount(row.sent) })}</span><small>{t('consignment.refusedOf', { shown: formatCount(row.refused) })}</small></>
}

function Verbs({ row, answer, refresh }: { row: Consignment; answer: () => void; refresh: () => Promise<unknown> }) {
  const { t } = useTranslation()
  const can = row.can ?? []
  const stop = async () => { await cancelConsignment(row.id); await refresh() }
  return (
    <span className="row s12 nowrap" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()} role="presentation">
      {can.includes('download') && <a href={consignmentFile(row.id)} download onClick={() => void setTimeout(() => void refresh(), 1_000)}>{t('action.download')}</a>}
      {can.includes('answer') && <Button size="small" onClick={answer}>{t('consignment.answer')}</Button>}
      {can.includes('cancel') && <Button size="small" onClick={() => void stop()}>{t('consignment.cancel')}</Button>}
    </span>
  )
}

function AskFile({ days, chosen, refresh, close }: { days: WaitingDay[]; chosen?: WaitingDay; refresh: () => Promise<unknown>; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const { message } = App.useApp()
  const [number] = useState(requestNo)
  const submit = async ({ day, reason }: { day: string; reason: string }) => {
    const of = days.find((one) => keyOf(one) === day)
    if (!of) return
    await askConsignment({ supplier_id: of.supplier_id, business_on: of.business_on, reason, request_no: number })
    await refresh()
    void message.success(t('consignment.asked'))
  }
  return (
    <Ask<{ day: string; reason: string }> title={t('consignment.ask')} submit={submit} close={close} action={t('action.submit')} initial={{ day: chosen ? keyOf(chosen) : undefined, reason: t('consignment.purpose') }}>
      <p className="second">{t('consignment.askHint')}</p>
      <Form.Item name="day" label={t('consignment.which')} rules={needed(t('consignment.which'))}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={days.map((day) => ({ value: keyOf(day), label: t('consignment.choice', { day: day.business_on, supplier: say(day.supplier, day.supplier_en), shown: formatCount(day.orders) }) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t('consignment.reason')} rules={needed(t('consignment.reason'))}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}

function Answer({ row, refresh, close }: { row: Consignment; refresh: () => Promise<unknown>; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const { modal } = App.useApp()
  const submit = async ({ file }: { file: File }) => {
    const told = await answerConsignment(row.id, file)
    await refresh()
    void modal.info({ title: t('consignment.told'), content: <Told told={told} />, okText: t('action.close'), width: 520 })
  }
  return (
    <Ask<{ file: File }> title={t('consignment.answer')} submit={submit} close={close} action={t('consignment.answer')}>
      <p className="second">{t('consignment.answerHint', { day: row.business_on, supplier: say(row.supplier, row.supplier_en) })}</p>
      <Form.Item name="file" label={t('consignment.file')} extra={t('consignment.fileHint')} rules={needed(t('consignment.file'))}><FileField accept=".xlsx,.csv,.txt" /></Form.Item>
    </Ask>
  )
}

function Told({ told }: { told: Answered }) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('consignment.result', { sent: formatCount(told.sent), refused: formatCount(told.refused), known: formatCount(told.known) })}</p>
      {told.problem_count > 0 && <p className="warn">{t('consignment.problems', { shown: formatCount(told.problem_count) })}</p>}
      <ul>{told.problems.map((one) => <li key={`${one.row} ${one.number}`}>{t('consignment.problem', { row: one.row, number: one.number, why: t(`consignment.why.${one.code}`) })}</li>)}</ul>
    </>
  )
}
