/** How a tag's values move by day, drawn as shares of everybody it says something of, with the days on which much moved. */
import { useTranslation } from 'react-i18next'
import type { TagFigure, TagPage } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { formatDay, formatPpm } from '@kit/format'
import { Card } from '@kit/layout'

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 160, 44, 24, 10]
const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7']
/** The stability index from which a day is marked, and from which it alarms. */
export const MOVED = 0.1
export const ALARM = 0.25

const shareOf = (figure: TagFigure, name: string) => (figure.known > 0 ? (figure.counts[name] ?? 0) / figure.known : 0)

export function Trend({ page }: { page: TagPage }) {
  const { t } = useTranslation()
  const days = [...page.figures].sort((one, other) => one.day.localeCompare(other.day))
  return (
    <Card title={t('tag.trend')} hint={t('tag.trendHint')}>
      {days.length < 2 ? <p className="muted s13">{t(page.tag.universe == null ? 'tag.bankOnly' : days.length === 0 ? 'tag.neverFilled' : 'tag.oneDay')}</p> : <Chart days={days} page={page} />}
    </Card>
  )
}

function Chart({ days, page }: { days: TagFigure[]; page: TagPage }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const values = page.definition.values.slice(0, COLOURS.length)
  const most = Math.max(0.01, ...days.flatMap((day) => values.map((value) => shareOf(day, value.name))))
  const x = (place: number) => LEFT + (place / (days.length - 1)) * (WIDTH - LEFT - 8)
  const y = (share: number) => TOP + (1 - share / most) * (HEIGHT - TOP - BOTTOM)
  const [first, last] = [days[0] as TagFigure, days[days.length - 1] as TagFigure]
  const said = values.map((value) => t('tag.trendSaid', { label: say(value.label, value.label_en), from: formatPpm(shareOf(first, value.name) * 1e6), to: formatPpm(shareOf(last, value.name) * 1e6) })).join(t('list.comma'))
  return (
    <>
      <svg className="tag-trend" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${formatDay(first.day)} – ${formatDay(last.day)}: ${said}`}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line x1={LEFT} x2={WIDTH - 8} y1={y(most * part)} y2={y(most * part)} />
            <text x={LEFT - 6} y={y(most * part) + 4} textAnchor="end">{formatPpm(most * part * 1e6)}</text>
          </g>
        ))}
        {values.map((value, place) => <polyline key={value.name} style={{ stroke: `var(${COLOURS[place]})` }} points={days.map((day, at) => `${x(at)},${y(shareOf(day, value.name))}`).join(' ')} />)}
        {days.map((day, at) => (day.drift ?? 0) > MOVED && <circle key={day.day} className={(day.drift ?? 0) > ALARM ? 'alarm' : ''} cx={x(at)} cy={HEIGHT - BOTTOM + 3} r="4"><title>{t('tag.driftOn', { day: formatDay(day.day), drift: day.drift?.toFixed(3) })}</title></circle>)}
        <text x={LEFT} y={HEIGHT - 4}>{formatDay(first.day)}</text>
        <text x={WIDTH - 8} y={HEIGHT - 4} textAnchor="end">{formatDay(last.day)}</text>
      </svg>
      <p className="legend-line s12">{values.map((value, place) => <span key={value.name}><i style={{ background: `var(${COLOURS[place]})` }} />{say(value.label, value.label_en)}</span>)}</p>
    </>
  )
}
