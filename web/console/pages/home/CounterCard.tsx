/** What somebody who redeems sees first: the way to the field, the day so far, the latest ones. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listRedemptions } from '@api/counter'
import { formatMoney, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { usePlace } from '../counter/place'

const SHOWN = '6'

export function CounterCard() {
  const { t } = useTranslation()
  const { query: place, store } = usePlace()
  const isClerk = place.data?.is_clerk ?? false
  const asked = { limit: SHOWN, mine: isClerk ? undefined : 'true', store_id: store?.id }
  const query = useQuery({ queryKey: ['redemptions', 'latest', asked], queryFn: () => listRedemptions(asked), enabled: place.isSuccess, refetchInterval: 15_000 })
  return (
    <Card title={isClerk ? (store?.name ?? t('counter.storeTitle')) : t('counter.today')} hint={query.data?.total ? t('home.todoCount', { count: query.data.total }) : undefined} right={<Link to="/counter">{t('home.all')} ›</Link>} flush>
      <Loaded query={query} rows={4}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty sign="search" title={t('counter.noneToday')} actions={<Link to="/counter" className="row"><Icon name="counter" />{t(isClerk ? 'counter.storeTitle' : 'menu.counter')}</Link>}>{t('counter.noneTodayHint')}</Empty>
          ) : (
            <ul className="lines">
              {page.items.map((row) => (
                <li key={row.id} className="between">
                  <span className="grow wrap-any">{row.title}<small className="second s12" style={{ display: 'block' }}>{formatSeconds(row.at)} · {row.customer_name ?? '—'}</small></span>
                  {row.undone_at ? <span className="tag">{t('counter.undone')}</span> : <b className="nowrap">{formatMoney(row.face_value_fen)}</b>}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
