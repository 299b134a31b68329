/** The first page of every role: what one may do decides what stands on it. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getHome, type Home } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { BANK_ZONE, formatShare } from '@kit/format'
import { Count, Money } from '@kit/Headline'
import { Icon } from '@kit/icons'
import { Figures, PageHead, type FigureItem } from '@kit/layout'
import { Loaded } from '@kit/states'
import { CounterCard } from './home/CounterCard'
import { Cooling } from './home/Cooling'
import { Expected } from './home/Expected'
import { Guide } from './home/Guide'
import { NorthStarCard } from './home/NorthStar'
import { Alarms, Places, RecentCard, Running, Todos, Waiting } from './home/parts'
import { PrepaidCard, TrailCard, WorkCard } from './home/roles'
import './home/home.css'

export default function HomePage() {
  const { t, i18n } = useTranslation()
  const { session, may, ownCustomers } = useSession()
  const navigate = useNavigate()
  const query = useQuery({ queryKey: ['home'], queryFn: getHome, refetchInterval: 15_000 })
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: BANK_ZONE, hour: '2-digit', hourCycle: 'h23' }).format(new Date()))
  const part = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
  const date = new Intl.DateTimeFormat(i18n.language, { timeZone: BANK_ZONE, year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' }).format(new Date())
  const start = () => void navigate({ to: '/campaigns/new' })
  return (
    <>
      <PageHead
        title={t(`home.hello.${part}`, { name: session.name })}
        meta={
          <>
            <span>{date}</span>
            <span>{ownCustomers ? t('home.ownCustomers') : session.units == null ? t('home.wholeBank') : t('home.units', { count: session.units.length })}</span>
          </>
        }
        actions={<PrimaryAction start={start} />}
      />
      <Loaded query={query} rows={8}>{(home) => <Body home={home} create={may('campaign.write') ? start : undefined} />}</Loaded>
    </>
  )
}

/** The one thing this person most often comes for. */
function PrimaryAction({ start }: { start: () => void }) {
  const { t } = useTranslation()
  const { may, inStore, ownCustomers } = useSession()
  const navigate = useNavigate()
  if (may('campaign.write')) return <Button type="primary" icon={<Icon name="plus" />} onClick={start}>{t('campaign.new')}</Button>
  if (may('segment.write')) return <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/segments/new' })}>{t('segment.new')}</Button>
  if (may('audit.export')) return <Button type="primary" icon={<Icon name="audit" />} onClick={() => void navigate({ to: '/audit' })}>{t('menu.audit')}</Button>
  if (may('staff.write')) return <Button type="primary" icon={<Icon name="customer" />} onClick={() => void navigate({ to: '/staff' })}>{t('menu.staff')}</Button>
  if (may('redemption.redeem')) return <Button type="primary" icon={<Icon name="counter" />} onClick={() => void navigate({ to: '/counter' })}>{t(inStore ? 'menu.store' : 'menu.counter')}</Button>
  if (ownCustomers) return <Button type="primary" icon={<Icon name="search" />} onClick={() => void navigate({ to: '/customers' })}>{t('home.findCustomer')}</Button>
  if (may('desk.find')) return <Button type="primary" icon={<Icon name="search" />} onClick={() => void navigate({ to: '/desk' })}>{t('desk.find')}</Button>
  return null
}

function Body({ home, create }: { home: Home; create?: () => void }) {
  const { may } = useSession()
  const figures = useFigures(home)
  const audits = may('audit.read')
  const works = may('campaign.read') && !audits
  const waits = home.todos.length > 0 || home.portfolio != null || may('campaign.write') || may('approval.decide') || may('desk.find') || may('supply.write')
  const aside = waits || (works && home.alarms.length + home.recent.length > 0)
  const decides = may('approval.decide')
  return (
    <>
      {home.guide && <Guide steps={home.guide} />}
      {figures.length > 0 && <Figures items={figures} />}
      <div className="grid" style={{ alignItems: 'start' }}>
        <div className={aside ? 'stack c8' : 'stack c12'}>
          {decides && <Waiting />}
          {home.north_star && <NorthStarCard star={home.north_star} />}
          {works && <Running home={home} create={create} />}
          {may('redemption.redeem') && <CounterCard />}
          {audits && <TrailCard />}
          {may('setting.write') && <WorkCard />}
          {may('lobby.host') && <Expected />}
          {home.portfolio && <Cooling />}
          {!works && <Places />}
        </div>
        {aside && <div className="stack c4">
          {works && home.alarms.length > 0 && <Alarms home={home} />}
          {waits && <Todos home={home} />}
          {may('supply.write') && <PrepaidCard />}
          {works && home.recent.length > 0 && <RecentCard home={home} />}
        </div>}
      </div>
    </>
  )
}

/** Figures of what one looks after; a figure nobody may see is no zero, it is not there. */
function useFigures(home: Home): FigureItem[] {
  const { t } = useTranslation()
  const { may } = useSession()
  const { totals, counter, people, trail, work, desk, portfolio } = home
  const item = (key: string, count: number, unit?: string): FigureItem => ({ label: t(`home.figures.${key}`), value: <Count value={count} />, unit })
  const pieces = t('unit.pieces')
  if (may('campaign.read') && may('figure.read')) {
    return [
      item('running', totals.campaigns_running, t('unit.campaigns')),
      item('granted', totals.granted_today, pieces),
      item('claimed', totals.claimed_today, pieces),
      { ...item('redeemed', totals.redeemed_today, pieces), hint: totals.claimed_today > 0 && t('home.figures.rate', { rate: formatShare(totals.redeemed_today, totals.claimed_today) }) },
      { label: t('home.figures.spent'), value: <Money fen={totals.redeemed_today_fen} /> },
    ]
  }
  const mine = portfolio ? [item('portfolio', portfolio.customers), item('warningsNew', portfolio.warnings_new), item('warningsTaken', portfolio.warnings_taken), { label: t('warning.atRisk'), value: <Money fen={portfolio.at_risk_fen} /> }] : []
  const own = counter ? [item('mine', counter.redeemed, pieces), { label: t('counter.value'), value: <Money fen={counter.face_value_fen} /> }] : []
  const staff = people ? [item('staff', people.active), item('disabled', people.disabled), item('notEnrolled', people.not_enrolled), item('sessions', people.sessions), item('locked', people.locked)] : []
  const seen = trail ? [item('entries', trail.entries), item('reveals', trail.reveals), item('exports', trail.exports), item('refused', trail.refused_sign_ins)] : []
  const atDesk = desk ? [item('casesOpen', desk.open), item('casesMine', desk.mine), item('casesClosed', desk.closed_today), item('goodwill', desk.waiting)] : []
  const jobs = work && !trail && !desk ? [item('queued', work.queued), item('working', work.running), item('failed', work.failed)] : []
  return [...mine, ...atDesk, ...own, ...staff, ...seen, ...jobs]
}
