/** What models tell of a customer, and which of the customer's own facts move it most. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listCustomerScores, type CustomerScore } from '@api/models'
import { useBilingual } from '@console/app/useWords'
import { formatFeature, formatScore } from '@console/pages/models/modelWords'
import { formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'

export function ScoresCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['customer-scores', seq], queryFn: () => listCustomerScores(seq) })
  if (query.data?.items.length === 0) return null
  return (
    <Card title={t('models.ofCustomer')} hint={t('models.ofCustomerHint')}>
      <Loaded query={query} rows={3}>
        {(page) => (
          <div className="stack">
            {page.items.map((one) => (
              <section key={one.score.task}>
                <div className="between wrap"><b className="s13">{say(one.label, one.label_en)}</b><span><b>{formatScore(one.score.value, one.unit)}</b> <span className="tag plain">{say(one.band_label, one.band_label_en)}</span></span></div>
                <Drivers of={one} />
                <p className="muted s12">{t('models.scoredAt', { time: formatRecent(one.score.at) })}</p>
              </section>
            ))}
          </div>
        )}
      </Loaded>
    </Card>
  )
}

/** Left of the middle what lowers the score, right what raises it; orange is what one would not wish for. */
function Drivers({ of: { drivers, score } }: { of: CustomerScore }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const most = Math.max(...drivers.map((each) => each.share))
  const leaves = score.task.startsWith('churn')
  return (
    <ul className="drivers score-drivers">
      {drivers.map((each) => {
        const up = each.direction === 'up'
        return (
          <li key={each.name}>
            <span className="between"><span className="second">{say(each.label, each.label_en)}<span className="visually-hidden"> {t(up ? 'models.raises' : 'models.lowers')}</span></span><b>{formatFeature(each.value, each.unit, t('models.unknown'))}</b></span>
            <span className="pull" aria-hidden><i className={`${up ? 'up' : 'down'} ${up === leaves ? 'worse' : 'better'}`} style={{ width: `${(each.share / most) * 50}%` }} /></span>
          </li>
        )
      })}
    </ul>
  )
}
