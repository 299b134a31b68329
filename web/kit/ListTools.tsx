/** What every list can do beside showing itself: saved views, the choice of columns, a file of its rows. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Dropdown, Form, Input, Popover, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeView, listViews, removeView, requestExport, saveView, type SavedView } from '@api/views'
import { Ask } from './ask'
import { shownColumns, staysShown, type ChosenColumns } from './columns'
import type { Column } from './DataTable'
import { Icon } from './icons'
import { Note } from './layout'
import type { ListParams, ListState } from './listParams'
import { problemOf } from './problem'
import { useProblemText } from './problemText'

interface ListToolsProps<Row> {
  name: string
  label: string
  state: ListState
  columns: Column<Row>[]
  picked: ChosenColumns
  /** The API operation behind the list; without one there are no files of it. */
  operation?: string
  /** What the page asks the list for beside the address. */
  fixed?: ListParams
}

export function ListTools<Row>({ operation, ...list }: ListToolsProps<Row>) {
  const { t } = useTranslation()
  const [exporting, setExporting] = useState(false)
  return (
    <span className="list-tools">
      <Views {...list} />
      <ColumnChoice columns={list.columns} picked={list.picked} />
      {operation && <Button size="small" icon={<Icon name="download" />} onClick={() => setExporting(true)}>{t('action.export')}</Button>}
      {operation && exporting && <ExportDialog {...list} operation={operation} close={() => setExporting(false)} />}
    </span>
  )
}

/** The filters of the address that belong to a view: neither the tab the list stands in nor the page it is on. */
export function filtersOf(params: ListParams): Record<string, string> {
  const kept = Object.entries(params).filter((pair): pair is [string, string] => Boolean(pair[1]) && pair[0] !== 'tab' && pair[0] !== 'cursor')
  return Object.fromEntries(kept.sort(([one], [other]) => one.localeCompare(other)))
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Whether the list looks just as the view says. */
export const isView = (view: Pick<SavedView, 'filters' | 'columns'>, params: ListParams, chosen: string[]) =>
  same(filtersOf(view.filters), filtersOf(params)) && same([...view.columns].sort(), [...chosen].sort())

function Views<Row>({ name, state, picked }: Omit<ListToolsProps<Row>, 'operation'>) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const query = useQuery({ queryKey: ['views', name], queryFn: () => listViews(name), staleTime: 60_000 })
  const [asking, setAsking] = useState<'new' | SavedView | null>(null)
  const [used, setUsed] = useState<string | null>(null)
  const views = query.data?.items ?? []
  const active = views.find((view) => isView(view, state.params, picked.chosen))
  const last = views.find((view) => view.id === used)
  const now = { filters: filtersOf(state.params), columns: picked.chosen }
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onError: (error) => void message.error(say(problemOf(error))),
    onSettled: () => cache.invalidateQueries({ queryKey: ['views', name] }),
  })

  const show = (view: Pick<SavedView, 'filters' | 'columns'> | null) => {
    const cleared = Object.fromEntries(Object.keys(filtersOf(state.params)).map((key) => [key, undefined]))
    picked.choose(view?.columns ?? [])
    state.change({ ...cleared, ...view?.filters })
  }
  const choose = ({ key }: { key: string }) => {
    const mine = active ?? last
    if (key === 'all') show(null)
    else if (key === 'save') setAsking('new')
    else if (key === 'rename' && mine) setAsking(mine)
    else if (key === 'update' && last) act.mutate(() => changeView({ id: last.id, name: last.name, shared: last.shared, ...now }))
    else if (key === 'remove' && mine) act.mutate(() => removeView(mine.id))
    else {
      const view = views.find((each) => each.id === key)
      if (view) {
        setUsed(view.id)
        show(view)
      }
    }
  }
  const entry = (view: SavedView) => ({
    key: view.id,
    icon: <Icon name={view === active ? 'check' : 'eye'} />,
    label: view.mine ? view.name : `${view.name} · ${view.owner}`,
  })
  const [own, shared] = [views.filter((view) => view.mine), views.filter((view) => !view.mine)]
  const changed = last?.can.includes('change') && last !== active
  const owned = (active ?? last)?.can.includes('change')
  const items = [
    { key: 'all', icon: <Icon name={Object.keys(now.filters).length || now.columns.length ? 'eye' : 'check'} />, label: t('list.whole') },
    ...(own.length ? [{ type: 'group' as const, label: t('list.mine'), children: own.map(entry) }] : []),
    ...(shared.length ? [{ type: 'group' as const, label: t('list.shared'), children: shared.map(entry) }] : []),
    { type: 'divider' as const },
    { key: 'save', icon: <Icon name="plus" />, label: t('list.save') },
    ...(changed && last ? [{ key: 'update', icon: <Icon name="retry" />, label: t('list.update', { name: last.name }) }] : []),
    ...(owned ? [{ key: 'rename', icon: <Icon name="edit" />, label: t('list.rename') }, { key: 'remove', icon: <Icon name="close" />, danger: true, label: t('list.remove') }] : []),
  ]
  return (
    <>
      <Dropdown menu={{ items, onClick: choose }} trigger={['click']} placement="bottomRight">
        <Button size="small" icon={<Icon name="eye" />}>{active?.name ?? t('list.views')}</Button>
      </Dropdown>
      {asking && <ViewDialog page={name} view={asking === 'new' ? null : asking} now={now} saved={setUsed} close={() => setAsking(null)} />}
    </>
  )
}

