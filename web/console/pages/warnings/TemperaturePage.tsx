/** How warm the customers are: where they stand, how that moved by day, and who became colder or warmer most. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { getShape, listDays, listMovers, type Mover, type Shape, type Stage } from '@api/temperature'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { formatCount, formatDay, formatShare } from '@kit/format'
import { Card, PageHead } from '@kit/layout'
import type { ListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import { StageTag } from '../customers/TemperatureCard'
import { DaysPicture } from './DaysPicture'
import './temperature.css'

const STAGES: Stage[] = ['hot', 'warm', 'cool', 'cold']
const LIFECYCLES = ['new', 'growing', 'mature', 'cooling', 'lost'] as const
const POINTS = ['5', '10', '20', '30']

export default function TemperaturePage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const shape = useQuery({ queryKey: ['temperature-shape'], queryFn: getShape, enabled: may('tag.read') })
  const day = shape.data?.day
  return (
    <>
      <PageHead
        title={t('menu.temperature')}
        meta={<span>{day ? t('temperature.pageMeta', { day: formatDay(day) }) : t('temperature.pageHint')}</span>}
        actions={may('tag.read') && <Button onClick={() => void navigate({ to: '/temperature/scale' })}>{t('temperature.scale.title')}</Button>}
      />
      {may('tag.read') && (
        <div className="grid temperature-above">
          <Card className="c5" title={t('temperature.now')} hint={shape.data ? t('temperature.customers', { shown: formatCount(shape.data.customers), count: shape.data.customers }) : undefined}>
            <Loaded query={shape} rows={6}>{(found) => (found.customers ? <Standing shape={found} /> : <Empty title={t('temperature.none')}>{t('temperature.noneHint')}</Empty>)}</Loaded>
          </Card>
          <Card className="c7" title={t('temperature.byDay')} hint={t('temperature.byDayHint')}>
            <Days />
          </Card>
        </div>
      )}
      {may('warning.read') && <Movers />}
    </>
  )
}

function Standing({ shape }: { shape: Shape }) {
  const { t } = useTranslation()
  const most = Math.max(...LIFECYCLES.map((one) => shape.lifecycles[one] ?? 0), 1)
  const moved = [...shape.moves].sort((a, b) => b.customers - a.customers).slice(0, 3)
  return (
    <>
      <div className="row temperature-average"><b className="figure">{shape.average}</b><span className="second s13">{t('temperature.average')}</span></div>
      <div className="stage-bars" aria-hidden>{STAGES.map((stage) => <i key={stage} className={stage} style={{ width: `${((shape.stages[stage] ?? 0) / shape.customers) * 100}%` }} />)}</div>
      <div className="stage-names">
        {STAGES.map((stage) => <span key={stage}><StageTag stage={stage} /> <b>{formatShare(shape.stages[stage] ?? 0, shape.customers)}</b> <small className="muted">{formatCount(shape.stages[stage] ?? 0)}</small></span>)}
      </div>
      <h3 className="second s12 temperature-part">{t('temperature.lifecycle')}</h3>
      <dl className="lifecycle-bars">
        {LIFECYCLES.map((one) => (
          <div key={one}>
            <dt>{t(`temperature.lifecycles.${one}`)}</dt>
            <dd><i aria-hidden style={{ width: `${((shape.lifecycles[one] ?? 0) / most) * 100}%` }} /></dd>
            <dd>{formatCount(shape.lifecycles[one] ?? 0)} <small className="muted">{formatShare(shape.lifecycles[one] ?? 0, shape.customers)}</small></dd>
          </div>
        ))}
      </dl>
      {moved.length > 0 && (
        <p className="s13 temperature-flows">
          <span className="second">{t('temperature.moved')}</span>
          {moved.map((one) => <span key={one.was + one.stage}><StageTag stage={one.was} /> → <StageTag stage={one.stage} /> <b>{formatCount(one.customers)}</b></span>)}
        </p>
      )}
    </>
  )
}

function Days() {
  const { t } = useTranslation()
  const days = useQuery({ queryKey: ['temperature-days'], queryFn: () => listDays(90) })
  return <Loaded query={days} rows={6}>{(page) => (page.items.length > 1 ? <DaysPicture days={page.items} /> : <Empty title={t('temperature.none')}>{t('temperature.noneHint')}</Empty>)}</Loaded>
}

function Movers() {
  const { t } = useTranslation()
  const { ownCustomers } = useSession()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  return (
    <>
      <h2 className="temperature-list">{t('temperature.movers')}</h2>
      <DataList
        name="temperature-movers"
        operation={ownCustomers ? undefined : 'list_temperature_movers'}
        label={t('temperature.movers')}
        load={listMovers}
        rowKey={(row) => row.seq}
        filters={(state) => <Filters state={state} />}
        columns={[
          { key: 'who', title: t('warning.who'), field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small></span> },
          { key: 'change', title: t('temperature.change'), field: 'change', number: true, render: (row) => <Change row={row} /> },
          { key: 'now', title: t('temperature.title'), field: 'temperature', render: (row) => <StageTag stage={row.stage} value={row.temperature} /> },
          { key: 'lifecycle', title: t('temperature.lifecycle'), field: 'lifecycle', words: Object.fromEntries(LIFECYCLES.map((one) => [one, t(`temperature.lifecycles.${one}`)])), render: (row) => t(`temperature.lifecycles.${row.lifecycle}`) },
          { key: 'need', title: t('temperature.need'), field: say('need', 'need_en'), render: (row) => say(row.need, row.need_en) || <span className="muted">—</span> },
          { key: 'owner', title: t('warning.owner'), field: 'owner', render: (row) => <span>{row.owner || '—'}<br /><small className="muted">{unitLabel(row.unit_id, row.unit_name)}</small></span> },
        ]}
        empty={<Empty title={t('temperature.noMovers')}>{t('temperature.noMoversHint')}</Empty>}
      />
    </>
  )
}

function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const { direction = 'down', span = '7', points_min: points = '5', stage, lifecycle } = state.params
  return (
    <>
      <Segmented aria-label={t('temperature.direction')} value={direction} options={['down', 'up'].map((value) => ({ value, label: t(`temperature.directions.${value}`) }))} onChange={(value) => state.change({ direction: value === 'down' ? undefined : value })} />
      <Segmented aria-label={t('temperature.span')} value={span} options={['7', '30'].map((value) => ({ value, label: t('temperature.spans', { days: value }) }))} onChange={(value) => state.change({ span: value === '7' ? undefined : value })} />
      <Select aria-label={t('temperature.points')} value={points} style={{ minWidth: 120 }} options={POINTS.map((value) => ({ value, label: t('temperature.pointsFrom', { points: value }) }))} onChange={(value) => state.change({ points_min: value === '5' ? undefined : value })} />
      <Select allowClear aria-label={t('temperature.stage')} placeholder={t('temperature.stage')} style={{ minWidth: 110 }} value={stage} options={STAGES.map((value) => ({ value, label: t(`temperature.stages.${value}`) }))} onChange={(value?: string) => state.change({ stage: value })} />
      <Select allowClear aria-label={t('temperature.lifecycle')} placeholder={t('temperature.lifecycle')} style={{ minWidth: 130 }} value={lifecycle} options={LIFECYCLES.map((value) => ({ value, label: t(`temperature.lifecycles.${value}`) }))} onChange={(value?: string) => state.change({ lifecycle: value })} />
    </>
  )
}

function Change({ row }: { row: Mover }) {
  const points = Math.round(row.change)
  return <b className={points < 0 ? 'bad' : 'good'}>{points < 0 ? `−${-points}` : `+${points}`}</b>
}
