/** Many rows at once: marked in the table, done in one call, every refusal told. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, type Problem } from './problem'
import { useProblemText } from './problemText'

type Key = string | number

interface Result {
  error?: Problem | null
}

export interface BulkAction<Row> {
  key: string
  label: string
  danger?: boolean
  /** Which of the marked rows it can be done to; the others are left out. */
  fits: (row: Row) => boolean
  /** Asked before, where it cannot be taken back. */
  ask?: string
  run?: (rows: Row[]) => Promise<Result[]>
  /** In the place of `run`, where a dialog of its own asks for more; it clears the marks when it is done. */
  begin?: (rows: Row[], clear: () => void) => void
}

/** Marks live as long as the list shows the same thing: another filter or page begins anew. */
export function useMarks(params: unknown) {
  const at = JSON.stringify(params)
  const [marked, setMarked] = useState<{ at: string; keys: ReadonlySet<Key> }>({ at, keys: new Set() })
  const keys = marked.at === at ? marked.keys : new Set<Key>()
  const set = (next: Iterable<Key>) => setMarked({ at, keys: new Set(next) })
  return {
    keys,
    set,
    clear: () => set([]),
    toggle: (key: Key, on: boolean) => set(on ? [...keys, key] : [...keys].filter((each) => each !== key)),
  }
}

export function Bulk<Row>({ name, actions, rows, clear }: { name: string; actions: BulkAction<Row>[]; rows: Row[]; clear: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const work = useMutation({
    mutationFn: ({ action, fitting }: { action: BulkAction<Row>; fitting: Row[] }) => action.run?.(fitting) ?? Promise.resolve([]),
    onSuccess: (results) => {
      const refused = results.flatMap((result) => (result.error ? [result.error] : []))
      if (refused[0]) void message.warning(t('list.bulkRefused', { done: results.length - refused.length, count: refused.length, why: say(refused[0]) }))
      else void message.success(t('list.bulkDone', { count: results.length }))
      clear()
    },
    onError: (error) => void message.error(say(problemOf(error))),
    onSettled: () => cache.invalidateQueries({ queryKey: [name] }),
  })
  if (rows.length === 0) return null
  const begin = (action: BulkAction<Row>) => {
    const fitting = rows.filter(action.fits)
    if (action.begin) return action.begin(fitting, clear)
    const run = () => work.mutateAsync({ action, fitting }).catch(() => undefined)
    if (!action.ask) return void run()
    void modal.confirm({ title: t('list.bulkAsk', { action: action.label, count: fitting.length }), content: action.ask, icon: null, okText: action.label, okButtonProps: { danger: action.danger }, onOk: run })
  }
  return (
    <div className="bulk" role="toolbar" aria-label={t('list.marked', { count: rows.length })}>
      <b aria-live="polite">{t('list.marked', { count: rows.length })}</b>
      {actions.map((action) => {
        const count = rows.filter(action.fits).length
        return (
          <Button key={action.key} size="small" danger={action.danger} disabled={count === 0} title={count === 0 ? t('list.bulkNone') : undefined} loading={work.isPending} onClick={() => begin(action)}>
            {action.label}{count > 0 && count < rows.length ? ` (${count})` : ''}
          </Button>
        )
      })}
      <Button size="small" type="text" onClick={clear}>{t('list.unmark')}</Button>
    </div>
  )
}
