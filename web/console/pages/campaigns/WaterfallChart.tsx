/** From segment to reach: what each rule takes away, control group in gold. Lists that are always left out come first: the audience is frozen without them. */
import { useTranslation } from 'react-i18next'
import type { Checks } from '@api/campaigns'
import { formatCount } from '@kit/format'

/** How many of the segment are on a list that is always left out, as the check of it says. */
export const excludedOf = (checks: Checks) => Number(checks.checks.find((one) => one.data?.code === 'excluded')?.data?.customers ?? 0)

export function WaterfallChart({ waterfall, percent, excluded = 0 }: { waterfall: Checks['waterfall']; percent: number; excluded?: number }) {
  const { t } = useTranslation()
  const { audience, no_consent, suppressed, control, reachable } = waterfall
  const whole = audience + excluded
  const share = (count: number) => (whole > 0 ? (count / whole) * 100 : 0)
  const rows = [
    { label: t('campaign.waterfall.audience'), count: whole, left: 0, width: share(whole), fill: 'var(--h2)', sign: '' },
    ...(excluded > 0 ? [{ label: t('campaign.waterfall.excluded'), count: excluded, left: share(audience), width: share(excluded), fill: 'var(--c7)', sign: '−' }] : []),
    { label: t('campaign.waterfall.noConsent'), count: no_consent, left: share(audience - no_consent), width: share(no_consent), fill: 'var(--c7)', sign: '−' },
    { label: t('campaign.waterfall.suppressed'), count: suppressed, left: share(audience - no_consent - suppressed), width: share(suppressed), fill: 'var(--c7)', sign: '−' },
    { label: t('campaign.waterfall.control', { percent }), count: control, left: share(reachable), width: share(control), fill: 'var(--c2)', sign: '−' },
    { label: t('campaign.waterfall.reachable'), count: reachable, left: 0, width: share(reachable), fill: 'var(--c1)', sign: '', total: true },
  ]
  return (
    <div className="box waterfall">
      {rows.map((row) => (
        <div key={row.label} className={row.total ? 'total' : ''}>
          <span>{row.label}</span>
          <span className="track" aria-hidden><i style={{ left: `${row.left}%`, width: `max(${row.width}%, ${row.count > 0 ? '2px' : '0px'})`, background: row.fill }} /></span>
          <b>{row.count > 0 ? row.sign : ''}{formatCount(row.count)}</b>
        </div>
      ))}
    </div>
  )
}
