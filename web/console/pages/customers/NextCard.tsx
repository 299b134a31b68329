/** What is to be done for a customer next: open cases, benefits about to expire, products about to mature. */
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getHeld } from '@api/accounts'
import { listGrants } from '@api/campaigns'
import { listCases } from '@api/desk'
import { useSession } from '@console/app/session'
import { formatDay } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card } from '@kit/layout'
import { Broken, Skeleton } from '@kit/states'

const DAY = 86_400_000
const SOON_DAYS = 30
const SHOWN = 6

interface Step {
  key: string
  icon: IconName
  what: string
  about: string
  on: string
  to?: string
}

/** Within the days to come, today included. */
const soon = (at?: string | null) => at != null && Date.parse(at) >= Date.now() - DAY && Date.parse(at) < Date.now() + SOON_DAYS * DAY

export function NextCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [grants, held, cases] = useQueries({
    queries: [
      { queryKey: ['grants', 'customer', seq], queryFn: () => listGrants({ seq: String(seq) }), enabled: may('campaign.read') },
      { queryKey: ['held', seq], queryFn: () => getHeld(seq) },
      { queryKey: ['cases', 'customer', seq], queryFn: () => listCases({ seq: String(seq), status: 'open' }), enabled: may('case.read') },
    ],
  })
  const steps: Step[] = [
    ...(cases.data?.items ?? []).map((one) => ({ key: one.id, icon: 'help' as const, what: t('next.case'), about: one.title, on: formatDay(one.due_at), to: `/cases/${one.id}` })),
    ...(grants.data?.items ?? []).filter((one) => ['reserved', 'issued', 'fulfilled'].includes(one.state) && soon(one.expires_at)).map((one) => ({ key: one.id, icon: 'benefit' as const, what: t('next.expires'), about: one.title, on: formatDay(one.expires_at) })),
    ...(held.data?.holdings ?? []).filter((one) => one.standing === 'open' && soon(one.matures_on)).map((one) => ({ key: one.id, icon: 'budget' as const, what: t('next.matures'), about: one.product, on: one.matures_on ?? '' })),
  ].sort((one, other) => one.on.localeCompare(other.on))
  const asked = [grants, held, cases]
  const failed = asked.find((each) => each.error && !each.data)
  return (
    <Card accent={steps.length > 0} title={t('next.title')} hint={t('next.hint', { days: SOON_DAYS })}>
      {steps.length === 0 && asked.some((each) => each.isLoading) && <Skeleton rows={2} />}
      {failed && <Broken error={failed.error} retry={() => void failed.refetch()} />}
      {steps.length === 0 && !failed && asked.every((each) => !each.isLoading) && <p className="muted s13">{t('next.none')}</p>}
      {steps.length > 0 && (
        <ul className="next-steps">
          {steps.slice(0, SHOWN).map((step) => (
            <li key={step.key}>
              <Icon name={step.icon} />
              <span className="grow"><b>{step.to ? <Link to={step.to}>{step.what}</Link> : step.what}</b><small>{step.about}</small></span>
              <span className="nowrap s12 second">{step.on}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
