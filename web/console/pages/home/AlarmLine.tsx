/** One thing that goes wrong unless somebody acts, in words. */
import { useTranslation } from 'react-i18next'
import type { Alarm } from '@api/campaigns'
import { formatPpm } from '@kit/format'

const GRAVE = ['stock_out', 'feed_failed', 'play_odds', 'play_out']

export function AlarmLine({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation()
  return (
    <>
      <span className={`tag ${GRAVE.includes(alarm.kind) ? 'bad' : 'warn'}`}>{t(`home.alarm.${alarm.kind}.tag`)}</span>
      <span className="grow wrap-any">{t(`home.alarm.${alarm.kind}.says`, { name: alarm.name, share: formatPpm(alarm.share_ppm) })}</span>
    </>
  )
}