interface ViewDialogProps {
  page: string
  view: SavedView | null
  now: Pick<SavedView, 'filters' | 'columns'>
  saved: (id: string) => void
  close: () => void
}

function ViewDialog({ page, view, now, saved, close }: ViewDialogProps) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ name, shared }: { name: string; shared?: boolean }) => {
    const told = { name, shared: Boolean(shared) }
    saved(view ? await changeView({ id: view.id, filters: view.filters, columns: view.columns, ...told }) : await saveView({ page, ...now, ...told }))
    await cache.invalidateQueries({ queryKey: ['views', page] })
  }
  return (
    <Ask<{ name: string; shared?: boolean }> title={t(view ? 'list.rename' : 'list.save')} submit={submit} close={close} initial={view ?? {}} action={t('action.save')} width={420}>
      <Form.Item name="name" label={t('list.name')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('list.name') }) }]}>
        <Input maxLength={40} autoFocus />
      </Form.Item>
      <Form.Item name="shared" valuePropName="checked" extra={t('list.shareHint')}>
        <Checkbox>{t('list.share')}</Checkbox>
      </Form.Item>
    </Ask>
  )
}

function ColumnChoice<Row>({ columns, picked }: { columns: Column<Row>[]; picked: ChosenColumns }) {
  const { t } = useTranslation()
  const shown = shownColumns(columns, picked.chosen).map((column) => column.key)
  const free = columns.filter((column) => !staysShown(columns, column))
  if (free.length < 2) return null
  const toggle = (key: string, on: boolean) => picked.choose(free.map((column) => column.key).filter((each) => (each === key ? on : shown.includes(each))))
  const content = (
    <div className="stack tight" role="group" aria-label={t('list.columns')}>
      {free.map((column) => (
        <Checkbox key={column.key} checked={shown.includes(column.key)} disabled={shown.includes(column.key) && free.filter((each) => shown.includes(each.key)).length === 1} onChange={(event) => toggle(column.key, event.target.checked)}>
          {column.title}
        </Checkbox>
      ))}
      {picked.chosen.length > 0 && <Button size="small" type="link" onClick={() => picked.choose([])}>{t('action.reset')}</Button>}
    </div>
  )
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <Button size="small" icon={<Icon name="columns" />}>{t('list.columns')}</Button>
    </Popover>
  )
}

/** A file of a list, made in the background against a reason. */
export function ExportDialog<Row>({ label, state, columns, picked, operation, fixed, close }: Omit<ListToolsProps<Row>, 'name' | 'state'> & { state: Pick<ListState, 'params'>; operation: string; close: () => void }) {
  const { t } = useTranslation()
  const submit = async ({ format, reason }: { format: 'xlsx' | 'csv'; reason: string }) => {
    const wanted = shownColumns(columns, picked.chosen).filter((column) => column.field)
    const words = (column: Column<Row>) => {
      if (typeof column.words !== 'string') return column.words ?? {}
      const family: unknown = t(column.words, { returnObjects: true })
      return typeof family === 'object' && family !== null ? (family as Record<string, string>) : {}
    }
    await requestExport({
      operation,
      title: label,
      format,
      reason,
      filters: { ...filtersOf(state.params), ...filtersOf(fixed ?? {}) },
      columns: wanted.map((column) => ({
        title: typeof column.title === 'string' && column.title ? column.title : column.key,
        field: column.field ?? column.key,
        format: column.format ?? 'text',
        words: words(column),
      })),
    })
  }
  return (
    <Ask<{ format: 'xlsx' | 'csv'; reason: string }> title={t('list.exportTitle', { name: label })} submit={submit} close={close} initial={{ format: 'xlsx' }} action={t('action.export')} width={440}>
      <Form.Item name="format" label={t('list.format')}>
        <Segmented options={[{ value: 'xlsx', label: 'Excel' }, { value: 'csv', label: 'CSV' }]} />
      </Form.Item>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}>
        <Input.TextArea rows={2} maxLength={200} autoFocus />
      </Form.Item>
      <div style={{ marginBottom: 16 }}><Note icon="lock">{t('list.exportHint')}</Note></div>
    </Ask>
  )
}
