/** The cards of the first page. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Home } from '@api/campaigns'
import { visibleMenu } from '@console/app/menu'
import { useSession } from '@console/app/session'
import { useBilingual, useChangeTitle } from '@console/app/useWords'
import { useWaitingApprovals } from '@console/shell/Tools'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatRecent, formatShare, formatWindow } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { AlarmLine } from './AlarmLine'
import { BudgetCell, CampaignTag } from '../campaigns/CampaignsPage'
import { BurnLegend } from '../campaigns/LiveBoard'

/** What could be redeemed: benefits claimed; where they go out without a claim, benefits granted. */
const taken = (row: { claimed: number; granted: number; redeemed: number }) => (row.claimed < row.redeemed ? row.granted : row.claimed)

export function Running({ home, create }: { home: Home; create?: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const navigate = useNavigate()
  const counted = may('figure.read')
  const rows = home.running.map((row) => ({ ...row, budget_fen: row.budget.limit_fen ?? 0, committed_fen: row.budget.committed_fen ?? 0, reserved_fen: row.budget.reserved_fen ?? 0 }))
  return (
    <Card title={t('home.running')} hint={t('home.runningCount', { count: rows.length })} flush right={<>{rows.length > 0 && <BurnLegend />}<Link to="/campaigns">{t('home.allCampaigns')} ›</Link></>}>
      {rows.length === 0 ? (
        <Empty title={t('home.noneRunning')} actions={create && <Button onClick={create}>{t('home.template')}</Button>}>{t('campaign.noneHint')}</Empty>
      ) : (
        <DataTable
          label={t('home.running')}
          rows={rows}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/campaigns/${row.id}` })}
          columns={[
            { key: 'name', title: t('campaign.one'), render: (row) => <><Link className="name" to={`/campaigns/${row.id}`}>{row.name}</Link><small>{formatWindow(row.opens_at, row.closes_at)} · {say(row.unit, row.unit_en)}</small></> },
            { key: 'budget', title: t('campaign.budgetYuan'), width: 230, render: (row) => <BudgetCell row={row} /> },
            ...(counted ? [{ key: 'rate', title: t('board.measures.rate'), number: true, render: (row: (typeof rows)[number]) => <>{formatShare(row.redeemed, taken(row))}<small>{t('home.redeemedOf', { redeemed: formatCount(row.redeemed), claimed: formatCount(taken(row)) })}</small></> }] : []),
            { key: 'stock', title: t('home.stockLeft'), number: true, render: (row) => <>{formatCount(row.stock.available)}<small>/ {formatCount(row.stock.total)}</small></> },
            { key: 'state', title: t('campaign.state'), render: (row) => <CampaignTag row={row} /> },
          ]}
        />
      )}
    </Card>
  )
}

const tones: Record<string, string> = { warnings_new: 'bad', warnings_taken: 'info', approvals: 'warn', returned: 'warn', drafts: 'info', failed_jobs: 'bad', statements: 'info' }

export function Todos({ home }: { home: Home }) {
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

export function Alarms({ home }: { home: Home }) {
  const { t } = useTranslation()
  return (
    <Card title={t('home.alarms')} hint={t('home.alarmCount', { count: home.alarms.length })} flush>
      <ul className="lines">
        {home.alarms.map((alarm) => (
          <li key={`${alarm.kind}${alarm.path}${alarm.name}`}>
            <Link to={alarm.path} className="row" style={{ color: 'var(--ink)', alignItems: 'flex-start' }}>
              <AlarmLine alarm={alarm} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}

export function RecentCard({ home }: { home: Home }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card title={t('home.recent')} flush>
      <ul className="lines">
        {home.recent.map((row) => (
          <li key={row.id} className="between">
            <span className="row">
              <Link to={`/campaigns/${row.id}`} style={{ color: 'var(--ink)' }}>{row.name}<small className="second s12" style={{ display: 'block' }}>{say(row.unit, row.unit_en)} · {formatRecent(row.changed_at)}</small></Link>
            </span>
            <StatusTag kind="campaign" value={row.state} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

const SHOWN = 6

/** What waits for this person's decision, the most urgent first. */
export function Waiting() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const titleOf = useChangeTitle()
  const waiting = [...useWaitingApprovals()].sort((one, other) => (one.due_at ?? '9').localeCompare(other.due_at ?? '9'))
  return (
    <Card title={t('home.waiting')} hint={waiting.length > 0 ? t('home.todoCount', { count: waiting.length }) : undefined} flush right={<Link to="/approvals" search={{ view: 'to_decide' } as never}>{t('home.all')} ›</Link>}>
      {waiting.length === 0 ? (
        <Empty title={t('home.noneWaiting')}>{t('home.noneWaitingHint')}</Empty>
      ) : (
        <DataTable
          label={t('home.waiting')}
          rows={waiting.slice(0, SHOWN)}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/approvals/${row.id}` })}
          columns={[
            { key: 'title', title: t('approval.title'), render: (row) => <><Link className="name" to={`/approvals/${row.id}`}>{titleOf(row)}</Link><small>{row.number} · {t('home.makerOf', { name: row.maker_name })}</small></> },
            { key: 'kind', title: t('approval.kind'), render: (row) => t(`approval.kinds.${row.kind.replaceAll('.', '_')}`, { defaultValue: row.kind }) },
            { key: 'submitted', title: t('approval.submitted'), render: (row) => <span className="nowrap">{formatRecent(row.submitted_at)}</span> },
            { key: 'due', title: t('approval.due'), render: (row) => (row.due_at ? <b className="nowrap warn">{t('home.due', { time: formatRecent(row.due_at) })}</b> : '—') },
          ]}
        />
      )}
    </Card>
  )
}

/** Pages of one menu that would all wear its sign. */
const SIGNS: Record<string, IconName> = { customerSearch: 'search', managers: 'people', matches: 'copy', tags: 'tag', segments: 'people', temperature: 'sun', warnings: 'warning', leads: 'bell', myCodes: 'message', cascades: 'right', rings: 'stop' }

/** Where this person works, each with what it is for. */
export function Places() {
  const { t } = useTranslation()
  const { may, inStore } = useSession()
  const places = useMemo(
    () => visibleMenu(may, inStore).flatMap((item) => (item === 'line' || item.to === '/' ? [] : (item.children ?? [item]).map((page) => ({ key: page.key, to: page.to, icon: SIGNS[page.key] ?? item.icon })))),
    [may, inStore],
  )
  return (
    <Card title={t('home.goTitle')}>
      <ul className="places">
        {places.map((place) => (
          <li key={place.to}>
            <Link to={place.to} className="home-place">
              <span className="seal" aria-hidden><Icon name={place.icon} /></span>
              <span><b>{t(`menu.${place.key}`)}</b><small>{t(`home.go.${place.key}`, { defaultValue: '' })}</small></span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
