/** A customer's level, the growth of twelve months, and how it came. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getGrowth, type Growth } from '@api/tiers'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatDay, formatInstant } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './tiers.css'

export function GrowthCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['growth', seq], queryFn: () => getGrowth(seq) })
  return <Card className="c6" title={t('tiers.growth')} hint={t('tiers.growthHint')}><Loaded query={query} rows={5}>{(found) => <Told found={found} />}</Loaded></Card>
}

function Told({ found }: { found: Growth }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const standing = found.standing
  if (!standing) return <Empty sign="search" title={t('tiers.noScheme')}>{t('tiers.noSchemeHint')}</Empty>
  const most = Math.max(1, ...found.months.map((one) => one.value))
  return (
    <div className="tiers-growth">
      <p className="tiers-standing"><b>{say(standing.tier.name, standing.tier.name_en)}</b><span className="figure">{formatCount(standing.growth)}</span><span className="second s12">{standing.next ? t('tiers.toNext', { missing: formatCount(standing.missing ?? 0), level: say(standing.next.name, standing.next.name_en) }) : t('tiers.highest')}</span></p>
      {standing.held_until && <p className="second s12">{t(standing.protected ? 'tiers.protectedUntil' : 'tiers.heldUntil', { day: formatDay(standing.held_until) })}</p>}
      <svg viewBox="0 0 240 64" role="img" aria-label={t('tiers.months')}>
        {found.months.map((one, place) => <rect key={one.month} x={place * 20 + 3} y={62 - (58 * Math.max(0, one.value)) / most} width="14" height={Math.max(1, (58 * Math.max(0, one.value)) / most)} rx="2"><title>{`${one.month.slice(0, 7)} ${formatCount(one.value)}`}</title></rect>)}
      </svg>
      <ul className="tiers-gains">
        {found.gains.slice(0, 6).map((one, place) => <li key={`${one.at}-${place}`}><span>{t(`tiers.sources.${one.source_kind}`)}</span><span className="muted">{formatInstant(one.at)}</span><b>{one.value > 0 ? '+' : '−'}{formatCount(Math.abs(one.value))}</b></li>)}
      </ul>
      {found.gains.length === 0 && <p className="muted s13">{t('tiers.noGains')}</p>}
    </div>
  )
}
