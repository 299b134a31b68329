/** The day: what was redeemed, by whom, what it adds up to, and what can still be taken back. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTotals, listRedemptions, type Redemption } from '@api/counter'
import { useBilingual } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { Figures } from '@kit/layout'
import { useListState, type ListParams, type ListState } from '@kit/listParams'
import { Empty } from '@kit/states'
import { UndoDialog } from './UndoDialog'

interface DayListProps {
  isClerk: boolean
  storeId?: string
}

/** A teller looks at their own day first; a store's clerk at the store's. */
function asked(params: ListParams, { isClerk, storeId }: DayListProps): ListParams {
  const { whose, ...rest } = params
  return { ...rest, store_id: storeId, mine: isClerk === (whose === undefined) ? undefined : 'true' }
}

export function DayList(place: DayListProps) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { isClerk } = place
  const state = useListState()
  const [undoing, setUndoing] = useState<Redemption | null>(null)
  const { mine, store_id } = asked(state.params, place)
  return (
    <section aria-label={t('counter.today')}>
      <DayTotals params={{ day: state.params.day, q: state.params.q, mine, store_id }} />
      <DataList
        name="redemptions"
        operation="list_redemptions"
        label={t('counter.today')}
        load={(params) => listRedemptions({ ...asked(params, place), limit: '20' })}
        fixed={{ mine, store_id }}
        refetchInterval={15_000}
        rowKey={(row) => row.id}
        searchHint={t(isClerk ? 'counter.searchBenefit' : 'counter.search')}
        statuses={(['done', 'undone'] as const).map((value) => ({ value, label: t(`counter.standing.${value}`) }))}
        filters={(list) => <DayFilters list={list} isClerk={isClerk} />}
        columns={[
          { key: 'title', title: t('campaign.sku'), field: 'title', render: (row) => <><b>{say(row.title, row.title_en)}</b><small>{formatMoney(row.face_value_fen)}</small></> },
          { key: 'at', title: t('audit.at'), field: 'at', format: 'instant', render: (row) => <span className="nowrap">{formatSeconds(row.at)}</span> },
          { key: 'customer', title: t('customer.one'), field: 'customer_name', render: (row) => <>{row.customer_name ?? '—'}{row.customer_no && <small className="mono">{row.customer_no}</small>}</> },
          { key: 'value', title: t('counter.value'), field: 'face_value_fen', format: 'yuan', number: true, optional: true, render: (row) => formatMoney(row.face_value_fen) },
          { key: 'teller', title: t('counter.teller'), field: 'teller_name', render: (row) => <>{row.teller_name}{row.store_name && <small>{row.store_name}</small>}</> },
          { key: 'store', title: t('merchant.store'), field: 'store_name', optional: true, render: (row) => row.store_name },
          { key: 'reason', title: t('counter.undoReason'), field: 'reason', optional: true, render: (row) => row.reason },
          { key: 'undo', title: '', render: (row) => <UndoCell row={row} undo={() => setUndoing(row)} /> },
        ]}
        empty={<Empty sign="search" title={t('counter.noneToday')}>{t('counter.noneTodayHint')}</Empty>}
      />
      {undoing && <UndoDialog id={undoing.id} title={say(undoing.title, undoing.title_en)} until={undoing.undo_until} close={() => setUndoing(null)} />}
    </section>
  )
}

function UndoCell({ row, undo }: { row: Redemption; undo: () => void }) {
  const { t } = useTranslation()
  if (row.why_not === 'undone') return <span><span className="tag">{t('counter.undone')}</span><small className="wrap-any">{[row.undone_by_name, row.reason].filter(Boolean).join(' · ')}</small></span>
  if (row.why_not) return <span className="muted s12" title={t(`counter.whyNotHint.${row.why_not}`)}>{t(`counter.whyNot.${row.why_not}`)}</span>
  return <span><Button size="small" icon={<Icon name="undo" />} onClick={undo}>{t('counter.undo')}</Button><small className="nowrap">{t('counter.before', { time: formatSeconds(row.undo_until) })}</small></span>
}

function DayFilters({ list, isClerk }: { list: ListState; isClerk: boolean }) {
  const { t } = useTranslation()
  const today = formatDay(new Date())
  const day = list.params.day ?? today
  const first = isClerk ? 'place' : 'mine'
  return (
    <>
      <DatePicker size="small" aria-label={t('counter.day')} value={dayjs(day)} allowClear={false} disabledDate={(each) => each.isAfter(dayjs(today), 'day')} onChange={(_, text) => list.change({ day: text === today ? undefined : String(text) })} />
      <Segmented
        size="small"
        aria-label={t('counter.whose')}
        value={list.params.whose ?? first}
        onChange={(value) => list.change({ whose: value === first ? undefined : String(value) })}
        options={[{ value: 'mine', label: t('counter.who.mine') }, { value: 'place', label: t(isClerk ? 'counter.who.store' : 'counter.who.unit') }]}
      />
    </>
  )
}

const SHOWN = 3

function DayTotals({ params }: { params: ListParams }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [all, setAll] = useState(false)
  const query = useQuery({ queryKey: ['redemptions', 'totals', params], queryFn: () => getTotals(params), refetchInterval: 15_000 })
  const totals = query.data
  const benefits = totals?.benefits.filter((one) => one.redeemed > 0) ?? []
  return (
    <div className="day-totals">
      <Figures
        items={[
          { label: t('counter.standing.done'), value: formatCount(totals?.redeemed), unit: t('unit.pieces') },
          { label: t('counter.value'), value: formatMoney(totals?.face_value_fen) },
          { label: t('counter.standing.undone'), value: formatCount(totals?.undone), unit: t('unit.pieces') },
        ]}
      />
      {benefits.length > 1 && (
        <ul className="card lines" aria-label={t('counter.byBenefit')}>
          {benefits.slice(0, all ? undefined : SHOWN).map((one) => (
            <li key={one.title} className="between"><span className="wrap-any">{say(one.title, one.title_en)}</span><span className="nowrap second">{formatCount(one.redeemed)} · {formatMoney(one.face_value_fen)}</span></li>
          ))}
          {benefits.length > SHOWN && <li><Button type="link" size="small" onClick={() => setAll(!all)}>{t(all ? 'counter.fewer' : 'counter.all', { count: benefits.length })}</Button></li>}
        </ul>
      )}
    </div>
  )
}
