/** How warm the relationship is: today's figure, its course over a quarter with its turns, what it comes from, in words. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listCustomerScores } from '@api/models'
import { getTemperature, type Driver, type Stage, type Temperature, type Turn } from '@api/temperature'
import { useBilingual } from '@console/app/useWords'
import { formatScore } from '@console/pages/models/modelWords'
import { formatDay } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './temperature.css'

const WIDTH = 440
const HEIGHT = 212
const LEFT = 26
const DAY = 86_400_000
const SHOWN_DAYS = 90
const HELD_DAYS = 7
const LETTERS = ['A', 'B', 'C']

export function StageTag({ stage, value }: { stage: Stage; value?: number }) {
  const { t } = useTranslation()
  return <span className={`tag stage ${stage}`}>{t(`temperature.stages.${stage}`)}{value === undefined ? '' : ` ${Math.round(value)}`}</span>
}

export function TemperatureCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['temperature', seq], queryFn: () => getTemperature(seq) })
  return (
    <Card className="c8" title={t('temperature.title')} hint={t('temperature.hint')} right={<Churn seq={seq} />}>
      <Loaded query={query} rows={7}>
        {({ reading }) => (reading ? <Reading reading={reading} /> : <Empty sign="search" title={t('temperature.none')}>{t('temperature.noneHint')}</Empty>)}
      </Loaded>
    </Card>
  )
}

/** How likely the customer is to leave, by the longest look ahead there is, and when that was foretold. */
function Churn({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['customer-scores', seq], queryFn: () => listCustomerScores(seq) })
  const task = (['churn_90', 'churn_30'] as const).find((name) => data?.items.some((one) => one.score.task === name))
  const told = data?.items.find((one) => one.score.task === task)
  if (!told) return null
  return (
    <span>
      {t('temperature.churn')} <b className="strong churn">{formatScore(told.score.value, told.unit)}</b> <span className="muted">{t('temperature.churnOf', { days: task === 'churn_90' ? 90 : 30, day: formatDay(told.score.at).slice(5) })}</span>
    </span>
  )
}

function Reading({ reading }: { reading: Temperature }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const past = (days: number) => {
    const before = earlier(reading, days)
    return before && Math.round(reading.temperature) - Math.round(before.temperature)
  }
  const month = past(30)
  const week = past(5)
  const was = earlier(reading, 30)?.stage
  return (
    <div className="temperature">
      <div>
        <div className="row temperature-now">
          <b className={`figure ${reading.stage}`}>{Math.round(reading.temperature)}</b>
          <span className={`tag stage ${reading.stage}`}>{was && was !== reading.stage ? t('temperature.turned', { stage: t(`temperature.stages.${reading.stage}`), was: t(`temperature.stages.${was}`) }) : t(`temperature.stages.${reading.stage}`)}</span>
          {month !== undefined && <span className="second s12">{t('temperature.in30')} <Points value={month} /></span>}
          {week !== undefined && week !== 0 && <span className="second s12">{t('temperature.in5')} <Points value={week} /></span>}
        </div>
        <Course reading={reading} />
        <Turns turns={reading.turns} />
      </div>
      <div>
        <span className="second s12">{t('temperature.drivers')}</span>
        {reading.drivers.length === 0 ? <p className="muted s13">{t('temperature.noDrivers')}</p> : <Drivers drivers={reading.drivers} />}
        {reading.need && <p className="s13 need">{t('temperature.need')} <b>{say(reading.need.label, reading.need.label_en)}</b> <span className="muted">{t('temperature.needHint', { count: reading.need.times, day: formatDay(reading.need.last_on) })}</span></p>}
      </div>
      <dl className="parts">
        {reading.components.map((each) => (
          <div key={each.part}>
            <dt>{t(`temperature.parts.${each.part}`)}<small>{t('temperature.share', { percent: Math.round(each.share * 100) })}</small></dt>
            <dd>{each.known ? Math.round(each.score) : t('temperature.unknown')}</dd>
            <dd className="measured"><meter min={0} max={100} value={each.known ? each.score : 0} aria-label={t(`temperature.parts.${each.part}`)} /></dd>
          </div>
        ))}
      </dl>
      <small className="muted temperature-as-of">{t('temperature.asOf', { day: formatDay(reading.day), confidence: Math.round(reading.confidence * 100) })}</small>
    </div>
  )
}

function Points({ value }: { value: number }) {
  return <b className={value < 0 ? 'bad' : 'good'}>{signed(value)}</b>
}

