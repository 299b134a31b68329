/** A relationship manager's customers who begin to cool, latest first. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listWarnings } from '@api/temperature'
import { formatDay } from '@kit/format'
import { Money } from '@kit/Headline'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StageTag } from '../customers/TemperatureCard'

const SHOWN = '6'

export function Cooling() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['early-warnings', 'new', SHOWN], queryFn: () => listWarnings({ status: 'new', limit: SHOWN }) })
  return (
    <Card title={t('home.cooling')} right={<Link to="/early-warnings">{t('home.coolingAll')} ›</Link>} flush>
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('home.coolingNone')}>{t('home.coolingHint')}</Empty>
          ) : (
            <ul className="lines">
              {items.map((row) => (
                <li key={row.id} className="between">
                  <span className="grow wrap-any">
                    <Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <StageTag stage={row.stage} value={row.temperature} />
                    <small className="second s12" style={{ display: 'block' }}>{row.signs.map((sign) => t(`warning.signs.${sign}`)).join(t('list.comma'))}</small>
                  </span>
                  <span className="nowrap" style={{ textAlign: 'right' }}>
                    <Money fen={row.value_fen} />
                    <small className="second s12" style={{ display: 'block' }}>{formatDay(row.day)}</small>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
