/** Cmd-K: pages, campaigns, segments, benefits by name, and a customer by the exact number. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { findEverywhere, type Found } from '@api/search'
import { visibleMenu } from '@console/app/menu'
import { useSession } from '@console/app/session'
import { Icon, type IconName } from '@kit/icons'

interface Option {
  group: string
  icon: IconName
  label: string
  hint?: string
  to: string
}

const icons: Record<Found['kind'], IconName> = { campaign: 'campaign', segment: 'people', item: 'benefit', customer: 'customer' }

export function Palette({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const options = useOptions(text)
  const at = Math.min(active, options.length - 1)

  const go = (option: Option | undefined) => {
    if (!option) return
    close()
    void navigate({ to: option.to })
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) {
      event.preventDefault()
      setActive((at + step + options.length) % Math.max(1, options.length))
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      go(options[at])
    }
  }
  return (
    <Modal open onCancel={close} footer={null} closable={false} width={560} style={{ top: 96 }} title={null} aria-label={t('shell.search')}>
      <div className="palette">
        <div className="row">
          <Icon name="search" />
          <input
            role="combobox"
            aria-expanded={options.length > 0}
            aria-controls={listId}
            aria-activedescendant={options[at] ? `${listId}-${at}` : undefined}
            aria-label={t('shell.search')}
            placeholder={t('shell.search')}
            autoFocus
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setActive(0)
            }}
            onKeyDown={onKey}
          />
        </div>
        <div className="options" role="listbox" id={listId} aria-label={t('shell.results')}>
          {options.map((option, index) => (
            <div key={`${option.to}${index}`}>
              {options[index - 1]?.group !== option.group && <div className="group-name" aria-hidden>{option.group}</div>}
              <div
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                onMouseMove={() => setActive(index)}
                onClick={() => go(option)}
              >
                <Icon name={option.icon} />
                {option.label}
                {option.hint && <small>{option.hint}</small>}
              </div>
            </div>
          ))}
          {options.length === 0 && <p className="muted s13" style={{ padding: 8 }}>{t('shell.nothing')}</p>}
        </div>
      </div>
    </Modal>
  )
}

function useOptions(text: string): Option[] {
  const { t } = useTranslation()
  const { may, inStore } = useSession()
  const asked = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['everywhere', asked],
    queryFn: () => findEverywhere(asked, may),
    enabled: asked.length > 0,
    staleTime: 30_000,
  })
  const pages = useMemo(() => menuOptions(may, inStore, t), [may, inStore, t])
  const lower = text.trim().toLowerCase()
  const matching = pages.filter((option) => !lower || option.label.toLowerCase().includes(lower))
  const objects = (lower && found.data ? found.data : []).map((hit) => ({
    group: t(`shell.kinds.${hit.kind}`),
    icon: icons[hit.kind],
    label: hit.label,
    hint: hit.hint,
    to: hit.to,
  }))
  return [...objects, ...matching]
}

function menuOptions(may: (permission: string) => boolean, inStore: boolean, t: (key: string) => string): Option[] {
  return visibleMenu(may, inStore).flatMap((item) => {
    if (item === 'line') return []
    const pages = item.children ?? [item]
    return pages.map((page) => ({
      group: t('shell.pages'),
      icon: item.icon,
      label: t(`menu.${page.key}`),
      hint: item.children ? t(`menu.${item.key}`) : undefined,
      to: page.to,
    }))
  })
}
