/** How many of a segment a message would reach now, what keeps the others from it, and what it would cost. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getReachCost, type ReachCost } from '@api/segmentLife'
import { formatCount, formatMoney, formatShare } from '@kit/format'
import { Card, Facts } from '@kit/layout'
import { Loaded } from '@kit/states'

const STEPS = ['no_consent', 'personalisation_off', 'suppressed', 'excluded', 'no_phone', 'frequency'] as const

export function ReachCostCard({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['segment-reach-cost', segmentId], queryFn: () => getReachCost(segmentId), retry: false })
  return <Card title={t('segmentLife.reach')} hint={t('segmentLife.reachHint')}><Loaded query={query} rows={4}>{(cost) => <Steps cost={cost} />}</Loaded></Card>
}

/** The same in one line, where somebody chooses a segment. */
export function ReachCostLine({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['segment-reach-cost', segmentId], queryFn: () => getReachCost(segmentId), retry: false })
  if (!data) return null
  const reachable = t('segmentLife.reachLine', { shown: formatCount(data.reachable), count: data.reachable })
  const cost = data.cost_fen == null ? t('segmentLife.noGateway') : t('segmentLife.costLine', { amount: formatMoney(data.cost_fen) })
  return <p className="s12 second">{data.estimated ? '≈ ' : ''}{reachable}{t('list.comma')}{cost}</p>
}

function Steps({ cost }: { cost: ReachCost }) {
  const { t } = useTranslation()
  return (
    <>
      <Facts
        rows={[
          [t('segmentLife.customers'), formatCount(cost.customers)],
          ...STEPS.filter((step) => cost[step] > 0).map((step): [string, string] => [t(`segmentLife.steps.${step}`), `−${formatCount(cost[step])}`]),
          [t('segmentLife.reachable'), <b key="reachable">{cost.estimated ? '≈ ' : ''}{formatCount(cost.reachable)} <span className="muted">{formatShare(cost.reachable, cost.customers)}</span></b>],
          [t('segmentLife.cost'), cost.cost_fen == null ? <span key="cost" className="muted">{t('segmentLife.noGateway')}</span> : <b key="cost">{cost.estimated ? '≈ ' : ''}{formatMoney(cost.cost_fen)}</b>],
        ]}
      />
      <p className="s12 second">{t(cost.estimated ? 'segmentLife.costEstimated' : 'segmentLife.costHint')}</p>
    </>
  )
}
