/** The right end of the header: data time, jobs, things to decide, the person. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Drawer, Dropdown } from 'antd'
import { useCallback, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { listToDecide, type ChangeRow } from '@api/approvals'
import { getHome, listAlarms } from '@api/campaigns'
import { restoreGuide } from '@api/views'
import { usePreferences } from '@console/app/preferences'
import { useSession } from '@console/app/session'
import { AlarmLine } from '@console/pages/home/AlarmLine'
import { useChangeTitle } from '@console/app/useWords'
import { formatClock, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { PasswordDialog } from './PasswordDialog'

const whenOnline = (tell: () => void) => {
  window.addEventListener('online', tell)
  window.addEventListener('offline', tell)
  return () => {
    window.removeEventListener('online', tell)
    window.removeEventListener('offline', tell)
  }
}

/** The latest instant any figure on the page stands for; without a network, that it gets older. */
export function AsOf() {
  const { t } = useTranslation()
  const cache = useQueryClient().getQueryCache()
  const online = useSyncExternalStore(whenOnline, () => navigator.onLine)
  const follow = useCallback((tell: () => void) => cache.subscribe(tell), [cache])
  const updated = useSyncExternalStore(follow, () => formatClock(new Date(cache.getAll().reduce((latest, query) => Math.max(latest, query.state.dataUpdatedAt), 0) || Date.now())))
  return (
    <span className={online ? 'as-of' : 'as-of offline'} role={online ? undefined : 'status'}>
      <Icon name={online ? 'clock' : 'warning'} />
      {t(online ? 'shell.asOf' : 'shell.offline', { time: updated })}
    </span>
  )
}

/** Changes that wait for this person's decision. */
export function useWaitingApprovals(): ChangeRow[] {
  const { may } = useSession()
  const query = useQuery({
    queryKey: ['approvals', 'waiting'],
    queryFn: listToDecide,
    enabled: may('approval.decide'),
    refetchInterval: 60_000,
  })
  return query.data ?? []
}

/** What goes wrong unless this person acts: odds, stock, budgets, feeds. */
function useAlarms() {
  const query = useQuery({ queryKey: ['alarms'], queryFn: listAlarms, refetchInterval: 60_000 })
  return query.data ?? []
}

export function TodoTool({ waiting }: { waiting: ChangeRow[] }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const alarms = useAlarms()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const titleOf = useChangeTitle()
  if (!may('approval.decide') && alarms.length === 0) return null
  const count = waiting.length + alarms.length
  return (
    <>
      <button type="button" className="tool" aria-label={t('shell.todos', { count })} title={t('home.todo')} onClick={() => setOpen(true)}>
        <Icon name="bell" />
        {count > 0 && <i>{count}</i>}
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('home.todo')} size={400} styles={{ body: { padding: 0 } }}>
        {count === 0 ? (
          <Empty title={t('home.noTodo')} />
        ) : (
          <ul className="lines">
            {alarms.map((alarm) => (
              <li key={`${alarm.kind}${alarm.path}${alarm.name}`}>
                <Link to={alarm.path} className="row" style={{ color: 'var(--ink)', alignItems: 'flex-start' }} onClick={() => setOpen(false)}><AlarmLine alarm={alarm} /></Link>
              </li>
            ))}
            {waiting.map((change) => (
              <li key={change.id}>
                <button
                  type="button"
                  style={{ textAlign: 'left', width: '100%' }}
                  onClick={() => {
                    setOpen(false)
                    void navigate({ to: `/approvals/${change.id}` })
                  }}
                >
                  <span className="between">
                    <b>{titleOf(change)}</b>
                    <span className="muted s12 nowrap">{formatRecent(change.submitted_at)}</span>
                  </span>
                  <span className="second s12">{change.maker_name}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Drawer>
    </>
  )
}

/** Help: the keys, and the first hour for those who put it away. */
export function HelpTool({ keys }: { keys: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { may } = useSession()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const bringBack = async () => {
    await restoreGuide()
    const home = await cache.fetchQuery({ queryKey: ['home'], queryFn: getHome, staleTime: 0 })
    void message.info(t(home.guide ? 'home.guide.restored' : 'home.guide.finished'))
    if (home.guide) void navigate({ to: '/' })
  }
  const items = [
    { key: 'keys', icon: <Icon name="help" />, label: t('shortcut.title') },
    ...(may('campaign.write') ? [{ key: 'guide', icon: <Icon name="retry" />, label: t('home.guide.restore') }] : []),
  ]
  const act = ({ key }: { key: string }) => {
    if (key === 'keys') keys()
    else bringBack().catch((error: unknown) => void message.error(say(problemOf(error))))
  }
  return (
    <Dropdown menu={{ items, onClick: act }} trigger={['click']} placement="bottomRight">
      <button type="button" className="tool" aria-label={t('shortcut.tool')} title={t('shortcut.tool')}><Icon name="help" /></button>
    </Dropdown>
  )
}

export function UserMenu() {
  const { t } = useTranslation()
  const { session, signOut } = useSession()
  const { colours, language, setColours, setLanguage } = usePreferences()
  const [changing, setChanging] = useState(false)
  const items = [
    { key: 'language', icon: <Icon name="language" />, label: language === 'en' ? '中文' : 'English' },
    { key: 'colours', icon: <Icon name={colours === 'dark' ? 'sun' : 'moon'} />, label: t(colours === 'dark' ? 'shell.light' : 'shell.dark') },
    { key: 'password', icon: <Icon name="key" />, label: t('password.title') },
    { type: 'divider' as const },
    { key: 'out', icon: <Icon name="leave" />, label: t('shell.signOut') },
  ]
  const act = ({ key }: { key: string }) => {
    if (key === 'language') setLanguage(language === 'en' ? 'zh-CN' : 'en')
    if (key === 'colours') setColours(colours === 'dark' ? 'light' : 'dark')
    if (key === 'password') setChanging(true)
    if (key === 'out') void signOut()
  }
  const role = session.roles[0]?.role
  return (
    <>
    <Dropdown menu={{ items, onClick: act }} trigger={['click']} placement="bottomRight">
      <button type="button" className="me">
        <span className="visually-hidden">{t('shell.me')}</span>
        <span className="avatar" aria-hidden>{session.name.slice(0, 1)}</span>
        <span className="who">
          <b>{session.name}</b>
          <small>{role ? t(`role.${role}`, { defaultValue: role }) : ''}</small>
        </span>
        <Icon name="down" />
      </button>
    </Dropdown>
    {changing && <PasswordDialog close={() => setChanging(false)} />}
    </>
  )
}
