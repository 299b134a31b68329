/** What models tell of a customer, and which of the customer's own facts move it most. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listCustomerScores } from '@api/models'
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
                <ul className="s12 second">
                  {one.drivers.map((driver) => <li key={driver.name} className="between"><span>{driver.direction === 'up' ? '↑' : '↓'} {say(driver.label, driver.label_en)}</span><span>{formatFeature(driver.value, driver.unit, t('models.unknown'))}</span></li>)}
                </ul>
                <p className="muted s12">{t('models.scoredAt', { time: formatRecent(one.score.at) })}</p>
              </section>
            ))}
          </div>
        )}
      </Loaded>
    </Card>
  )
}
