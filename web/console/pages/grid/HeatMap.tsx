/** The map: wealth by rows, life stages by columns, occupations within; the chosen cell with where its customers move. */
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { getAxes, type CellFlow, type CellPage, type GridCell, type GridMap } from '@api/grid'
import { useBilingual } from '@console/app/useWords'
import { formatCount } from '@kit/format'
import { Arrows } from './Arrows'
import { cellBeside, cellOf } from './cellSteps'
import { limitsOf, shadeClass, shadeOf, valueOf, type Measure } from './shades'
import { rangesOf, rangeText } from './thresholds'
import { kindOf, placesOf, useCellName, useValue, type MoveKind } from './words'

interface HeatMapProps {
  map: GridMap
  measure: Measure
  chosen: string | null
  /** The chosen cell's moves, once they are known. */
  page: CellPage | undefined
  moves: boolean
  choose: (cell: string) => void
}

export function HeatMap({ map, measure, chosen, page, moves, choose }: HeatMapProps) {
  const say = useBilingual()
  const { i18n } = useTranslation()
  const [reached, setReached] = useState<string | null>(null)
  const axes = useQuery({ queryKey: ['grid-axes'], queryFn: getAxes, staleTime: 60_000 })
  const [wealth, life, occupation] = map.axes
  if (!wealth || !life || !occupation) return null
  const inForce = axes.data?.in_force.find((axis) => axis.axis === wealth.name)
  const ranges = rangesOf(inForce?.bands ?? [])
  const rangeOf = (name: string) => { const range = ranges.get(name); return range && rangeText(range, i18n.language) }
  const edges = limitsOf(map.cells, measure)
  const byCode = new Map(map.cells.map((cell) => [cell.cell, cell]))
  const at = reached ?? chosen ?? cellOf(1, 1, 1)
  const step = (event: KeyboardEvent<HTMLElement>) => {
    const next = cellBeside(at, event.key, map.axes)
    if (!next) return
    event.preventDefault()
    setReached(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus()
  }
  const linked = moves && page ? linksOf(page) : new Map<string, Link>()
  return (
    <div className="grid-scroll">
      <div className="grid-map" data-columns={life.bands.length} onKeyDown={step}>
        <div className="grid-row grid-columns" aria-hidden>
          <span /><span />
          {life.bands.map((band) => <span key={band.name} title={say(band.label, band.label_en)}>{say(band.label, band.label_en)}</span>)}
        </div>
        {wealth.bands.map((rich, row) => (
          <section key={rich.name} className="grid-block" aria-label={say(rich.label, rich.label_en)}>
            <b className="grid-wealth"><span>{say(rich.label, rich.label_en)}{rangeOf(rich.name) && <small>{rangeOf(rich.name)}</small>}</span></b>
            <div>
              {occupation.bands.map((job, line) => (
                <div key={job.name} className="grid-row">
                  <span className="grid-job">{say(job.label, job.label_en)}</span>
                  {life.bands.map((_, column) => {
                    const code = cellOf(row + 1, column + 1, line + 1)
                    const cell = byCode.get(code)
                    return cell && <Cell key={code} map={map} cell={cell} measure={measure} edges={edges} on={code === chosen} reached={code === at} reach={setReached} link={linked.get(code)} moves={moves} choose={choose} />
                  })}
                </div>
              ))}
            </div>
          </section>
        ))}
        {moves && page && chosen && <Arrows page={page} chosen={chosen} />}
      </div>
    </div>
  )
}

interface Link {
  kind: MoveKind
  customers: number
  /** In another band of wealth: the arrow carries the number. */
  far: boolean
}

/** The cells the chosen one is tied to; what goes there outweighs what comes from there. */
function linksOf(page: CellPage): Map<string, Link> {
  const far = (code: string) => placesOf(code)[0] !== placesOf(page.cell)[0]
  const link = (flow: CellFlow, kind: MoveKind): [string, Link][] => (flow.known && flow.cell ? [[flow.cell, { kind, customers: flow.customers, far: far(flow.cell) }]] : [])
  return new Map([...page.came_from.flatMap((flow) => link(flow, 'in')), ...page.went_to.flatMap((flow) => link(flow, flow.cell ? kindOf(page.cell, flow.cell) : 'over'))])
}

interface CellProps {
  map: GridMap
  cell: GridCell
  measure: Measure
  edges: readonly number[]
  on: boolean
  /** Whether Tab leads here: one cell of the map, the arrow keys lead on. */
  reached: boolean
  reach: (cell: string) => void
  link: Link | undefined
  moves: boolean
  choose: (cell: string) => void
}

function Cell({ map, cell, measure, edges, on, reached, reach, link, moves, choose }: CellProps) {
  const { t } = useTranslation()
  const nameOf = useCellName(map.axes)
  const shown = useValue()
  const value = valueOf(cell, measure)
  const text = cell.customers === null ? t('grid.few') : shown(value, measure)
  return (
    <button
      type="button" data-cell={cell.cell} aria-pressed={on} className={`grid-cell ${shadeClass(shadeOf(value, edges))} ${link ? 'linked' : ''} ${cell.customers === 0 ? 'none' : ''}`}
      aria-label={t('grid.cellSays', { cell: nameOf(cell.cell), value: text })} onClick={() => choose(cell.cell)}
      tabIndex={reached ? 0 : -1} onFocus={() => reach(cell.cell)}
    >
      <span>{text}</span>
      {link && !link.far && <small className="moved">{t(`grid.arrow.${link.kind}`)}{formatCount(link.customers)}</small>}
      {moves && (!link || link.far) && measure === 'customers' && cell.change !== null && cell.change !== 0 && <small>{cell.change > 0 ? '▲' : '▼'}{formatCount(Math.abs(cell.change))}</small>}
    </button>
  )
}

/** What the shades stand for. */
export function Legend({ map, measure }: { map: GridMap; measure: Measure }) {
  const { t } = useTranslation()
  const shown = useValue()
  const edges = limitsOf(map.cells, measure)
  const [first] = edges
  if (first === undefined) return null
  return (
    <span className="grid-legend">
      <span><i className="h0" />{t('grid.below', { value: shown(first, measure) })}</span>
      {edges.map((edge, place) => <span key={edge}><i className={shadeClass(place + 1)} />{place === edges.length - 1 ? t('grid.above', { value: shown(edge, measure) }) : shown(edge, measure)}</span>)}
    </span>
  )
}
