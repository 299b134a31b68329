/** One cell beside the map: how many, how they are, where they move, what sets them apart, and what can be done. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCellProfile, type CellPage, type GridMap, type Looked } from '@api/grid'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatDay, formatPpm, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { Loaded, type QueryState } from '@kit/states'
import { FlowPicture } from './FlowPicture'
import { SegmentOfCell } from './SegmentOfCell'
import { monthName, useCellName, useValue } from './words'

const STAGES = ['hot', 'warm', 'cool', 'cold'] as const

interface CellPanelProps {
  map: GridMap
  cell: string
  looked: Looked
  query: QueryState<CellPage>
  /** Whether somebody just chose the cell: then the panel is read next, and the arrow keys scroll it. */
  asked: boolean
  close: () => void
}

export function CellPanel({ map, cell, looked, query, asked, close }: CellPanelProps) {
  const { t } = useTranslation()
  const { may } = useSession()
  const nameOf = useCellName(map.axes)
  const [making, setMaking] = useState<'segment' | 'campaign' | null>(null)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (asked) panel.current?.focus({ preventScroll: true })
  }, [asked])
  return (
    <aside className="cell-panel" aria-label={nameOf(cell)} ref={panel} tabIndex={-1}>
      <div className="cell-body">
        <div className="between">
          <div>
            <small className="muted">{t('grid.cellNo', { cell })}</small>
            <h2>{nameOf(cell, ' × ')}</h2>
          </div>
          <Button type="text" aria-label={t('action.close')} icon={<Icon name="close" />} onClick={close} />
        </div>
        <Loaded query={query} rows={8}>{(page) => <Whole map={map} page={page} looked={looked} />}</Loaded>
      </div>
      {may('segment.write') && query.data?.customers && (
        <footer className="cell-actions">
          {may('campaign.write') && <Button onClick={() => setMaking('campaign')}>{t('grid.campaign')}</Button>}
          <Button type="primary" onClick={() => setMaking('segment')}>{t('grid.segment')}</Button>
        </footer>
      )}
      {making && query.data && <SegmentOfCell page={query.data} name={nameOf(cell, ' × ')} then={making} close={() => setMaking(null)} />}
    </aside>
  )
}

function Whole({ map, page, looked }: { map: GridMap; page: CellPage; looked: Looked }) {
  const { t } = useTranslation()
  const nameOf = useCellName(map.axes)
  if (page.customers === null) return <Note>{t('grid.fewHint')}</Note>
  return (
    <>
      <p className="cell-count">
        <b>{formatCount(page.customers)}</b> {t('unit.households')}
        <span>{t('grid.share', { share: page.share === null ? '—' : formatPpm(page.share * 1e6) })}</span>
        {page.change !== null && map.against && <span>{t('grid.against', { month: monthName(map.against.month) })} <Change value={page.change} text={formatCount(Math.abs(page.change))} /></span>}
      </p>
      <Facts page={page} />
      {map.against && (
        <section>
          <Head title={t('grid.moves')} hint={t('grid.between', { from: formatDay(map.against.day).slice(5), to: formatDay(map.month?.day).slice(5) })} />
          <FlowPicture page={page} nameOf={(code) => nameOf(code, '·')} />
          {(page.came !== 0 || page.went !== 0) && <p className="between s12"><span>{t('grid.came')} <b className="good">{page.came === null ? t('grid.few') : `+${formatCount(page.came)}`}</b></span><span>{t('grid.went')} <b className="bad">{page.went === null ? t('grid.few') : `−${formatCount(page.went)}`}</b></span></p>}
        </section>
      )}
      <Stages page={page} />
      <Telling cell={page.cell} looked={looked} />
      {page.deposit && <Note kind="warning" icon="audit">{t('grid.deposit')} <b>{t('grid.noCondition')}</b>{t('grid.ruleB1')}</Note>}
    </>
  )
}

