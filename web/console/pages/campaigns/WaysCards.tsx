/** How customers came, entry point by entry point, and how fast each benefit goes. */
import { useTranslation } from 'react-i18next'
import type { Way, Ways } from '@api/effects'
import { useBilingual } from '@console/app/useWords'
import { Burn } from '@kit/Burn'
import { DataTable, type Column } from '@kit/DataTable'
import { formatCount, formatShare } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty } from '@kit/states'
import type { Drill } from './DrillDrawer'

const LOW_SHARE = 0.1
type Open = (drill: Drill) => void

export function WaysCard({ ways, open, className }: { ways: Ways; open: Open; className?: string }) {
  const { t } = useTranslation()
  const nameOf = (way: Way) => way.name || way.entry_code || t('ways.direct')
  const number = (stage: 'visited' | 'claimed' | 'redeemed'): Column<Way> => ({
    key: stage,
    title: t(`ways.${stage}`),
    number: true,
    render: (way) =>
      way[stage] > 0 ? <button type="button" className="drill" onClick={() => open({ stage, entry_code: way.entry_code, what: `${nameOf(way)} · ${t(`ways.${stage}`)}` })}>{formatCount(way[stage])}</button> : formatCount(way[stage]),
  })
  return (
    <Card className={className} title={t('ways.title')} hint={t('ways.hint')}>
      {ways.entry_points.length === 0 ? <Empty title={t('ways.none')} /> : (
        <DataTable
          tight
          label={t('ways.title')}
          rows={ways.entry_points}
          rowKey={(way) => way.entry_code || 'direct'}
          columns={[
            { key: 'name', title: t('ways.entry'), render: (way) => <>{nameOf(way)} {way.kind && <small className="muted">{t(`ways.kinds.${way.kind}`)}</small>}</> },
            number('visited'),
            number('claimed'),
            number('redeemed'),
            { key: 'rate', title: t('ways.rate'), number: true, render: (way) => <b>{formatShare(way.redeemed, way.claimed)}</b> },
          ]}
        />
      )}
    </Card>
  )
}

export function BenefitsCard({ ways, open, elapsed, className }: { ways: Ways; open: Open; elapsed: number | null; className?: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card className={className} title={t('ways.benefits')} hint={t('ways.benefitsHint')}>
      <ul className="burns">
        {ways.benefits.map((one) => {
          const name = say(one.name, one.name_en)
          const left = Math.max(0, one.stock - one.stock_reserved - one.stock_used)
          const state = left === 0 ? 'out' : left < one.stock * LOW_SHARE ? 'low' : 'fine'
          return (
            <li key={one.offer_id}>
              <div className="between"><b>{name} <span className="second s12">{formatCount(one.stock)}</span></b><span className={`verdict ${state === 'fine' ? 'good' : 'warn'}`}>{t(`ways.${state}`)}</span></div>
              <Burn label={name} spent={one.stock_used} held={one.stock_reserved} limit={one.stock} elapsed={elapsed} />
              <div className="between s12 second">
                <button type="button" className="drill" disabled={one.redeemed === 0} onClick={() => open({ stage: 'redeemed', offer_id: one.offer_id, what: `${name} · ${t('ways.redeemed')}` })}>{t('ways.used', { used: formatCount(one.stock_used), held: formatCount(one.stock_reserved) })}</button>
                <span>{t('ways.left', { left: formatCount(left) })}</span>
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
