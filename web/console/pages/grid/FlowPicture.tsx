/** Where a cell's customers came from and where they went: bands as wide as the moves are large. */
import { useTranslation } from 'react-i18next'
import type { CellFlow, CellPage } from '@api/grid'
import { formatCount } from '@kit/format'
import { laidOut, type Band } from './flow'
import { placesOf } from './words'

interface FlowPictureProps {
  page: CellPage
  nameOf: (cell: string | null) => string
}

const WIDTH = 330
const HEIGHT = 132
const LEFT = 108
const RIGHT = 222
const MIDDLE = 22
const LONG = 12
const SIGN = '·'

export function FlowPicture({ page, nameOf }: FlowPictureProps) {
  const { t } = useTranslation()
  const came = withRest(page.came_from, page.came ?? 0)
  const went = withRest(page.went_to, page.went ?? 0)
  if (came.length + went.length === 0) return <p className="muted s13">{t(page.came === null || page.went === null ? 'grid.fewMoves' : 'grid.noMoves')}</p>
  const most = Math.max(page.came ?? 0, page.went ?? 0)
  const ins = laidOut(came.map((flow) => flow.customers), most, HEIGHT)
  const outs = laidOut(went.map((flow) => flow.customers), most, HEIGHT)
  const centre = (LEFT + RIGHT) / 2 - MIDDLE / 2
  const own = nameOf(page.cell).split(SIGN)
  // A long name would leave the picture: then only the bands that differ are told.
  const name = (flow: Shown) => {
    if (flow.rest) return t('grid.rest')
    const whole = nameOf(flow.cell)
    const parts = whole.split(SIGN)
    return whole.length <= LONG || parts.length !== own.length ? whole : parts.filter((part, place) => part !== own[place]).join(SIGN)
  }
  return (
    <svg className="flow-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT + 18}`} role="img" aria-label={t('grid.flowSays', { came: page.came ?? t('grid.few'), went: page.went ?? t('grid.few') })}>
      {came.map((flow, place) => ins[place] && (
        <g key={`in${flow.cell}${flow.rest}`} className={tone(flow, page.cell, true)}>
          <path d={ribbon(LEFT, ins[place].outer, centre, ins[place].inner)} />
          <rect x={LEFT - 3} y={ins[place].outer.top} width={3} height={ins[place].outer.height} />
          <Words x={LEFT - 8} band={ins[place].outer} end name={name(flow)} value={`+${formatCount(flow.customers)}`} />
        </g>
      ))}
      {went.map((flow, place) => outs[place] && (
        <g key={`out${flow.cell}${flow.rest}`} className={tone(flow, page.cell, false)}>
          <path d={ribbon(centre + MIDDLE, outs[place].inner, RIGHT, outs[place].outer)} />
          <rect x={RIGHT} y={outs[place].outer.top} width={3} height={outs[place].outer.height} />
          <Words x={RIGHT + 8} band={outs[place].outer} name={name(flow)} value={`−${formatCount(flow.customers)}`} />
        </g>
      ))}
      <rect className="flow-own" x={centre} y={6} width={MIDDLE} height={HEIGHT - 12} rx={2} />
      <text className="flow-name" x={centre + MIDDLE / 2} y={HEIGHT + 12} textAnchor="middle">{t('grid.thisCell')}</text>
    </svg>
  )
}

interface Shown extends CellFlow { rest?: boolean }

/** The largest moves, and all the others as one. */
function withRest(flows: CellFlow[], all: number): Shown[] {
  const rest = all - flows.reduce((sum, flow) => sum + flow.customers, 0)
  return rest > 0 ? [...flows, { cell: null, known: false, customers: rest, rest: true }] : flows
}

/** A rise of wealth is green, a fall red, all else grey. */
function tone(flow: Shown, own: string, into: boolean): string {
  if (!flow.known || !flow.cell) return 'over'
  const [from = 0] = placesOf(into ? flow.cell : own)
  const [to = 0] = placesOf(into ? own : flow.cell)
  return from === to ? 'over' : from > to ? 'up' : 'down'
}

function Words({ x, band, end = false, name, value }: { x: number; band: Band; end?: boolean; name: string; value: string }) {
  const middle = band.top + band.height / 2
  const anchor = end ? 'end' : 'start'
  return (
    <>
      <text className="flow-name" x={x} y={middle - 2} textAnchor={anchor}>{name}</text>
      <text className="flow-value" x={x} y={middle + 12} textAnchor={anchor}>{value}</text>
    </>
  )
}

function ribbon(x1: number, one: Band, x2: number, other: Band): string {
  const bend = (x1 + x2) / 2
  const [a, b, c, d] = [one.top, other.top, other.top + other.height, one.top + one.height]
  return `M${x1} ${a}C${bend} ${a} ${bend} ${b} ${x2} ${b}V${c}C${bend} ${c} ${bend} ${d} ${x1} ${d}Z`
}
