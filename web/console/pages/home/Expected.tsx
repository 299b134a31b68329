/** Visits booked with somebody who receives, the next ones first; who has checked in can be received at once. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listVisits } from '@api/bookings'
import { useBilingual } from '@console/app/useWords'
import { Serve } from '@console/pages/plays/VisitsPage'
import { formatClock, formatDay } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const SHOWN = 6

export function Expected() {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['visit-bookings', 'home'], queryFn: () => listVisits({}), refetchInterval: 30_000 })
  const waiting = (query.data?.items ?? []).filter((row) => row.stage === 'arrived' || row.stage === 'booked')
  if (query.data && waiting.length === 0) return null
  return (
    <Card title={t('visits.expected')} right={<Link to="/visits">{t('visits.all')} ›</Link>} flush>
      <Loaded query={query} rows={2}>
        {() => (
          <ul className="lines">
            {waiting.slice(0, SHOWN).map((row) => (
              <li key={row.id} className="between">
                <span className="grow wrap-any">
                  <Link className="name" to={`/customers/${row.seq}`}>{row.customer_name ?? row.customer_no}</Link> <StatusTag kind="visit" value={row.stage} tone={row.stage === 'arrived' ? 'warn' : 'info'} />
                  <small className="second s12" style={{ display: 'block' }}>{say(row.place, row.place_en)}</small>
                </span>
                <span className="nowrap" style={{ textAlign: 'right' }}>
                  {row.can.includes('serve') ? <Serve row={row} /> : <><b>{formatClock(row.starts_at)}</b><small className="second s12" style={{ display: 'block' }}>{formatDay(row.starts_at)}</small></>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}
