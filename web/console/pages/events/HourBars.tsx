/** One bar an hour, the present hour at the right. */
import { useTranslation } from 'react-i18next'
import type { EventActivity } from '@api/events'
import { formatCount } from '@kit/format'
import './events.css'

const HOURS = 24
const HIGH = 28
const HOUR_MS = 3_600_000

type Activity = EventActivity['sources'][number]

export function HourBars({ activity, asOf }: { activity: Activity; asOf: string }) {
  const { t } = useTranslation()
  const now = Math.floor(Date.parse(asOf) / HOUR_MS)
  const most = Math.max(1, ...activity.hours.map((hour) => hour.events))
  return (
    <svg className="event-hours" viewBox={`0 0 ${HOURS * 6} ${HIGH}`} role="img" aria-label={t('events.hoursSaid', { count: activity.day, shown: formatCount(activity.day) })}>
      <title>{t('events.hours')}</title>
      <line x1="0" x2={HOURS * 6} y1={HIGH - 0.5} y2={HIGH - 0.5} stroke="var(--line)" />
      {activity.hours.map((hour) => {
        const place = HOURS - 1 - (now - Math.floor(Date.parse(hour.at) / HOUR_MS))
        const height = Math.max(1.5, (hour.events / most) * (HIGH - 2))
        return place < 0 ? null : <rect key={hour.at} x={place * 6} width="4" y={HIGH - 1 - height} height={height} rx="1" fill="var(--c1)" />
      })}
    </svg>
  )
}
