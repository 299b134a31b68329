/** Where one customer stands in the grid: the cell, the map in small, and the move that brought them there. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getStays, type Stays } from '@api/grid'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatPpm } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { limits, shadeClass, shadeOf } from './shades'
import { monthName, placesOf, useCellName } from './words'
import './grid.css'

export function GridCard({ seq, className }: { seq: number; className?: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const query = useQuery({ queryKey: ['customer-grid', seq], queryFn: () => getStays(seq) })
  const now = query.data?.months.at(-1)
  return (
    <Card className={className} title={t('menu.grid')} right={now && may('grid.read') && <Link to={`/grid?cell=${now.cell}`}>{t('grid.seeCell')} ›</Link>}>
      <Loaded query={query} rows={3}>{(found) => now ? <Stands found={found} cell={now.cell} /> : <p className="muted s13">{t('grid.notPlaced')}</p>}</Loaded>
    </Card>
  )
}

function Stands({ found, cell }: { found: Stays; cell: string }) {
  const { t } = useTranslation()
  const nameOf = useCellName(found.map.axes)
  const here = found.map.cells.find((one) => one.cell === cell)
  return (
    <>
      <b>{nameOf(cell, ' × ')}</b>
      <p className="s13 second">
        {here?.customers ? t('grid.sameCell', { count: here.customers, shown: formatCount(here.customers) }) : t('grid.fewThere')}
        {here?.active != null && <>{t('grid.comma')}{t('grid.measures.active')} {formatPpm(here.active * 1e6)}</>}
      </p>
      <MiniMap found={found} cell={cell} />
      <Since found={found} />
    </>
  )
}

/** Wealth by life stage, all occupations together: the eye finds the place, not the number. */
function MiniMap({ found, cell }: { found: Stays; cell: string }) {
  const say = useBilingual()
  const [wealth, life] = found.map.axes
  if (!wealth || !life) return null
  const [row = 0, column = 0] = placesOf(cell)
  const sums = wealth.bands.map((_, rich) => life.bands.map((__, stage) => found.map.cells.filter((one) => one.places[0] === rich + 1 && one.places[1] === stage + 1).reduce((sum, one) => sum + (one.customers ?? 0), 0)))
  const edges = limits(sums.flat(), 'customers')
  return (
    <div className="mini-grid" aria-hidden>
      {wealth.bands.map((band, rich) => (
        <div key={band.name}>
          <small>{say(band.label, band.label_en)}</small>
          {life.bands.map((stage, place) => <i key={stage.name} className={`${shadeClass(shadeOf(sums[rich]?.[place] ?? 0, edges))} ${rich + 1 === row && place + 1 === column ? 'on' : ''}`} />)}
        </div>
      ))}
    </div>
  )
}

/** The latest move between months; without one, since when they stand there. */
function Since({ found }: { found: Stays }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const months = found.months
  const now = months.at(-1)
  const at = months.findLastIndex((one) => one.cell !== now?.cell)
  const first = months[at + 1]
  if (!now || !first) return null
  const before = months[at]
  const name = (stay: typeof now) => stay.bands.map((band) => (band ? say(band.label, band.label_en) : t('grid.unknownBand'))).join(' · ')
  if (before?.bands.every((band) => !band)) return <p className="s12 muted">{t('grid.firstPlaced', { month: monthName(first.month) })}</p>
  return <p className="s12 muted">{before ? t('grid.movedFrom', { month: monthName(first.month), cell: name(before) }) : t('grid.since', { month: monthName(first.month) })}</p>
}
