/** The catalogue of tags: the tree of categories on the left, the tags of the chosen one beside it. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listTagCategories, listTags, refreshTags, setTagState, submitTags, type Tag } from '@api/tags'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import type { BulkAction } from '@kit/Bulk'
import { ShareBar } from '@kit/Burn'
import { DataList } from '@kit/DataPage'
import type { Column } from '@kit/DataTable'
import { formatCount, formatDay, formatRecent, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { useListState, type ListState } from '@kit/listParams'
import { problemOf } from '@kit/problem'
import { Empty, Unread } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { flatOf, treeOf, useCategoryName, type CategoryNode } from './categories'
import { CodeDialog } from './CodeDialog'
import './tags.css'
import { kinds, useFailure } from './tagWords'

export default function TagsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const state = useListState()
  const [code, setCode] = useState(false)
  const create = may('tag.write') && (
    <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/tags/new' })}>{t('tag.new')}</Button>
  )
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.tags') }]}
        title={t('menu.tags')}
        actions={<><Button icon={<Icon name="file" />} onClick={() => setCode(true)}>{t('tag.code.title')}</Button>{create}</>}
      />
      <div className="catalogue">
        <Tree state={state} />
        <div className="catalogue-list">
          <DataList<Tag>
            name="tags"
            label={t('menu.tags')}
            load={listTags}
            rowKey={(row) => row.id}
            open={(row) => void navigate({ to: `/tags/${row.id}` })}
            operation="list_tags"
            statuses={(['active', 'draft', 'frozen', 'archived'] as const).map((value) => ({ value, label: t(`status.tag.${value}`), apart: value === 'archived' }))}
            searchHint={t('tag.search')}
            filters={(list) => <Filters state={list} />}
            columns={useColumns()}
            bulk={useBulk(may('tag.write'))}
            empty={<Empty title={t('tag.none')} actions={create}>{t('tag.noneHint')}</Empty>}
          />
        </div>
      </div>
      {code && <CodeDialog category={state.params.category ?? ''} close={() => setCode(false)} />}
    </>
  )
}

/** On a phone the tree is a choice. */
function Tree({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const nameOf = useCategoryName()
  const query = useQuery({ queryKey: ['tags', 'categories'], queryFn: listTagCategories, staleTime: 60_000 })
  const tree = treeOf(query.data?.items ?? [])
  const chosen = state.params.category ?? ''
  const choose = (category: string) => state.change({ category: category || undefined })
  const total = tree.reduce((sum, node) => sum + node.tags, 0)
  return (
    <>
      <nav className="card catalogue-tree" aria-label={t('tag.category')}>
        <ul>
          <li><button type="button" aria-current={chosen === ''} onClick={() => choose('')}><span>{t('tag.everyCategory')}</span><small>{query.data && formatCount(total)}</small></button></li>
          {tree.map((node) => <Branch key={node.path} node={node} chosen={chosen} choose={choose} />)}
        </ul>
        {query.error && !query.data && <Unread query={query} />}
      </nav>
      <Select
        className="catalogue-choice" aria-label={t('tag.category')} value={chosen} onChange={choose}
        options={[{ value: '', label: t('tag.everyCategory') }, ...flatOf(tree).map((node) => ({ value: node.path, label: `${nameOf(node.path)} · ${formatCount(node.tags)}` }))]}
      />
    </>
  )
}

function Branch({ node, chosen, choose }: { node: CategoryNode; chosen: string; choose: (path: string) => void }) {
  const { t } = useTranslation()
  const nameOf = useCategoryName()
  const within = chosen === node.path || chosen.startsWith(`${node.path}/`)
  const stale = node.stale > 0 ? t('tag.staleCount', { count: node.stale }) : undefined
  return (
    <li>
      <button type="button" aria-current={chosen === node.path} aria-expanded={node.children.length > 0 ? within : undefined} onClick={() => choose(node.path)}>
        <span className="clip" title={nameOf(node.path)}>{nameOf(node.path, false)}</span>
        <small>{stale && <i className="catalogue-stale" role="img" aria-label={stale} title={stale} />}{formatCount(node.tags)}</small>
      </button>
      {within && node.children.length > 0 && <ul>{node.children.map((child) => <Branch key={child.path} node={child} chosen={chosen} choose={choose} />)}</ul>}
    </li>
  )
}

function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const { kind, fresh, unused } = state.params
  return (
    <>
      <Select
        allowClear aria-label={t('tag.kind')} placeholder={t('tag.kind')} value={kind} style={{ minWidth: 120 }} popupMatchSelectWidth={false}
        options={kinds.map((value) => ({ value, label: t(`tag.kinds.${value}`) }))} onChange={(next?: string) => state.change({ kind: next })}
      />
      <Select
        allowClear aria-label={t('tag.freshness')} placeholder={t('tag.freshness')} value={fresh} style={{ minWidth: 120 }} popupMatchSelectWidth={false}
        options={[{ value: 'true', label: t('tag.fresh') }, { value: 'false', label: t('tag.stale') }]} onChange={(next?: string) => state.change({ fresh: next })}
      />
      <Checkbox checked={unused === 'true'} onChange={(event) => state.change({ unused: event.target.checked ? 'true' : undefined })}>{t('tag.unusedOnly')}</Checkbox>
    </>
  )
}

