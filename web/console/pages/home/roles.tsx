/** What those see first who neither plan nor decide: the trail, the work behind, the money at suppliers. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listAudit } from '@api/audit'
import { listJobs } from '@api/jobs'
import { listAccounts } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { Burn } from '@kit/Burn'
import { formatMoney, formatRecent } from '@kit/format'
import { Money } from '@kit/Headline'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useAuditWords } from '../govern/auditWords'

const SHOWN = '8'
const REFRESH_MS = 30_000

/** The trail's newest lines. `action` narrows them to one action or, ending in a dot, to one module. */
export function TrailCard({ action }: { action?: string }) {
  const { t } = useTranslation()
  const words = useAuditWords()
  const query = useQuery({ queryKey: ['audit', 'latest', action], queryFn: () => listAudit({ limit: SHOWN, action }), refetchInterval: REFRESH_MS })
  return (
    <Card title={t('home.trail')} right={<Link to="/audit">{t('home.all')} ›</Link>} flush>
      <Loaded query={query} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('audit.none')} />
          ) : (
            <ul className="lines">
              {items.map((row) => (
                <li key={row.id} className="between">
                  <span className="grow wrap-any">
                    {words.action(row.action)}
                    <small className="second s12" style={{ display: 'block' }}>{row.actor_name || t(`audit.actors.${row.actor_kind}`, { defaultValue: row.actor_kind })} · {words.subject(row.subject_kind)}</small>
                  </span>
                  <span className="second s12 nowrap">{formatRecent(row.at)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

/** Background work: what failed stands first, then the newest. */
export function WorkCard() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['jobs', 'home'], queryFn: () => listJobs({ limit: SHOWN }), refetchInterval: REFRESH_MS })
  return (
    <Card title={t('home.work')} right={<Link to="/jobs">{t('home.all')} ›</Link>} flush>
      <Loaded query={query} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('job.none')}>{t('job.noneHint')}</Empty>
          ) : (
            <ul className="lines">
              {[...items].sort((one, other) => Number(other.state === 'failed') - Number(one.state === 'failed')).map((job) => (
                <li key={job.id} className="between">
                  <span className="grow wrap-any">{job.title}<small className="second s12" style={{ display: 'block' }}>{formatRecent(job.created_at)}{job.error && <span className="bad"> · {job.error}</span>}</small></span>
                  <StatusTag kind="job" value={job.state} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

/** Money paid ahead, the supplier nearest to its alarm first. */
export function PrepaidCard() {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['prepayments', 'accounts'], queryFn: listAccounts, refetchInterval: REFRESH_MS })
  return (
    <Card title={t('prepayment.accounts')} hint={t('home.prepaidHint')} right={<Link to="/prepayments">{t('home.all')} ›</Link>} flush>
      <Loaded query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('prepayment.noAccounts')}>{t('prepayment.noAccountsHint')}</Empty>
          ) : (
            <ul className="lines">
              {[...items].sort((one, other) => one.free_fen - one.alarm_fen - (other.free_fen - other.alarm_fen)).map((row) => (
                <li key={row.supplier_id}>
                  <span className="between"><b>{say(row.supplier, row.supplier_en)}</b><span className={row.free_fen <= row.alarm_fen ? 'warn strong nowrap' : 'nowrap'}><Money fen={row.free_fen} /></span></span>
                  <span style={{ display: 'block', margin: '6px 0 2px' }}><Burn label={say(row.supplier, row.supplier_en)} spent={row.free_fen} held={Math.max(0, row.balance_fen - row.free_fen)} limit={Math.max(row.balance_fen, row.alarm_fen, 1)} /></span>
                  <small className="second s12">{t('prepayment.alarmLine', { amount: formatMoney(row.alarm_fen) })}</small>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