function Head({ title, hint }: { title: string; hint?: string }) {
  return <h3 className="between">{title}{hint && <small className="muted">{hint}</small>}</h3>
}

/** A change with its sign; what stays says so. */
function Change({ value, text }: { value: number | null; text: string }) {
  const { t } = useTranslation()
  if (value === null) return null
  return value === 0 ? <span className="muted">{t('grid.same')}</span> : <span className={value > 0 ? 'good' : 'bad'}>{value > 0 ? '▲' : '▼'}{text}</span>
}

const steady = (value: number | null, least: number) => (value !== null && Math.abs(value) < least ? 0 : value)

function Facts({ page }: { page: CellPage }) {
  const { t } = useTranslation()
  const shown = useValue()
  return (
    <div className="cell-facts">
      <div><small>{t('grid.measures.active')}</small><b>{page.active === null ? '—' : formatPpm(page.active * 1e6)}</b><small><Change value={steady(page.active_change, 0.0005)} text={`${Math.abs((page.active_change ?? 0) * 100).toFixed(1)} pp`} /></small></div>
      <div><small>{t('grid.aumEach')}</small><b>{page.aum_fen === null ? '—' : `${t('grid.atLeast')}${shown(page.aum_fen, 'aum_fen')}`}</b><small><Change value={steady(page.aum_change, 0.0005)} text={formatPpm(Math.abs(page.aum_change ?? 0) * 1e6)} /></small></div>
      <div><small>{t('grid.productsEach')}</small><b>{page.products === null ? '—' : t('grid.products', { count: Number(page.products.toFixed(1)) })}</b><small><Change value={steady(page.products_change, 0.05)} text={Math.abs(page.products_change ?? 0).toFixed(1)} /></small></div>
      <div><small>{t('grid.costEach')}</small><b>{shown(page.cost_fen, 'cost_fen')}</b><small className="muted">{t('grid.days30')}</small></div>
    </div>
  )
}

function Stages({ page }: { page: CellPage }) {
  const { t } = useTranslation()
  const all = STAGES.reduce((sum, stage) => sum + (page.stages[stage] ?? 0), 0)
  return (
    <section>
      <Head title={t('grid.stages')} hint={t('grid.shares')} />
      {all === 0 ? <p className="muted s13">{t('grid.noStages')}</p> : (
        <>
          <div className="cell-stages" aria-hidden>{STAGES.map((stage) => <i key={stage} className={stage} style={{ width: `${((page.stages[stage] ?? 0) / all) * 100}%` }} />)}</div>
          <p className="cell-stage-names">{STAGES.map((stage) => <span key={stage}><i className={stage} />{t(`temperature.stages.${stage}`)} <b>{formatShare(page.stages[stage] ?? 0, all)}</b></span>)}</p>
        </>
      )}
    </section>
  )
}

function Telling({ cell, looked }: { cell: string; looked: Looked }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['grid-profile', cell, looked.month, looked.unit_id], queryFn: () => getCellProfile(cell, looked) })
  return (
    <section>
      <Head title={t('grid.telling')} hint={t('grid.times')} />
      <Loaded query={query} rows={3}>
        {(profile) => {
          const rows = profile.tags.filter((row) => row.times !== null && row.times > 1).slice(0, 5)
          const most = Math.max(1, ...rows.map((row) => row.times ?? 1))
          return rows.length === 0 ? <p className="muted s13">{t('grid.alike')}</p> : (
            <ul className="cell-telling">
              {rows.map((row) => (
                <li key={row.tag + row.value}>
                  <span>{row.value === 'yes' ? say(row.label, row.label_en) : t('tag.withValue', { label: say(row.label, row.label_en), value: say(row.value_label, row.value_label_en) })}</span>
                  <i><u style={{ width: `${((row.times ?? 0) / most) * 100}%` }} /></i>
                  <b>{row.times?.toFixed(1)}×</b>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </section>
  )
}
