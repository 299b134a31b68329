/** Who sends events: each system with a write key of its own, what came of late, and what lies aside. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addSource, getActivity, listSources, revokeSource, rotateSource, type EventSource, type MadeSource } from '@api/events'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { Empty } from '@kit/states'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { HourBars } from './HourBars'
import { KeyDialog } from './KeyDialog'
import './events.css'

type Doing = { kind: 'add' } | { kind: 'rotate' | 'revoke'; source: EventSource }

export default function SourcesPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [doing, setDoing] = useState<Doing | null>(null)
  const [made, setMade] = useState<{ made: MadeSource; name: string; rotated: boolean } | null>(null)
  const activity = useQuery({ queryKey: ['event-activity'], queryFn: getActivity, refetchInterval: 10_000 })
  const of = (source: EventSource) => activity.data?.sources.find((each) => each.source_id === source.id)
  const add = may('setting.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setDoing({ kind: 'add' })}>{t('events.source.add')}</Button>
  return (
    <>
      <DataPage
        name="event-sources"
        operation="list_event_sources"
        title={t('menu.eventSources')}
        label={t('menu.eventSources')}
        meta={t('events.source.hint')}
        load={listSources}
        rowKey={(source) => source.id}
        searchHint={t('events.source.search')}
        statuses={(['open', 'revoked'] as const).map((value) => ({ value, label: t(`events.source.states.${value}`) }))}
        actions={add}
        columns={[
          { key: 'name', title: t('events.source.name'), field: 'name', render: (source) => <><b className="wrap-any">{source.name}</b><small>{t('events.source.made', { by: source.made_by, time: formatRecent(source.made_at) })}</small></> },
          { key: 'key', title: t('events.source.key'), field: 'key_hint', render: (source) => <><span className="mono">····{source.key_hint}</span>{source.former_until && Date.parse(source.former_until) > Date.now() && <small className="warn">{t('events.source.former', { time: formatInstant(source.former_until) })}</small>}</> },
          { key: 'hours', title: t('events.lastDay'), render: (source) => { const said = of(source); return said && activity.data ? <HourBars activity={said} asOf={activity.data.as_of} /> : <span className="muted">—</span> } },
          { key: 'day', title: t('events.day'), number: true, render: (source) => <><b>{formatCount(of(source)?.day)}</b><small>{t('events.monthSum', { shown: formatCount(of(source)?.month) })}</small></> },
          { key: 'last', title: t('events.last'), render: (source) => formatRecent(of(source)?.last_at) },
          { key: 'aside', title: t('menu.eventQuarantine'), number: true, render: (source) => { const aside = of(source)?.aside; return aside ? <Link to={`/event-quarantine?source_id=${source.id}`} className="warn">{formatCount(aside)}</Link> : formatCount(aside) } },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'events.source.states', render: (source) => <span className={`tag ${source.state === 'open' ? 'ok' : ''}`}>{t(`events.source.states.${source.state}`)}</span> },
          { key: 'actions', title: '', render: (source) => may('setting.write') && source.state === 'open' && <span className="row"><Button size="small" onClick={() => setDoing({ kind: 'rotate', source })}>{t('events.source.rotate')}</Button><Button size="small" danger onClick={() => setDoing({ kind: 'revoke', source })}>{t('events.source.revoke')}</Button></span> },
        ]}
        empty={<Empty title={t('events.source.none')} actions={add}>{t('events.source.noneHint')}</Empty>}
      />
      {doing && <Change doing={doing} made={setMade} close={() => setDoing(null)} />}
      {made && <KeyDialog {...made} close={() => setMade(null)} />}
    </>
  )
}

interface ChangeProps {
  doing: Doing
  made: (made: { made: MadeSource; name: string; rotated: boolean }) => void
  close: () => void
}

function Change({ doing, made, close }: ChangeProps) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ name }: { name?: string }) => {
    if (doing.kind === 'add') made({ made: await addSource(name?.trim() ?? ''), name: name?.trim() ?? '', rotated: false })
    else if (doing.kind === 'rotate') made({ made: await rotateSource(doing.source.id), name: doing.source.name, rotated: true })
    else await revokeSource(doing.source.id)
    await Promise.all([cache.invalidateQueries({ queryKey: ['event-sources'] }), cache.invalidateQueries({ queryKey: ['event-activity'] })])
  }
  if (doing.kind === 'add') {
    return (
      <Ask<{ name: string }> title={t('events.source.add')} submit={submit} close={close} action={t('events.source.addAction')}>
        <Form.Item name="name" label={t('events.source.name')} extra={t('events.source.nameHint')} rules={needed(t('events.source.name'))}><Input maxLength={60} autoFocus /></Form.Item>
      </Ask>
    )
  }
  const revoking = doing.kind === 'revoke'
  return (
    <Ask<{ name?: string }> title={`${t(`events.source.${doing.kind}`)} · ${doing.source.name}`} submit={submit} close={close} danger={revoking} action={t(`events.source.${doing.kind}`)} typed={revoking ? doing.source.name : undefined}>
      <div style={{ marginBottom: 16 }}><Note kind={revoking ? 'warning' : undefined}>{t(`events.source.${doing.kind}Hint`)}</Note></div>
    </Ask>
  )
}
