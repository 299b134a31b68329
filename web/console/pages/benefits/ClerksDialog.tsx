/** Who redeems in a store: bound by search, unbound with one key, each taken back as easily. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bindClerk, listCandidates, listClerks, unbindClerk, type Store } from '@api/places'
import { useUnitLabel } from '@console/app/units'
import { formatDay } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'

interface Change {
  staffId: string
  name: string
  bound: boolean
}

export function ClerksDialog({ store, close }: { store: Store; close: () => void }) {
  const { t } = useTranslation()
  const clerks = useQuery({ queryKey: ['clerks', store.id], queryFn: () => listClerks(store.id) })
  const change = useChange(store)
  const may = store.can.includes('bind')
  return (
    <Drawer open onClose={close} title={`${t('clerk.title')} · ${store.name}`} size={440}>
      <div className="stack">
        <Loaded query={clerks} rows={3}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty title={t('clerk.none')}>{t('clerk.noneHint')}</Empty>
            ) : (
              <ul className="card lines" aria-label={t('clerk.title')}>
                {page.items.map((clerk) => (
                  <li key={clerk.staff_id} className="between">
                    <span><b>{clerk.name}</b><small className="second s12" style={{ display: 'block' }}>{t('clerk.since', { day: formatDay(clerk.bound_at) })}</small></span>
                    {may && <Button size="small" aria-label={t('clerk.unbindWho', { name: clerk.name })} onClick={() => change({ staffId: clerk.staff_id, name: clerk.name, bound: false })}>{t('clerk.unbind')}</Button>}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        {may && <Search bound={new Set(clerks.data?.items.map((clerk) => clerk.staff_id))} bind={(staffId, name) => change({ staffId, name, bound: true })} />}
      </div>
    </Drawer>
  )
}

/** Does it, and offers to take it back. */
function useChange(store: Store) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: ({ staffId, bound }: Change) => (bound ? bindClerk(staffId, store.id) : unbindClerk(staffId, store.id)),
    onError: (error) => void message.error(say(problemOf(error))),
    onSuccess: (_, done) => {
      const key = `clerk-${done.staffId}`
      const back = () => {
        message.destroy(key)
        mutate({ ...done, bound: !done.bound })
      }
      void message.success({ key, duration: 6, content: <>{t(done.bound ? 'clerk.bound' : 'clerk.unbound', { name: done.name })} <Button type="link" size="small" onClick={back}>{t('clerk.back')}</Button></> })
    },
    onSettled: () => Promise.all(['clerks', 'candidates', 'stores'].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  })
  return mutate
}

function Search({ bound, bind }: { bound: Set<string>; bind: (staffId: string, name: string) => void }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const [text, setText] = useState('')
  const query = useQuery({ queryKey: ['candidates', text], queryFn: () => listCandidates(text) })
  const found = query.data?.items.filter((one) => !bound.has(one.staff_id)) ?? []
  return (
    <section className="stack tight" aria-label={t('clerk.add')}>
      <b>{t('clerk.add')}</b>
      <Input prefix={<Icon name="search" />} placeholder={t('clerk.search')} aria-label={t('clerk.search')} value={text} onChange={(event) => setText(event.target.value)} allowClear />
      {found.length > 0 && (
        <ul className="card lines">
          {found.map((one) => (
            <li key={one.staff_id} className="between">
              <span><b>{one.name}</b> <span className="mono">{one.login}</span><small className="second s12" style={{ display: 'block' }}>{unitLabel(one.unit_id, '')}{one.stores > 0 && ` · ${t('clerk.inStores', { count: one.stores })}`}</small></span>
              <Button size="small" type="primary" ghost aria-label={t('clerk.bindWho', { name: one.name })} onClick={() => bind(one.staff_id, one.name)}>{t('clerk.bind')}</Button>
            </li>
          ))}
        </ul>
      )}
      {query.data && found.length === 0 && <Note>{t('clerk.noCandidates')}</Note>}
    </section>
  )
}
