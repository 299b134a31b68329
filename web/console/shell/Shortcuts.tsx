/** Keys that work everywhere, and the sheet that tells them. */
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { visibleMenu } from '@console/app/menu'
import { useSession } from '@console/app/session'

/** After `g` comes the letter of a page. */
const letters: Record<string, string> = { home: 'h', customers: 'c', benefits: 'b', campaigns: 'a', statements: 's', counter: 'r', store: 'r', approvals: 'p', audit: 'l', jobs: 'j', settings: 'e' }
const NEXT_KEY_MS = 1_200
const mac = navigator.platform.startsWith('Mac')
export const commandKey = mac ? '⌘ K' : 'Ctrl K'

/** Where somebody types, letters are letters. */
const types = (target: EventTarget | null) => target instanceof Element && target.closest('input,textarea,select,[contenteditable],[role="combobox"],[role="dialog"]') !== null

interface Keys {
  search: () => void
  help: () => void
}

export function useShortcuts({ search, help }: Keys) {
  const { may, inStore } = useSession()
  const navigate = useNavigate()
  const going = useRef(0)
  const pages = useMemo(() => {
    const items = visibleMenu(may, inStore).filter((item) => item !== 'line')
    return new Map(items.flatMap((item) => (letters[item.key] ? [[letters[item.key], item.to] as const] : [])))
  }, [may, inStore])
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        search()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || types(event.target)) return
      const page = Date.now() - going.current < NEXT_KEY_MS ? pages.get(event.key) : undefined
      going.current = event.key === 'g' ? Date.now() : 0
      if (page) void navigate({ to: page })
      else if (event.key === '?') help()
      else if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>('.filters input[type="text"], .filters input:not([type])')
        if (!field) return
        event.preventDefault()
        field.focus()
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [navigate, pages, search, help])
}

export function ShortcutSheet({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { may, inStore } = useSession()
  const items = visibleMenu(may, inStore).filter((item) => item !== 'line')
  const rows: [string[], string][] = [
    [[commandKey], t('shortcut.search')],
    [['/'], t('shortcut.list')],
    [['?'], t('shortcut.help')],
    [['Esc'], t('shortcut.close')],
    [['Tab', '↑ ↓', 'Enter'], t('shortcut.move')],
    ...items.flatMap((item): [string[], string][] => (letters[item.key] ? [[['g', letters[item.key] ?? ''], t('shortcut.go', { name: t(`menu.${item.key}`) })]] : [])),
  ]
  return (
    <Modal open onCancel={close} footer={null} title={t('shortcut.title')} width={480}>
      <dl className="shortcuts">
        {rows.map(([keys, says]) => (
          <div key={says}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
