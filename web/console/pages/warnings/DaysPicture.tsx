/** How many customers stood in which stage by day, and the average temperature over it. */
import { useTranslation } from 'react-i18next'
import type { DayShape, Stage } from '@api/temperature'
import { formatDay, formatShare } from '@kit/format'
import { StageTag } from '../customers/TemperatureCard'

const STAGES: Stage[] = ['cold', 'cool', 'warm', 'hot']
const WIDE = 620
const HIGH = 240
const LEFT = 38
const RIGHT = 34
const TICKS = [0, 25, 50, 75, 100]

export function DaysPicture({ days }: { days: DayShape[] }) {
  const { t } = useTranslation()
  const [begin] = days
  const now = days.at(-1)
  if (!begin || !now) return null
  const at = (day: DayShape) => Date.parse(day.day)
  const first = at(begin)
  const last = at(now)
  const x = (day: DayShape) => LEFT + ((at(day) - first) / (last - first)) * (WIDE - LEFT - RIGHT)
  const y = (share: number) => HIGH - 24 - share * (HIGH - 36)
  const below = (day: DayShape, stages: number) => STAGES.slice(0, stages).reduce((sum, stage) => sum + (day.stages[stage] ?? 0), 0) / day.customers
  const area = (place: number) => {
    const upper = days.map((day) => `${x(day).toFixed(1)} ${y(below(day, place + 1)).toFixed(1)}`)
    const lower = days.map((day) => `${x(day).toFixed(1)} ${y(below(day, place)).toFixed(1)}`).reverse()
    return `M${[...upper, ...lower].join('L')}Z`
  }
  const line = days.map((day, place) => `${place ? 'L' : 'M'}${x(day).toFixed(1)} ${y(day.average / 100).toFixed(1)}`).join('')
  return (
    <>
      <svg className="days-picture" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={t('temperature.byDaySaid', { from: formatDay(begin.day), to: formatDay(now.day), was: begin.average.toFixed(1), now: now.average.toFixed(1) })}>
        {STAGES.map((stage, place) => <path key={stage} className={`area ${stage}`} d={area(place)}><title>{`${t(`temperature.stages.${stage}`)} ${formatShare(now.stages[stage] ?? 0, now.customers)}`}</title></path>)}
        {TICKS.map((tick) => (
          <g key={tick}>
            <line className="tick" x1={LEFT} x2={WIDE - RIGHT} y1={y(tick / 100)} y2={y(tick / 100)} />
            <text x={LEFT - 6} y={y(tick / 100) + 4} textAnchor="end">{tick}%</text>
            <text x={WIDE - RIGHT + 6} y={y(tick / 100) + 4}>{tick}</text>
          </g>
        ))}
        <path className="average" d={line} />
        <circle className="now" cx={x(now)} cy={y(now.average / 100)} r="3.5" />
        <text x={LEFT} y={HIGH - 6}>{formatDay(begin.day)}</text>
        <text x={WIDE - RIGHT} y={HIGH - 6} textAnchor="end">{formatDay(now.day)}</text>
      </svg>
      <div className="stage-names s12">
        {[...STAGES].reverse().map((stage) => <StageTag key={stage} stage={stage} />)}
        <span className="second">{t('temperature.leftAxis')}</span>
        <span className="second"><i className="average-key" aria-hidden />{t('temperature.rightAxis')}</span>
      </div>
    </>
  )
}