function useColumns(): Column<Tag>[] {
  const { t } = useTranslation()
  const say = useBilingual()
  const nameOf = useCategoryName()
  return [
    { key: 'name', title: t('tag.label'), sort: 'label', field: 'label', render: (row) => <><b>{say(row.label, row.label_en)}</b><small className="mono">{row.name}</small></> },
    { key: 'kind', title: t('tag.kind'), field: 'kind', words: 'tag.kinds', render: (row) => <span className="row nowrap" style={{ gap: 6 }}>{t(`tag.kinds.${row.kind}`)}{row.deposit_derived && <span className="tag gold plain" title={t('tag.depositHint')}>B1</span>}</span> },
    { key: 'code', optional: true, title: t('tag.name'), sort: 'name', field: 'name', render: (row) => <span className="mono">{row.name}</span> },
    { key: 'category', optional: true, title: t('tag.category'), sort: 'category', field: 'category', render: (row) => nameOf(row.category) },
    {
      key: 'known', title: t('tag.coverage'), sort: 'known', field: 'known', format: 'count', number: true,
      render: (row) => row.universe ? <span className="tag-share"><ShareBar part={row.known ?? 0} whole={row.universe} label={t('tag.coverage')} /><span>{formatShare(row.known ?? 0, row.universe)}</span></span> : <span className="muted">—</span>,
    },
    { key: 'filled', title: t('tag.filled'), sort: 'filled', field: 'data_at', format: 'instant', render: (row) => <span className={row.fresh || row.state !== 'active' ? 'nowrap' : 'nowrap bad'} title={row.fresh ? undefined : t('tag.staleHint')}>{row.data_at ? formatRecent(row.data_at) : '—'}</span> },
    { key: 'used', title: t('tag.used'), sort: 'used', field: 'used', format: 'count', number: true, render: (row) => (row.used ? formatCount(row.used) : <span className="muted">—</span>) },
    { key: 'owner', title: t('tag.owner'), optional: true, field: 'owner', render: (row) => row.owner || <span className="muted">—</span> },
    { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.tag', render: (row) => <States tag={row} /> },
    { key: 'changed', optional: true, title: t('segment.changed'), sort: 'changed', field: 'changed_at', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
  ]
}

export function States({ tag }: { tag: Tag }) {
  const { t } = useTranslation()
  const why = useFailure()
  return (
    <span className="row wrap">
      <StatusTag kind="tag" value={tag.state} tone={tag.state === 'frozen' ? 'info' : undefined} />
      {tag.latest_state === 'pending' && <span className="tag info">{t('tag.pending', { version: tag.latest })}</span>}
      {tag.latest_state === 'draft' && tag.version != null && <span className="tag draft">{t('tag.drafted', { version: tag.latest })}</span>}
      {tag.failure && <span className="tag bad" title={why(tag.failure)}>{t('tag.failed')}</span>}
      {tag.sunset && <span className="tag warn">{t('tag.sunset', { day: formatDay(tag.sunset) })}</span>}
    </span>
  )
}

function useBulk(writing: boolean): BulkAction<Tag>[] {
  const { t } = useTranslation()
  const together = (work: (names: string[]) => Promise<unknown>) => async (rows: Tag[]) => {
    await work(rows.map((row) => row.name))
    return rows.map(() => ({}))
  }
  const put = (to: 'frozen' | 'archived' | 'active') => (row: Tag) => setTagState(row.id, to).then(() => ({}), (error: unknown) => ({ error: problemOf(error) }))
  if (!writing) return []
  return [
    { key: 'submit', label: t('tag.verbs.submit'), fits: (row) => row.latest_state === 'draft' && row.state !== 'archived', run: together((names) => submitTags(names, '')) },
    { key: 'refresh', label: t('tag.verbs.refresh'), fits: (row) => row.state === 'active', run: together((names) => refreshTags(names)) },
    { key: 'freeze', label: t('tag.verbs.freeze'), ask: t('tag.freezeHint'), fits: (row) => row.state === 'active', run: (rows) => Promise.all(rows.map(put('frozen'))) },
    { key: 'activate', label: t('tag.verbs.activate'), fits: (row) => row.state === 'frozen', run: (rows) => Promise.all(rows.map(put('active'))) },
    { key: 'archive', label: t('tag.verbs.archive'), ask: t('tag.archiveHint'), fits: (row) => row.state !== 'archived' && !row.used, run: (rows) => Promise.all(rows.map(put('archived'))) },
  ]
}
