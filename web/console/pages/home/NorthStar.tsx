/** The north star: one figure, what it means, where it comes from over twelve weeks. */
import { useTranslation } from 'react-i18next'
import type { Home } from '@api/campaigns'
import { formatCount, formatShare } from '@kit/format'
import { Count, useHeadlines } from '@kit/Headline'
import { Card } from '@kit/layout'

type Star = NonNullable<Home['north_star']>

interface Frame {
  name: 'wide' | 'narrow'
  width: number
  height: number
  left: number
  right: number
}
/** Drawn twice, of which the screen's width chooses one: scaled text would be too small on a phone. */
const FRAMES: Frame[] = [
  { name: 'wide', width: 640, height: 150, left: 56, right: 64 },
  { name: 'narrow', width: 320, height: 160, left: 36, right: 38 },
]
const [TOP, BOTTOM] = [12, 24]
const TICKS = 4

/** Round steps from zero up to just above the greatest value: bars and lines share a baseline one can trust. */
export function ticksFor(greatest: number, most = TICKS): number[] {
  if (greatest <= 0) return [0, 1]
  const raw = greatest / (most - 1)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((times) => times * power).find((each) => each >= raw) ?? raw)
  const count = Math.ceil(greatest / step)
  return Array.from({ length: count + 1 }, (_, place) => place * step)
}

export function NorthStarCard({ star }: { star: Star }) {
  const { t } = useTranslation()
  const change = star.customers - star.before
  return (
    <Card title={t('home.star.title')} hint={t('home.star.definition', { days: star.days })}>
      <div className="star">
        <div>
          <span className="figure"><Count value={star.customers} /><u>{t('unit.households')}</u></span>
          <div className="s12 second">
            {star.before === 0 ? t('home.star.first', { days: star.days }) : change === 0 ? t('home.star.same', { days: star.days }) : (
              <><b className={change > 0 ? 'good' : 'bad'}>{change > 0 ? '▲' : '▼'} {formatShare(Math.abs(change), star.before)}</b> {t('home.star.change', { days: star.days })} <Count value={star.before} /></>
            )}
          </div>
        </div>
        <Weeks star={star} />
      </div>
    </Card>
  )
}

function Weeks({ star }: { star: Star }) {
  const { t } = useTranslation()
  const [first, last] = [star.weeks[0], star.weeks.at(-1)]
  if (!first || !last) return null
  const said = t('home.star.said', { first: formatCount(first.customers), last: formatCount(last.customers) })
  return (
    <figure className="weeks">
      {FRAMES.map((frame) => <Line key={frame.name} points={star.weeks} last={last} frame={frame} said={said} />)}
      <figcaption>{t('home.star.unit')}</figcaption>
    </figure>
  )
}

function Line({ points, last, frame, said }: { points: Star['weeks']; last: Star['weeks'][number]; frame: Frame; said: string }) {
  const say = useHeadlines()
  const { name, width, height, left, right } = frame
  const ticks = ticksFor(Math.max(...points.map((point) => point.customers)))
  const top = ticks.at(-1) ?? 1
  const x = (place: number) => left + (place / Math.max(1, points.length - 1)) * (width - left - right)
  const y = (customers: number) => TOP + (1 - customers / top) * (height - TOP - BOTTOM)
  const line = points.map((point, place) => `${place ? 'L' : 'M'}${x(place)} ${y(point.customers)}`).join('')
  return (
    <svg className={name} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={said}>
      <defs>
        <linearGradient id={`star-area-${name}`} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--c1)" stopOpacity=".18" />
          <stop offset="1" stopColor="var(--c1)" stopOpacity="0" />
        </linearGradient>
      </defs>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} stroke="var(--line2)" />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">{say.count(tick)}</text>
        </g>
      ))}
      <path d={`${line}L${x(points.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z`} fill={`url(#star-area-${name})`} />
      <path d={line} fill="none" stroke="var(--c1)" strokeWidth="2" strokeLinejoin="round" />
      <circle cx={x(points.length - 1)} cy={y(last.customers)} r="4" fill="var(--card)" stroke="var(--c1)" strokeWidth="2" />
      <text x={x(points.length - 1) + 10} y={y(last.customers) + 4} className="now-value">{say.count(last.customers)}</text>
      {points.map((point, place) => place % 3 === 2 && <text key={point.on} x={x(place)} y={height - 6} textAnchor="middle">{point.on.slice(5)}</text>)}
    </svg>
  )
}
