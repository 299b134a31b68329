/** Visits customers booked: whom to expect at which branch and when, who has checked in, and who was received. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listVisits, serveVisit, type BookedVisit } from '@api/bookings'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { ReviewButton } from '@console/pages/customers/ReviewButton'
import { PeriodFilter } from '@console/pages/settle/PeriodFilter'
import { DataPage } from '@kit/DataPage'
import { formatClock, formatDay, formatInstant } from '@kit/format'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const STAGES = ['arrived', 'booked', 'served', 'missed'] as const
const DAYS = ['begin', 'end'] as const
const REFRESH_MS = 10_000

export default function VisitsPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { ownCustomers } = useSession()
  const words = Object.fromEntries(STAGES.map((value) => [value, t(`status.visit.${value}`)]))
  return (
    <DataPage
      name="visit-bookings"
      operation={ownCustomers ? undefined : 'list_visit_bookings'}
      title={t('menu.visits')}
      label={t('menu.visits')}
      meta={<span>{t('visits.meta')}</span>}
      actions={<Link to="/lobby"><Button>{t('visits.toLobby')}</Button></Link>}
      load={listVisits}
      refetchInterval={REFRESH_MS}
      rowKey={(row) => row.id}
      searchHint={t('visits.search')}
      filters={(state) => <PeriodFilter state={state} names={DAYS} label={t('visits.days')} since={t('visits.from')} until={t('visits.to')} />}
      statuses={STAGES.map((value) => ({ value, label: words[value] ?? value }))}
      columns={[
        { key: 'due', title: t('visits.due'), field: 'starts_at', format: 'instant', render: (row) => <span className="nowrap"><b>{formatClock(row.starts_at)}–{formatClock(row.ends_at)}</b><br /><small className="muted">{formatDay(row.starts_at)}</small></span> },
        { key: 'who', title: t('lobby.visitor'), field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.customer_name ?? row.customer_no}</Link><br /><small className="mono muted">{row.customer_no}</small></span> },
        { key: 'place', title: t('lobby.unit'), field: 'place', render: (row) => <span className="wrap-any">{say(row.place, row.place_en)}</span> },
        { key: 'stage', title: t('campaign.state'), field: 'stage', words, render: (row) => <Stage row={row} /> },
        { key: 'act', title: '', render: (row) => <span className="row" style={{ gap: 8, justifyContent: 'flex-end' }}><Serve row={row} />{row.stage === 'served' && <ReviewButton small seq={row.seq} name={row.customer_name ?? row.customer_no} />}</span> },
      ]}
      empty={<Empty title={t('visits.none')}>{t('visits.noneHint')}</Empty>}
    />
  )
}

function Stage({ row }: { row: BookedVisit }) {
  const { t } = useTranslation()
  const tone = { booked: 'info', arrived: 'warn', served: 'ok', missed: 'bad' } as const
  return (
    <span>
      <StatusTag kind="visit" value={row.stage} tone={tone[row.stage]} />
      {row.stage === 'arrived' && row.arrived_at && <><br /><small className="muted nowrap">{t('visits.since', { time: formatInstant(row.arrived_at) })}</small></>}
      {row.stage === 'served' && row.served_by && <><br /><small className="muted">{t('visits.by', { name: row.served_by })}</small></>}
    </span>
  )
}

/** One press records that the visitor was received: the visit is used up, and what rewards it may be claimed. */
export function Serve({ row }: { row: BookedVisit }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const client = useQueryClient()
  const serve = useMutation({
    mutationFn: () => serveVisit(row.id),
    onSuccess: () => { void message.success(t('visits.done')); void client.invalidateQueries() },
    onError: (error) => void message.error(say(problemOf(error))),
  })
  if (!row.can.includes('serve')) return null
  return <Button size="small" type="primary" loading={serve.isPending} onClick={() => serve.mutate()}>{t('visits.serve')}</Button>
}