function Drivers({ drivers }: { drivers: Driver[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const most = Math.max(...drivers.map((each) => Math.abs(each.points)))
  return (
    <ul className="drivers" aria-label={t('temperature.drivers')}>
      {drivers.map((each) => (
        <li key={each.event}>
          <span className="between"><span>{say(each.text, each.text_en)}</span><Points value={Math.round(each.points)} /></span>
          <span className="pull" aria-hidden><i className={each.points < 0 ? 'down' : 'up'} style={{ width: `${(Math.abs(each.points) / most) * 50}%` }} /></span>
        </li>
      ))}
    </ul>
  )
}

/** The weeks in which it moved most, by the letters on the course. */
function Turns({ turns }: { turns: Turn[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  if (turns.length === 0) return null
  return (
    <ol className="turns" aria-label={t('temperature.turns')}>
      {turns.map((each, place) => (
        <li key={each.day}><b>{LETTERS[place]}</b> <span className="second">{t('temperature.turnWeek', { day: each.day.slice(5) })}</span> <Points value={Math.round(each.points)} /> {say(each.text, each.text_en)}</li>
      ))}
    </ol>
  )
}

function Course({ reading }: { reading: Temperature }) {
  const { t } = useTranslation()
  const last = Date.parse(reading.day)
  const first = last - SHOWN_DAYS * DAY
  const told = [...reading.trend.map((each) => ({ at: Date.parse(each.day), value: each.temperature })), { at: last, value: reading.temperature }]
  const before = told.filter((each) => each.at < first).at(-1)
  const points = heldBetween([...(before ? [{ at: first, value: before.value }] : []), ...told.filter((each) => each.at >= first)])
  const x = (at: number) => LEFT + ((at - first) / (last - first)) * (WIDTH - LEFT - 6)
  const y = (value: number) => HEIGHT - (value / 100) * HEIGHT
  const path = points.map((each, place) => `${place ? 'L' : 'M'}${x(each.at).toFixed(1)} ${y(each.value).toFixed(1)}`).join(' ')
  const valueAt = (at: number) => (points.filter((each) => each.at <= at).at(-1) ?? points[0])?.value ?? 0
  const days = [0, 30, 60, 90].map((ago) => last - (SHOWN_DAYS - ago) * DAY)
  return (
    <svg className="course" viewBox={`0 -6 ${WIDTH} ${HEIGHT + 26}`} role="img" aria-label={t('temperature.course', { from: formatDay(new Date(first)), to: formatDay(reading.day) })}>
      {bandsOf(reading.edges).map(([stage, low, high]) => (
        <g key={stage}>
          <rect className={`band ${stage}`} x={LEFT} width={WIDTH - LEFT - 6} y={y(high)} height={y(low) - y(high)} />
          <text className={`band-name ${stage}`} x={WIDTH - 12} y={y(high) + 14} textAnchor="end">{t(`temperature.stages.${stage}`)}</text>
        </g>
      ))}
      {[0, 25, 50, 75, 100].map((value) => <text key={value} className="axis" x={LEFT - 6} y={y(value) + 3.5} textAnchor="end">{value}</text>)}
      <path className="line" d={path} />
      {reading.turns.map((each, place) => {
        const at = Date.parse(each.day)
        return <g key={each.day} className="turn"><circle cx={x(at)} cy={y(valueAt(at))} r={8} /><text x={x(at)} y={y(valueAt(at)) + 3.5} textAnchor="middle">{LETTERS[place]}</text></g>
      })}
      <circle className={`now ${reading.stage}`} cx={x(last)} cy={y(reading.temperature)} r={4} />
      {days.map((at, place) => <text key={at} className="axis" x={x(at)} y={HEIGHT + 16} textAnchor={place === 0 ? 'start' : place === days.length - 1 ? 'end' : 'middle'}>{formatDay(new Date(at)).slice(5)}</text>)}
    </svg>
  )
}

interface Point {
  at: number
  value: number
}

/** What was long not told anew had hardly changed: it is held until the day before the next, not drawn as a slope. */
const heldBetween = (points: Point[]): Point[] =>
  points.flatMap((each, place) => {
    const before = points[place - 1]
    return before && each.at - before.at > HELD_DAYS * DAY ? [{ at: each.at - DAY, value: before.value }, each] : [each]
  })

const signed = (points: number) => (points < 0 ? `−${-points}` : `+${points}`)

/** The reading so many days ago, as it was last told by then. */
function earlier(reading: Temperature, days: number) {
  const at = Date.parse(reading.day) - days * DAY
  return reading.trend.filter((each) => Date.parse(each.day) <= at).at(-1)
}

/** Where each stage lies, the hottest first. */
function bandsOf([cool, warm, hot]: [number, number, number]): [Stage, number, number][] {
  return [['hot', hot, 100], ['warm', warm, hot], ['cool', cool, warm], ['cold', 0, cool]]
}
