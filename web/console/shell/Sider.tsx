/** The menu at the left: the section in use shows its pages. */
import { Link, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isAt, isWithin, visibleMenu, type MenuItem } from '@console/app/menu'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'

export function Sider({ counts, onGo }: { counts: Record<string, number>; onGo?: () => void }) {
  const { t } = useTranslation()
  const { may, inStore } = useSession()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const items = useMemo(() => visibleMenu(may, inStore), [may, inStore])
  return (
    <nav className="sider" aria-label={t('shell.menu')}>
      <ul>
        {items.map((item, index) =>
          item === 'line' ? (
            <li key={index} aria-hidden><hr /></li>
          ) : (
            <Entry key={item.key} item={item} path={path} count={counts[item.key]} onGo={onGo} />
          ),
        )}
      </ul>
    </nav>
  )
}

function Entry({ item, path, count, onGo }: { item: MenuItem; path: string; count?: number; onGo?: () => void }) {
  const { t } = useTranslation()
  const on = isWithin(item, path)
  const name = t(`menu.${item.key}`)
  return (
    <li>
      <Link to={item.to} data-on={on ? '' : undefined} aria-current={on && !item.children ? 'page' : undefined} title={name} onClick={onGo}>
        <Icon name={item.icon} />
        <span className="word">{name}</span>
        {count ? <span className="number">{count}</span> : null}
      </Link>
      {on && item.children && item.children.length > 1 && (
        <ul>
          {item.children.map((child) => {
            const here = isAt(child.to, path)
            return (
              <li key={child.key}>
                <Link to={child.to} data-on={here ? '' : undefined} aria-current={here ? 'page' : undefined} onClick={onGo}>
                  {t(`menu.${child.key}`)}
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </li>
  )
}
