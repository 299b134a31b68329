/** The first page: today's figures, what waits for me, what runs and how fast it burns. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getHome, type Home } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { DataTable } from '@kit/DataTable'
import { BANK_ZONE, formatCount, formatMoney, formatRecent, formatShare, formatWindow } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { BudgetCell, CampaignTag } from './campaigns/CampaignsPage'
import { BurnLegend } from './campaigns/LiveBoard'

export default function HomePage() {
  const { t, i18n } = useTranslation()
  const { session, may } = useSession()
  const navigate = useNavigate()
  const query = useQuery({ queryKey: ['home'], queryFn: getHome, refetchInterval: 15_000 })
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: BANK_ZONE, hour: '2-digit', hourCycle: 'h23' }).format(new Date()))
  const part = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
  const date = new Intl.DateTimeFormat(i18n.language, { timeZone: BANK_ZONE, year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' }).format(new Date())
  const create = may('campaign.write')
  const start = () => void navigate({ to: '/campaigns/new' })
  return (
    <>
      <PageHead
        title={t(`home.hello.${part}`, { name: session.name })}
        meta={
          <>
            <span>{date}</span>
            <span>{session.units == null ? t('home.wholeBank') : t('home.units', { count: session.units.length })}</span>
          </>
        }
        actions={create && <Button type="primary" icon={<Icon name="plus" />} onClick={start}>{t('campaign.new')}</Button>}
      />
      <Loaded query={query} rows={8}>{(home) => <Body home={home} create={create ? start : undefined} />}</Loaded>
    </>
  )
}

function Body({ home, create }: { home: Home; create?: () => void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { totals } = home
  return (
    <>
      {may('campaign.read') && (
        <Figures
          items={[
            { label: t('home.figures.running'), value: formatCount(totals.campaigns_running), unit: t('unit.campaigns') },
            { label: t('home.figures.granted'), value: formatCount(totals.granted_today), unit: t('unit.pieces') },
            { label: t('home.figures.claimed'), value: formatCount(totals.claimed_today), unit: t('unit.pieces') },
            { label: t('home.figures.redeemed'), value: formatCount(totals.redeemed_today), unit: t('unit.pieces'), hint: t('home.figures.rate', { rate: formatShare(totals.redeemed_today, totals.claimed_today) }) },
            { label: t('home.figures.spent'), value: formatMoney(totals.redeemed_today_fen) },
          ]}
        />
      )}
      <div className="grid" style={{ alignItems: 'start' }}>
        {may('campaign.read') && <Running home={home} create={create} />}
        <div className={may('campaign.read') ? 'stack c4' : 'stack c12'}>
          <Todos home={home} />
          {home.recent.length > 0 && <RecentCard home={home} />}
        </div>
      </div>
    </>
  )
}

function Running({ home, create }: { home: Home; create?: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const rows = home.running.map((row) => ({ ...row, budget_fen: row.budget.limit_fen ?? 0, committed_fen: row.budget.committed_fen ?? 0, reserved_fen: row.budget.reserved_fen ?? 0 }))
  return (
    <Card className="c8" title={t('home.running')} hint={t('home.runningCount', { count: rows.length })} flush right={<><BurnLegend /><Link to="/campaigns">{t('home.allCampaigns')} ›</Link></>}>
      {rows.length === 0 ? (
        <Empty title={t('home.noneRunning')} actions={create && <Button type="primary" onClick={create}>{t('campaign.new')}</Button>}>{t('campaign.noneHint')}</Empty>
      ) : (
        <DataTable
          label={t('home.running')}
          rows={rows}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/campaigns/${row.id}` })}
          columns={[
            { key: 'name', title: t('campaign.one'), render: (row) => <><Link className="name" to={`/campaigns/${row.id}`}>{row.name}</Link><small>{formatWindow(row.opens_at, row.closes_at)} · {row.unit}</small></> },
            { key: 'budget', title: t('campaign.budgetYuan'), width: 230, render: (row) => <BudgetCell row={row} /> },
            { key: 'rate', title: t('board.measures.rate'), number: true, render: (row) => <>{formatShare(row.redeemed, row.claimed)}<small>{t('home.redeemedOf', { redeemed: formatCount(row.redeemed), claimed: formatCount(row.claimed) })}</small></> },
            { key: 'stock', title: t('home.stockLeft'), number: true, render: (row) => <>{formatCount(row.stock.available)}<small>/ {formatCount(row.stock.total)}</small></> },
            { key: 'state', title: t('campaign.state'), render: (row) => <CampaignTag row={row} /> },
          ]}
        />
      )}
    </Card>
  )
}

const tones: Record<string, string> = { approvals: 'warn', returned: 'warn', drafts: 'info', failed_jobs: 'bad', statements: 'info' }

function Todos({ home }: { home: Home }) {
  const { t } = useTranslation()
  return (
    <Card title={t('home.todo')} hint={home.todos.length > 0 ? t('home.todoCount', { count: home.todos.reduce((sum, todo) => sum + todo.count, 0) }) : undefined} flush>
      {home.todos.length === 0 ? (
        <p className="muted s13" style={{ padding: '8px 20px 16px' }}>{t('home.noTodo')}</p>
      ) : (
        <ul className="lines">
          {home.todos.map((todo) => (
            <li key={todo.kind}>
              <Link to={todo.path.replace(/^\/console/, '')} className="between" style={{ color: 'var(--ink)' }}>
                <span className="row"><span className={`tag ${tones[todo.kind] ?? ''}`}>{t(`home.todos.${todo.kind}.tag`, { defaultValue: todo.kind })}</span>{t(`home.todos.${todo.kind}.says`, { count: todo.count, defaultValue: '' })}</span>
                <b className="nowrap">{formatCount(todo.count)} ›</b>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function RecentCard({ home }: { home: Home }) {
  const { t } = useTranslation()
  return (
    <Card title={t('home.recent')} flush>
      <ul className="lines">
        {home.recent.map((row) => (
          <li key={row.id} className="between">
            <span className="row">
              <Link to={`/campaigns/${row.id}`} style={{ color: 'var(--ink)' }}>{row.name}<small className="second s12" style={{ display: 'block' }}>{row.unit} · {formatRecent(row.changed_at)}</small></Link>
            </span>
            <StatusTag kind="campaign" value={row.state} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
