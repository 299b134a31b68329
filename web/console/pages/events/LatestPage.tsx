/** The latest messages as they were taken, anew every few seconds: whoever connects a system sees its first event here. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listEvents, listSchemas, listSources, type LatestEvent } from '@api/events'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatMoney, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { useListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import './events.css'

export default function LatestPage() {
  const { t } = useTranslation()
  const state = useListState()
  const [still, setStill] = useState(false)
  const { source_id, name } = state.params
  const query = useQuery({ queryKey: ['events', source_id, name], queryFn: () => listEvents({ source_id, name, limit: '60' }), refetchInterval: still ? false : 3_000 })
  const filtered = Boolean(source_id ?? name)
  return (
    <>
      <PageHead
        title={t('menu.events')}
        meta={<span>{t('events.latest.hint')}</span>}
        actions={<><span className="pulse" data-off={still ? '' : undefined}>{t(still ? 'events.latest.still' : 'events.latest.live')}</span><Button icon={<Icon name={still ? 'play' : 'pause'} />} onClick={() => setStill(!still)}>{t(still ? 'events.latest.go' : 'events.latest.pause')}</Button></>}
      />
      <div className="card filters" style={{ flexDirection: 'row' }}><Filters params={state.params} change={state.change} /></div>
      <div className="card" aria-busy={query.isFetching}>
        <Loaded query={query} rows={8}>
          {(page) =>
            page.items.length > 0 ? (
              <Tail items={page.items} />
            ) : filtered ? (
              <Empty sign="search" title={t('events.latest.noMatch')} actions={<Button onClick={() => state.change({ source_id: undefined, name: undefined })}>{t('table.clear')}</Button>}>{t('table.noMatchHint')}</Empty>
            ) : (
              <Empty title={t('events.latest.none')} actions={<Link to="/event-sources"><Button type="primary">{t('events.latest.toSources')}</Button></Link>}>{t('events.latest.noneHint')}</Empty>
            )
          }
        </Loaded>
      </div>
    </>
  )
}

/** Which source and which name: kept in the address, shared by the tail and the quarantine. */
export function Filters({ params, change }: { params: Record<string, string | undefined>; change: (changes: Record<string, string | undefined>) => void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const sources = useQuery({ queryKey: ['event-sources', 'choices'], queryFn: () => listSources() })
  const schemas = useQuery({ queryKey: ['event-schemas', 'choices'], queryFn: () => listSchemas(), enabled: may('segment.read') })
  const shared = { size: 'small' as const, allowClear: true, popupMatchSelectWidth: false, showSearch: { optionFilterProp: 'label' }, style: { minWidth: 168 } }
  return (
    <>
      <Select {...shared} aria-label={t('events.source.name')} placeholder={t('events.everySource')} value={params.source_id} options={(sources.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} onChange={(source_id?: string) => change({ source_id })} />
      {may('segment.read') && <Select {...shared} aria-label={t('events.name')} placeholder={t('events.everyName')} value={params.name} options={[...(params.name && !schemas.data?.items.some((each) => each.name === params.name) ? [{ value: params.name, label: params.name }] : []), ...(schemas.data?.items ?? []).map((each) => ({ value: each.name, label: `${say(each.title, each.title_en)} · ${each.name}` }))]} onChange={(name?: string) => change({ name })} />}
    </>
  )
}

function Tail({ items }: { items: LatestEvent[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const seen = useSeen(items)
  return (
    <ol className="tail" aria-label={t('menu.events')} aria-live="off">
      {items.map((one) => (
        <li key={one.id} data-new={seen(one.id) ? undefined : ''}>
          <time dateTime={one.recorded_at}>{formatSeconds(one.recorded_at)}</time>
          <span><b>{say(one.title, one.title_en)}</b><small className="mono muted" style={{ display: 'block' }}>{one.name}</small></span>
          <span className="said event-said">
            {one.amount_fen !== 0 && <span><em>{t('events.amount')}</em>{formatMoney(one.amount_fen)}</span>}
            {Object.entries(one.properties).map(([key, value]) => <span key={key} className="wrap-any"><em>{key}</em>{value}</span>)}
            {one.entry_code && <span><em>{t('events.entryCode')}</em>{one.entry_code}</span>}
          </span>
          <span className="who s12 second">
            {one.waiting ? <span className="tag draft" title={t('events.latest.waitingHint')}>{t('events.latest.waiting')}</span> : one.seq != null ? <Link to={`/customers/${one.seq}`}>{t('supplierOrder.seq', { seq: one.seq })}</Link> : t('events.latest.known')}
            <small style={{ display: 'block' }} className="muted">{one.source || t('events.noSource')}</small>
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Whether a row stood here at the last look; nothing is new at the first. */
function useSeen(items: LatestEvent[]) {
  const [known, setKnown] = useState<{ ids: string; before: Set<string> | null }>({ ids: '', before: null })
  const ids = items.map((one) => one.id).join()
  if (known.ids !== ids) setKnown({ ids, before: known.ids ? new Set(known.ids.split(',')) : null })
  return (id: string) => known.before === null || known.before.has(id)
}
