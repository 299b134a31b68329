/** Connected suppliers: whether they answer, what is on its way, what money is left, what is wrong. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAlarms, listHealth, type Alarm, type SupplierHealth } from '@api/supply'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Burn } from '@kit/Burn'
import { formatClock, formatCount, formatMoney, formatRecent, formatShare } from '@kit/format'
import { Count, Money } from '@kit/Headline'
import { Icon } from '@kit/icons'
import { Card, Facts, Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ConnectionForm } from './ConnectionForm'
import './settle.css'

export default function SupplyPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [editing, setEditing] = useState<string | 'new' | null>(null)
  const query = useQuery({ queryKey: ['supply'], queryFn: listHealth, refetchInterval: 10_000 })
  const connect = may('supply.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('supply.connect')}</Button>
  return (
    <>
      <PageHead title={t('menu.supplyHealth')} meta={t('supply.hint')} actions={connect} />
      <Loaded query={query} rows={8}>
        {({ items }) => (items.length === 0 ? <Card><Empty title={t('supply.none')} actions={connect}>{t('supply.noneHint')}</Empty></Card> : <Body rows={items} edit={may('supply.write') ? setEditing : undefined} />)}
      </Loaded>
      {editing && <ConnectionForm supplierId={editing === 'new' ? undefined : editing} close={() => setEditing(null)} />}
    </>
  )
}

const sum = (rows: SupplierHealth[], of: (row: SupplierHealth) => number) => rows.reduce((total, row) => total + of(row), 0)

function Body({ rows, edit }: { rows: SupplierHealth[]; edit?: (supplierId: string) => void }) {
  const { t } = useTranslation()
  const well = rows.filter((row) => row.enabled && row.breaker === 'closed' && row.alarms.length === 0).length
  const [done, failed] = [sum(rows, (row) => row.succeeded), sum(rows, (row) => row.failed)]
  return (
    <>
      <Figures
        items={[
          { label: t('supply.suppliers'), value: <Count value={rows.length} />, hint: t('supply.wellOf', { well }) },
          { label: t('supply.succeeded'), value: <Count value={done} />, unit: t('unit.pieces'), hint: t('supply.rate', { rate: formatShare(done, done + failed) }) },
          { label: t('supply.open'), value: <Count value={sum(rows, (row) => row.open)} />, unit: t('unit.pieces') },
          { label: t('supply.unknown'), value: <Count value={sum(rows, (row) => row.unknown)} />, unit: t('unit.pieces') },
          { label: t('supply.free'), value: <Money fen={sum(rows, (row) => row.free_fen)} /> },
        ]}
      />
      <Alarms />
      <div className="grid supply-cards">
        {[...rows].sort((a, b) => b.calls - a.calls).map((row) => <SupplierCard key={row.supplier_id} row={row} edit={edit} />)}
      </div>
    </>
  )
}

const money = new Set(['low_prepayment'])

function Alarms() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['supply', 'alarms'], queryFn: () => listAlarms(), refetchInterval: 10_000 })
  const standing = (query.data?.items ?? []).filter((alarm) => alarm.cleared_at == null)
  const shown = (alarm: Alarm, amount: number) => (money.has(alarm.kind) ? formatMoney(amount) : formatCount(amount))
  if (standing.length === 0) return null
  return (
    <Card className="supply-alarms" title={t('supply.alarms')} hint={t('supply.alarmCount', { count: standing.length })} flush>
      <ul className="lines">
        {standing.map((alarm) => (
          <li key={alarm.id} className="row">
            <span className="tag warn">{t(`supply.alarm.${alarm.kind}`)}</span>
            <span className="grow wrap-any">{t(`supply.alarmSays.${alarm.kind}`, { title: alarm.title, value: shown(alarm, alarm.value), threshold: shown(alarm, alarm.threshold) })}</span>
            <span className="second s12 nowrap">{formatRecent(alarm.raised_at)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function SupplierCard({ row, edit }: { row: SupplierHealth; edit?: (supplierId: string) => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const time = (ms: number | null) => (ms == null ? '—' : t('supply.milliseconds', { shown: formatCount(ms) }))
  const name = say(row.supplier, row.supplier_en)
  return (
    <Card
      className="c4"
      title={name}
      hint={<span className="mono">{row.code}</span>}
      right={row.enabled ? <StatusTag kind="breaker" value={row.breaker} tone={breakerTone[row.breaker]} /> : <span className="tag">{t('supply.off')}</span>}
      footer={
        <div className="between">
          <Link to={`/supplier-orders?supplier_id=${row.supplier_id}`}>{t('supply.allOrders')} ›</Link>
          {edit && <Button size="small" type="text" icon={<Icon name="setting" />} onClick={() => edit(row.supplier_id)}>{t('supply.connection')}</Button>}
        </div>
      }
    >
      <div className="between supply-rate">
        {row.calls ? <span className="figure">{formatShare(row.answered, row.calls)}<u>{t('supply.answered')}</u></span> : <span className="muted s13">{t('supply.noCalls')}</span>}
        <Hours row={row} />
      </div>
      {row.breaker !== 'closed' && row.error && <p className="s12 bad wrap-any">{t('supply.lastError', { error: row.error })}{row.probe_at && ` · ${t('supply.probe', { time: formatClock(row.probe_at) })}`}</p>}
      <Facts
        rows={[
          [`${t('supply.median')} · ${t('supply.slow')}`, `${time(row.median_ms)} · ${time(row.slow_ms)}`],
          [`${t('supply.succeeded')} · ${t('supply.failed')}`, `${formatCount(row.succeeded)} · ${formatCount(row.failed)}`],
          [`${t('supply.open')} · ${t('supply.unknown')}`, <>{formatCount(row.open)} · <span className={row.unknown ? 'warn strong' : undefined}>{formatCount(row.unknown)}</span></>],
        ]}
      />
      {row.prepaid && (
        <div className="supply-money">
          <span className="between s12"><span className="second">{t('supply.free')}</span><b className={row.free_fen <= row.alarm_fen ? 'warn' : undefined}>{formatMoney(row.free_fen)}</b></span>
          <Burn label={name} spent={row.free_fen} held={row.balance_fen - row.free_fen} limit={Math.max(row.balance_fen, row.alarm_fen, 1)} />
        </div>
      )}
    </Card>
  )
}

const breakerTone = { closed: 'ok', half_open: 'warn', open: 'bad' } as const
const HOURS = 24
const HIGH = 32

/** One bar an hour: dark is answered, light on top is not. */
function Hours({ row }: { row: SupplierHealth }) {
  const { t } = useTranslation()
  const [now] = useState(() => Math.floor(Date.now() / 3_600_000))
  const latest = Math.max(now, ...row.hours.map((hour) => Math.floor(Date.parse(hour.at) / 3_600_000)))
  const most = Math.max(1, ...row.hours.map((hour) => hour.calls))
  return (
    <svg className="supply-hours" viewBox={`0 0 ${HOURS * 6} ${HIGH}`} role="img" aria-label={t('supply.hoursSaid', { calls: row.calls, answered: row.answered })}>
      <title>{row.calls ? t('supply.hours') : t('supply.noCalls')}</title>
      <line x1="0" x2={HOURS * 6} y1={HIGH - 0.5} y2={HIGH - 0.5} stroke="var(--line)" />
      {row.hours.map((hour) => {
        const place = HOURS - 1 - (latest - Math.floor(Date.parse(hour.at) / 3_600_000))
        const [whole, good] = [(hour.calls / most) * (HIGH - 2), (hour.answered / most) * (HIGH - 2)]
        return place < 0 ? null : (
          <g key={hour.at}>
            <rect x={place * 6} width="4" y={HIGH - 1 - whole} height={whole} rx="1" fill="var(--warn)" opacity=".45" />
            <rect x={place * 6} width="4" y={HIGH - 1 - good} height={good} rx="1" fill="var(--c1)" />
          </g>
        )
      })}
    </svg>
  )
}
