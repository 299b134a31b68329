/** What is to be done for a customer next: open cases, a relationship that cools, what they look for, what soon ends. */
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getHeld } from '@api/accounts'
import { listGrants } from '@api/campaigns'
import { listCases } from '@api/desk'
import { getTemperature, type Stage, type Temperature } from '@api/temperature'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
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

const STAGES: Stage[] = ['cold', 'cool', 'warm', 'hot']

/** The warmer stage of a month ago; none where it is as warm as then. */
function cooledFrom(reading: Temperature): Stage | undefined {
  const then = Date.parse(reading.day) - SOON_DAYS * DAY
  const was = reading.trend.filter((each) => Date.parse(each.day) <= then).at(-1)?.stage
  return was && STAGES.indexOf(was) > STAGES.indexOf(reading.stage) ? was : undefined
}

/** Within the days to come, today included. */
const soon = (at?: string | null) => at != null && Date.parse(at) >= Date.now() - DAY && Date.parse(at) < Date.now() + SOON_DAYS * DAY

export function NextCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const [grants, held, cases, warmth] = useQueries({
    queries: [
      { queryKey: ['grants', 'customer', seq], queryFn: () => listGrants({ seq: String(seq) }), enabled: may('campaign.read') },
      { queryKey: ['held', seq], queryFn: () => getHeld(seq) },
      { queryKey: ['cases', 'customer', seq], queryFn: () => listCases({ seq: String(seq), status: 'open' }), enabled: may('case.read') },
      { queryKey: ['temperature', seq], queryFn: () => getTemperature(seq) },
    ],
  })
  const reading = warmth.data?.reading
  const was = reading && cooledFrom(reading)
  const worst = reading?.drivers.find((one) => one.points < 0)
  const steps: Step[] = [
    ...(reading && was ? [{ key: 'cooled', icon: 'warning' as const, what: t('next.cooled', { was: t(`temperature.stages.${was}`), stage: t(`temperature.stages.${reading.stage}`) }), about: worst ? say(worst.text, worst.text_en) : t('next.cooledHint'), on: formatDay(reading.staged_on) }] : []),
    ...(reading?.need ? [{ key: 'need', icon: 'eye' as const, what: t('next.need', { need: say(reading.need.label, reading.need.label_en) }), about: t('temperature.needHint', { count: reading.need.times, day: formatDay(reading.need.last_on) }), on: '' }] : []),
    ...(cases.data?.items ?? []).map((one) => ({ key: one.id, icon: 'help' as const, what: t('next.case'), about: one.title, on: formatDay(one.due_at), to: `/cases/${one.id}` })),
    ...(grants.data?.items ?? []).filter((one) => ['reserved', 'issued', 'fulfilled'].includes(one.state) && soon(one.expires_at)).map((one) => ({ key: one.id, icon: 'benefit' as const, what: t('next.expires'), about: one.title, on: formatDay(one.expires_at) })),
    ...(held.data?.holdings ?? []).filter((one) => one.standing === 'open' && soon(one.matures_on)).map((one) => ({ key: one.id, icon: 'budget' as const, what: t('next.matures'), about: one.product, on: one.matures_on ?? '' })),
  ].sort((one, other) => one.on.localeCompare(other.on))
  const asked = [grants, held, cases, warmth]
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
