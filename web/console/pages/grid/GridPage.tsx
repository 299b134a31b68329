/** The grid: wealth, life stage and occupation; where customers are and where they move; a cell beside it. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Segmented, Select, Switch } from 'antd'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { askPlacement, getCell, getGrid, listFillTasks, type GridMap, type Looked } from '@api/grid'
import { useSession } from '@console/app/session'
import { UnitSelect } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatDay, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { CellPanel } from './CellPanel'
import { HeatMap, Legend } from './HeatMap'
import { MovesCard } from './MovesCard'
import { saveMap } from './saving'
import { MEASURES, type Measure } from './shades'
import { monthName, useCellName } from './words'
import './grid.css'

interface Wanted extends Looked {
  measure?: Measure
  moves?: 'off'
  cell?: string
}

export default function GridPage() {
  const { t } = useTranslation()
  const wanted = useSearch({ strict: false }) as Wanted
  const navigate = useNavigate()
  const change = (changes: Partial<Wanted>) => void navigate({ to: '/grid', search: { ...wanted, ...changes } as never, replace: true, resetScroll: false })
  const looked: Looked = { month: wanted.month, against: wanted.against, unit_id: wanted.unit_id }
  const query = useQuery({ queryKey: ['grid', looked], queryFn: () => getGrid(looked), placeholderData: keepPreviousData })
  const cell = wanted.cell
  const page = useQuery({ queryKey: ['grid-cell', cell, looked], queryFn: () => getCell(cell ?? '', looked), enabled: cell !== undefined, placeholderData: keepPreviousData })
  const own = page.data?.cell === cell ? page.data : undefined
  const map = query.data
  const [asked, setAsked] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const choose = (code: string) => {
    setAsked(true)
    change({ cell: code === cell ? undefined : code })
  }
  // Back to the cell it belongs to, for whoever goes by keys.
  const close = () => {
    place.current?.querySelector<HTMLElement>(`[data-cell="${cell}"]`)?.focus({ preventScroll: true })
    change({ cell: undefined })
  }
  const leave = (event: KeyboardEvent<HTMLDivElement>) => {
    const within = event.target instanceof Element && event.currentTarget.contains(event.target) && event.target.closest('.grid-map, .cell-panel')
    if (event.key === 'Escape' && cell && within) close()
  }
  return (
    <div className={cell ? 'grid-page with-cell' : 'grid-page'} ref={place} onKeyDown={leave}>
      <Head map={map} />
      <Loaded query={query} rows={12}>
        {(found) => found.month === null ? <Nobody /> : (
          <>
            <Tools map={found} wanted={wanted} change={change} />
            <section className="card grid-card">
              <header>
                <h2>{t(`grid.measures.${wanted.measure ?? 'customers'}`)}</h2>
                <small>{t(`grid.units.${wanted.measure ?? 'customers'}`)}{found.against && !wanted.moves && (wanted.measure ?? 'customers') === 'customers' && t('grid.netHint', { month: monthName(found.against.month) })}</small>
                <div className="right"><Legend map={found} measure={wanted.measure ?? 'customers'} /></div>
              </header>
              <div className="body">
                <HeatMap map={found} measure={wanted.measure ?? 'customers'} chosen={cell ?? null} page={own} moves={!wanted.moves} choose={choose} />
                <UnknownBar map={found} />
              </div>
            </section>
            {found.against && <MovesCard map={found} looked={looked} />}
            {cell && <CellPanel key={cell} map={found} cell={cell} looked={looked} query={{ data: own, error: page.error, refetch: page.refetch }} asked={asked} close={close} />}
          </>
        )}
      </Loaded>
    </div>
  )
}

function Head({ map }: { map: GridMap | undefined }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const nameOf = useCellName(map?.axes ?? [])
  const cells = map?.axes.reduce((product, axis) => product * axis.bands.length, 1) ?? 0
  return (
    <PageHead
      crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('grid.title', { cells: cells > 1 ? cells : 112 }) }]}
      title={t('grid.title', { cells: cells > 1 ? cells : 112 })}
      meta={map?.month && (
        <>
          <span>{map.axes.map((axis) => t('grid.axisOf', { count: axis.bands.length, axis: say(axis.label, axis.label_en) })).join(' × ')}</span>
          <span><em>{t('grid.month')}</em>{monthName(map.month.month)}{map.against ? t('grid.span', { from: formatDay(map.against.day).slice(5), to: formatDay(map.month.day).slice(5) }) : ` · ${formatDay(map.month.day)}`}</span>
        </>
      )}
      actions={
        <>
          <Link to="/grid/axes"><Button>{t(may('grid.write') ? 'grid.divide' : 'grid.divided')}</Button></Link>
          {map?.month && <Button icon={<Icon name="download" />} onClick={() => saveMap(map, nameOf, t)}>{t('action.export')}</Button>}
        </>
      }
    />
  )
}

function Tools({ map, wanted, change }: { map: GridMap; wanted: Wanted; change: (changes: Partial<Wanted>) => void }) {
  const { t } = useTranslation()
  const months = map.months.map((one) => ({ value: one.month, label: monthName(one.month) }))
  return (
    <div className="card grid-tools">
      <Segmented<Measure> size="small" aria-label={t('grid.measure')} value={wanted.measure ?? 'customers'} onChange={(measure) => change({ measure })} options={MEASURES.map((value) => ({ value, label: t(`grid.measures.${value}`) }))} />
      {map.against && (
        <span className="row">
          <Select size="small" aria-label={t('grid.from')} value={map.against.month} options={months.filter((one) => one.value !== map.month?.month)} onChange={(against: string) => change({ against })} />
          →
          <Select size="small" aria-label={t('grid.to')} value={map.month?.month} options={months} onChange={(month: string) => change({ month, against: undefined })} />
        </span>
      )}
      <UnitSelect size="small" allowClear aria-label={t('grid.unit')} placeholder={t('grid.allUnits')} style={{ minWidth: 160 }} value={wanted.unit_id ? Number(wanted.unit_id) : undefined} onChange={(unit?: number) => change({ unit_id: unit === undefined ? undefined : String(unit) })} />
      {map.against && <label className="row grid-switch"><Switch size="small" checked={!wanted.moves} onChange={(on) => change({ moves: on ? undefined : 'off' })} />{t('grid.showMoves')}</label>}
    </div>
  )
}

function UnknownBar({ map }: { map: GridMap }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const tasks = useQuery({ queryKey: ['grid-fill-tasks'], queryFn: listFillTasks })
  const open = tasks.data?.items.filter((task) => task.state === 'open') ?? []
  const [whole, filled] = [open.reduce((sum, task) => sum + task.customers, 0), open.reduce((sum, task) => sum + task.filled, 0)]
  const { customers, change, axes } = map.unknown
  const label = new Map(map.axes.map((axis) => [axis.name, say(axis.label, axis.label_en)]))
  return (
    <div className="grid-unknown">
      <b>{t('grid.unknown', { count: customers, shown: formatCount(customers) })}</b>
      <span className="second">
        {axes.filter((axis) => axis.customers > 0).map((axis) => t('grid.lacks', { axis: label.get(axis.axis), count: axis.customers, shown: formatCount(axis.customers) })).join(t('grid.comma'))}
        {customers > 0 && t('grid.overlap')}{t('grid.unknownShare', { share: formatShare(customers, map.customers) })}
        {change !== null && change !== 0 && map.against && <>{t('grid.comma')}{t('grid.against', { month: monthName(map.against.month) })} {change > 0 ? '▲' : '▼'}{formatCount(Math.abs(change))}</>}
      </span>
      <Link to="/grid/unknown">{t('grid.fill')}{whole > 0 && ` · ${t('grid.filled', { share: formatShare(filled, whole) })}`} ›</Link>
    </div>
  )
}

function Nobody() {
  const { t } = useTranslation()
  const { may } = useSession()
  const { message } = App.useApp()
  const say = useProblemText()
  const place = useMutation({ mutationFn: askPlacement, onSuccess: () => void message.success(t('grid.placing')), onError: (error) => void message.error(say(problemOf(error))) })
  return (
    <section className="card">
      <Empty title={t('grid.none')} actions={may('grid.write') && <span className="row"><Link to="/grid/axes"><Button>{t('grid.divide')}</Button></Link><Button type="primary" loading={place.isPending} onClick={() => place.mutate()}>{t('grid.place')}</Button></span>}>{t('grid.noneHint')}</Empty>
    </section>
  )
}
