/** How warm the relationship is: today's figure, its course over half a year, and what it comes from, in words. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getTemperature, type Driver, type Stage, type Temperature } from '@api/temperature'
import { useBilingual } from '@console/app/useWords'
import { formatDay } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './temperature.css'

const BANDS: [Stage, number, number][] = [['hot', 75, 100], ['warm', 50, 75], ['cool', 25, 50], ['cold', 0, 25]]
const WIDTH = 360
const HEIGHT = 176

export function StageTag({ stage, value }: { stage: Stage; value?: number }) {
  const { t } = useTranslation()
  return <span className={`tag stage ${stage}`}>{t(`temperature.stages.${stage}`)}{value === undefined ? '' : ` ${Math.round(value)}`}</span>
}

export function TemperatureCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['temperature', seq], queryFn: () => getTemperature(seq) })
  return (
    <Card className="c12" title={t('temperature.title')} hint={t('temperature.hint')}>
      <Loaded query={query} rows={6}>
        {({ reading }) => (reading ? <Reading reading={reading} /> : <Empty sign="search" title={t('temperature.none')}>{t('temperature.noneHint')}</Empty>)}
      </Loaded>
    </Card>
  )
}

function Reading({ reading }: { reading: Temperature }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const before = earlier(reading, 30)
  const change = before === undefined ? undefined : Math.round(reading.temperature - before)
  return (
    <div className="temperature">
      <div>
        <div className="row temperature-now">
          <b className={`figure ${reading.stage}`}>{Math.round(reading.temperature)}</b>
          <StageTag stage={reading.stage} />
          <span className="tag plain">{t(`temperature.lifecycles.${reading.lifecycle}`)}</span>
          {change !== undefined && <span className="second s12">{t('temperature.in30')} <b className={change < 0 ? 'bad' : 'good'}>{signed(change)}</b></span>}
        </div>
        <Trend reading={reading} />
        <small className="muted">{t('temperature.asOf', { day: formatDay(reading.day), confidence: Math.round(reading.confidence * 100) })}</small>
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
            <meter min={0} max={100} value={each.known ? each.score : 0} aria-label={t(`temperature.parts.${each.part}`)} />
          </div>
        ))}
      </dl>
    </div>
  )
}

function Drivers({ drivers }: { drivers: Driver[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const most = Math.max(...drivers.map((each) => Math.abs(each.points)))
  return (
    <ul className="drivers" aria-label={t('temperature.drivers')}>
      {drivers.map((each) => (
        <li key={each.event}>
          <span className="between"><span>{say(each.text, each.text_en)}</span><b className={each.points < 0 ? 'bad' : 'good'}>{signed(Math.round(each.points))}</b></span>
          <span className="pull" aria-hidden><i className={each.points < 0 ? 'down' : 'up'} style={{ width: `${(Math.abs(each.points) / most) * 50}%` }} /></span>
        </li>
      ))}
    </ul>
  )
}

function Trend({ reading }: { reading: Temperature }) {
  const { t } = useTranslation()
  const last = Date.parse(reading.day)
  const points = [...reading.trend.map((each) => ({ at: Date.parse(each.day), value: each.temperature })), { at: last, value: reading.temperature }]
  const first = Math.min(points[0]?.at ?? last, last - 86_400_000)
  const x = (at: number) => ((at - first) / (last - first)) * WIDTH
  const y = (value: number) => HEIGHT - (value / 100) * HEIGHT
  const path = points.map((each, place) => `${place ? 'L' : 'M'}${x(each.at).toFixed(1)} ${y(each.value).toFixed(1)}`).join(' ')
  return (
    <svg className="course" viewBox={`0 0 ${WIDTH} ${HEIGHT + 18}`} role="img" aria-label={t('temperature.course', { from: formatDay(new Date(first)), to: formatDay(reading.day) })}>
      {BANDS.map(([stage, low, high]) => (
        <g key={stage}>
          <rect className={`band ${stage}`} x={0} width={WIDTH} y={y(high)} height={y(low) - y(high)} />
          <text className={`band-name ${stage}`} x={WIDTH - 6} y={y(high) + 14} textAnchor="end">{t(`temperature.stages.${stage}`)}</text>
        </g>
      ))}
      <path className="line" d={path} />
      <circle className="now" cx={x(last)} cy={y(reading.temperature)} r={3.5} />
      <text className="axis" x={0} y={HEIGHT + 14}>{formatDay(new Date(first))}</text>
      <text className="axis" x={WIDTH} y={HEIGHT + 14} textAnchor="end">{formatDay(reading.day)}</text>
    </svg>
  )
}

const signed = (points: number) => (points < 0 ? `−${-points}` : `+${points}`)

/** The temperature so many days before the reading, as it was last told by then. */
function earlier(reading: Temperature, days: number): number | undefined {
  const at = Date.parse(reading.day) - days * 86_400_000
  return reading.trend.filter((each) => Date.parse(each.day) <= at).at(-1)?.temperature
}
