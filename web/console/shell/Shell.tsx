/** The frame of every page: menu, search, data time, jobs, to-dos, the person signed in. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useFocusReturn } from '@kit/focus'
import { Icon, Mark } from '@kit/icons'
import { Skeleton } from '@kit/states'
import { Palette } from './Palette'
import { SessionEnded } from './SessionEnded'
import { Sider } from './Sider'
import { JobsTool } from './JobDrawer'
import { commandKey, ShortcutSheet, useShortcuts } from './Shortcuts'
import { AsOf, HelpTool, TodoTool, UserMenu, useWaitingApprovals } from './Tools'

export function Shell() {
  const { t } = useTranslation()
  const { session } = useSession()
  const say = useBilingual()
  const bank = say(session.tenant.name, session.tenant.name_en)
  const [searching, setSearching] = useState(false)
  const [menuOpen, setMenuOpen] = useState(false)
  const waiting = useWaitingApprovals()
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })

  const [helping, setHelping] = useState(false)
  const search = useCallback(() => setSearching(true), [])
  const help = useCallback(() => setHelping(true), [])
  useShortcuts({ search, help })
  useFocusReturn()

  useEffect(() => {
    window.scrollTo(0, 0)
  }, [path])

  const counts = { approvals: waiting.length }
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>{t('shell.skip')}</a>
      <nav aria-label={t('shell.brand')} className="brand-cell">
        <Link to="/" className="brand" title={[bank, say(session.unit.name, session.unit.name_en)].join(' · ')}>
        <Mark size={28} />
        <span>
          <b>Huoke</b>
          <small>{[bank, say(session.unit.name, session.unit.name_en)].join(' · ')}</small>
        </span>
      </Link>
      </nav>
      <header className="top">
        <button type="button" className="tool burger" aria-label={t('shell.menu')} onClick={() => setMenuOpen(true)}>
          <Icon name="menu" />
        </button>
        <button type="button" className="command" onClick={() => setSearching(true)}>
          <Icon name="search" />
          <span>{t('shell.search')}</span>
          <kbd>{commandKey}</kbd>
        </button>
        <span className="grow" />
        <AsOf />
        <JobsTool />
        <TodoTool waiting={waiting} />
        <HelpTool keys={help} />
        <UserMenu />
      </header>
      <Sider counts={counts} />
      <main className="main" id="main" ref={main} tabIndex={-1}>
        <Suspense fallback={<Skeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <Drawer mask placement="left" size={264} open={menuOpen} onClose={() => setMenuOpen(false)} title={bank} rootClassName="in-drawer">
        <Sider counts={counts} onGo={() => setMenuOpen(false)} />
      </Drawer>
      {searching && <Palette close={() => setSearching(false)} />}
      {helping && <ShortcutSheet close={() => setHelping(false)} />}
      <SessionEnded />
    </div>
  )
}
