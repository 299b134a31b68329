/** A list: status tabs with counts, search, filters in the address, table, pages, and every state it can be in. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Bulk, useMarks, type BulkAction } from './Bulk'
import { shownColumns, useChosenColumns } from './columns'
import { DataTable, type Column } from './DataTable'
import { formatCount } from './format'
import { Icon } from './icons'
import { PageHead, type Crumb } from './layout'
import { useListState, type ListParams, type ListState } from './listParams'
import { ListTools } from './ListTools'
import { Broken, Empty, Skeleton } from './states'
import { useChosenInView } from './tabs'

export interface PageOf<Row> {
  items: Row[]
  next_cursor?: string | null
  total?: number | null
  counts?: Record<string, number>
}

interface Tab {
  value: string
  label: string
  /** Stands beside the whole list: what is in it is not counted with the rest. */
  apart?: boolean
}

interface DataListProps<Row> {
  name: string
  /** Name of the list for people who cannot see it. */
  label: string
  load: (params: ListParams) => Promise<PageOf<Row>>
  columns: Column<Row>[]
  rowKey: (row: Row) => string | number
  open?: (row: Row) => void
  statuses?: Tab[]
  /** Other cuts of the list, as tabs before the states; kept in the address as `view`. */
  views?: Tab[]
  searchHint?: string
  filters?: (state: ListState) => ReactNode
  empty: ReactNode
  refetchInterval?: number
  /** The id of the API operation that answers the list: with it a file of the rows can be asked for. */
  operation?: string
  /** What `load` asks for beside the address, where a file of the list must ask for the same. */
  fixed?: ListParams
  /** What can be done with many rows at once. */
  bulk?: BulkAction<Row>[]
}

interface DataPageProps<Row> extends DataListProps<Row> {
  title: string
  crumbs?: Crumb[]
  meta?: ReactNode
  actions?: ReactNode
  above?: ReactNode
}

export function DataPage<Row>({ title, crumbs, meta, actions, above, ...list }: DataPageProps<Row>) {
  return (
    <>
      <PageHead title={title} crumbs={crumbs} meta={meta} actions={actions} />
      {above}
      <DataList {...list} />
    </>
  )
}

/** The same without a page header, for a tab or a card of its own. */
export function DataList<Row>({ name, label, load, columns, rowKey, open, statuses, views, searchHint, filters, empty, refetchInterval, operation, fixed, bulk = [] }: DataListProps<Row>) {
  const state = useListState()
  const picked = useChosenColumns(name)
  const marks = useMarks(state.params)
  const query = useQuery({
    queryKey: [name, state.params],
    queryFn: () => load(state.params),
    placeholderData: keepPreviousData,
    refetchInterval,
  })
  const filtered = Object.entries(state.params).some(([key, value]) => key !== 'sort' && key !== 'tab' && value)
  return (
    <>
      {statuses && <StatusTabs statuses={statuses} views={views ?? []} counts={query.data?.counts} state={state} label={label} />}
      <div className="card filters" style={{ flexDirection: 'row' }}>
        {searchHint && <Search hint={searchHint} state={state} />}
        {filters?.(state)}
        <ListTools name={name} label={label} state={state} columns={columns} picked={picked} operation={operation} fixed={fixed} />
      </div>
      <div className="card" aria-busy={query.isFetching}>
        {bulk.length > 0 && <Bulk name={name} actions={bulk} rows={(query.data?.items ?? []).filter((row) => marks.keys.has(rowKey(row)))} clear={marks.clear} />}
        {query.data ? (
          query.data.items.length > 0 ? (
            <DataTable
              rows={query.data.items}
              columns={shownColumns(columns, picked.chosen)}
              marks={bulk.length > 0 ? { ...marks, all: (on) => marks.set(on ? query.data.items.map(rowKey) : []) } : undefined}
              rowKey={rowKey}
              label={label}
              open={open}
              sort={state.params.sort}
              onSort={(sort) => state.change({ sort })}
            />
          ) : filtered ? (
            <NoMatch state={state} />
          ) : (
            empty
          )
        ) : query.error ? (
          <Broken error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton rows={8} />
        )}
        {query.data && <Pager page={query.data} state={state} />}
      </div>
    </>
  )
}

interface StatusTabsProps {
  statuses: Tab[]
  views: Tab[]
  counts?: Record<string, number>
  state: ListState
  label: string
}

function StatusTabs({ statuses, views, counts, state, label }: StatusTabsProps) {
  const { t } = useTranslation()
  const { status = '', view = '' } = state.params
  const row = useChosenInView<HTMLDivElement>(`${view} ${status}`)
  const countOf = (value: string) => (counts ? (counts[value] ?? 0) : undefined)
  const all = counts ? statuses.reduce((sum, each) => sum + (each.apart ? 0 : (counts[each.value] ?? 0)), 0) : undefined
  const tabs = [
    ...views.map((tab) => ({ ...tab, count: countOf(tab.value), on: view === tab.value, to: { view: tab.value, status: undefined } })),
    { value: '', label: t('table.all'), count: all, on: !status && !view, to: { view: undefined, status: undefined } },
    ...statuses.map((tab) => ({ ...tab, count: countOf(tab.value), on: status === tab.value, to: { view: undefined, status: tab.value } })),
  ]
  return (
    <div className="tabs" role="tablist" aria-label={label} ref={row}>
      {tabs.map((tab) => (
        <button key={tab.value} type="button" role="tab" aria-selected={tab.on} onClick={() => state.change(tab.to)}>
          {tab.label}
          {tab.count !== undefined && <small>{formatCount(tab.count)}</small>}
        </button>
      ))}
    </div>
  )
}

function Search({ hint, state }: { hint: string; state: ListState }) {
  const [text, setText] = useState(state.params.q ?? '')
  const applied = state.params.q ?? ''
  const { change } = state
  useEffect(() => {
    if (text === applied) return
    const timer = setTimeout(() => change({ q: text }), 300)
    return () => clearTimeout(timer)
    // The timer belongs to what was typed; a new `change` on every render must not restart it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, applied])
  return (
    <Input
      prefix={<Icon name="search" />}
      placeholder={hint}
      aria-label={hint}
      value={text}
      onChange={(event) => setText(event.target.value)}
      allowClear
      className="list-search"
      style={{ width: 340, maxWidth: '100%' }}
    />
  )
}

function NoMatch({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const cleared = Object.fromEntries(Object.keys(state.params).filter((key) => key !== 'tab').map((key) => [key, undefined]))
  return (
    <Empty sign="search" title={t('table.noMatch')} actions={<Button onClick={() => state.change(cleared)}>{t('table.clear')}</Button>}>
      {t('table.noMatchHint')}
    </Empty>
  )
}

function Pager<Row>({ page, state }: { page: PageOf<Row>; state: ListState }) {
  const { t } = useTranslation()
  const cursor = page.next_cursor
  if (!cursor && !state.previous && !page.total) return null
  return (
    <div className="pager">
      <span>{page.total != null && t('table.total', { count: page.total, shown: formatCount(page.total) })}</span>
      <span className="grow" />
      {(cursor || state.previous) && (
        <>
          <Button size="small" disabled={!state.previous} onClick={() => state.previous?.()} icon={<Icon name="left" />}>
            {t('table.previous')}
          </Button>
          <Button size="small" disabled={!cursor} onClick={() => cursor && state.next(cursor)}>
            {t('table.next')}
            <Icon name="right" />
          </Button>
        </>
      )}
    </div>
  )
}
