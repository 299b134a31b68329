/** Messages that no schema fits: what there is to mend, the messages themselves, take again or throw away. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clearCause, discard, listCauses, listQuarantine, listSchemas, replay, type Cause, type EventSchema, type Quarantined } from '@api/events'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { Filters } from './LatestPage'
import { SchemaForm, type Draft } from './SchemaForm'
import { mended } from './mended'
import './events.css'

export const REASONS = ['unknown_name', 'unknown_property', 'unfit_property', 'missing_property', 'unfit_trait', 'unfit_time'] as const

/** Taking again goes on while something comes of it, so that a long quarantine is one click. */
const ROUNDS_MAX = 50

export default function QuarantinePage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const write = may('event.write')
  const [mending, setMending] = useState<Draft | null>(null)
  const [gone, setGone] = useState<Quarantined[] | null>(null)
  const { takeAgain, working } = useReplay()
  return (
    <>
      <DataPage
        name="event-quarantine"
        operation="list_event_quarantine"
        title={t('menu.eventQuarantine')}
        label={t('menu.eventQuarantine')}
        meta={<>{t('events.quarantine.hint')} <Link to="/event-loads">{t('menu.eventLoads')} ›</Link></>}
        above={<Causes write={write} mend={setMending} takeAgain={takeAgain} working={working} />}
        load={listQuarantine}
        rowKey={(row) => row.id}
        statuses={REASONS.map((value) => ({ value, label: t(`events.reasons.${value}`) }))}
        filters={(state) => <Filters params={state.params} change={state.change} />}
        refetchInterval={15_000}
        columns={[
          { key: 'name', title: t('events.name'), field: 'name', render: (row) => <><b className="mono wrap-any">{row.name}</b><small>{row.source || t('events.noSource')}</small></> },
          { key: 'why', title: t('events.quarantine.why'), field: 'reason', words: 'events.reasons', render: (row) => <><span className="tag warn">{t(`events.reasons.${row.reason}`)}</span>{row.property && <small className="mono wrap-any">{row.property}</small>}</> },
          { key: 'shape', title: t('events.quarantine.shape'), render: (row) => <Shape row={row} /> },
          { key: 'came', title: t('events.quarantine.came'), field: 'recorded_at', format: 'instant', render: (row) => <>{formatRecent(row.recorded_at)}<small>{t('events.quarantine.until', { time: formatRecent(row.expires_at) })}</small></> },
          { key: 'detail', title: t('events.quarantine.detail'), field: 'detail', optional: true, render: (row) => <span className="wrap-any s12">{row.detail}</span> },
          { key: 'actions', title: '', render: (row) => write && <span className="row"><Button size="small" loading={working} onClick={() => void takeAgain({ name: '', ids: [row.id] })}>{t('events.quarantine.again')}</Button><Button size="small" danger onClick={() => setGone([row])}>{t('events.quarantine.discard')}</Button></span> },
        ]}
        empty={<Empty sign="search" title={t('events.quarantine.none')}>{t('events.quarantine.noneHint')}</Empty>}
      />
      {mending && <SchemaForm draft={mending} close={() => setMending(null)} />}
      {gone && <Discard rows={gone} close={() => setGone(null)} />}
    </>
  )
}

/** The properties of a message with their kinds; values stay sealed. */
function Shape({ row }: { row: Quarantined }) {
  const { t } = useTranslation()
  const pairs = Object.entries(row.shape)
  if (pairs.length === 0) return <span className="muted">—</span>
  return (
    <span className="event-said">
      {pairs.map(([key, kind]) => (
        <span key={key} className={`wrap-any ${key === row.property ? 'bad' : ''}`}><em>{key}</em>{t(`events.kinds.${kind}`)} ****</span>
      ))}
    </span>
  )
}

function useReplay() {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [working, setWorking] = useState(false)
  const takeAgain = async (wanted: Parameters<typeof replay>[0]) => {
    setWorking(true)
    try {
      let [taken, unfit, traits] = [0, 0, 0]
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const became = await replay(wanted)
        const moved = became.accepted + became.waiting + became.duplicate
        taken += moved
        unfit = became.still_unfit
        traits += became.traits_refused
        if (moved === 0 || wanted.ids?.length) break
      }
      void message[taken ? 'success' : 'warning'](t(unfit ? 'events.quarantine.tookSome' : 'events.quarantine.took', { count: taken, taken: formatCount(taken), unfit: formatCount(unfit) }))
      if (traits) void message.warning(t('events.quarantine.tookTraits', { shown: formatCount(traits) }), 6)
    } catch (error) {
      void message.error(say(problemOf(error)))
    } finally {
      setWorking(false)
      await refreshed(cache)
    }
  }
  return { takeAgain, working }
}

const refreshed = (cache: ReturnType<typeof useQueryClient>) =>
  Promise.all(['event-quarantine', 'event-causes', 'event-activity'].map((key) => cache.invalidateQueries({ queryKey: [key] })))

interface CausesProps {
  write: boolean
  mend: (draft: Draft) => void
  takeAgain: (wanted: Parameters<typeof replay>[0]) => Promise<void>
  working: boolean
}

/** The same trouble a thousand times is one thing to mend. */
function Causes({ write, mend, takeAgain, working }: CausesProps) {
  const { t } = useTranslation()
  const [clearing, setClearing] = useState<Cause | null>(null)
  const query = useQuery({ queryKey: ['event-causes'], queryFn: listCauses, refetchInterval: 15_000 })
  const { may } = useSession()
  const schemas = useQuery({ queryKey: ['event-schemas', 'choices'], queryFn: () => listSchemas(), enabled: may('segment.read') })
  const causes = query.data?.items ?? []
  if (causes.length === 0) return null
  return (
    <div style={{ marginBottom: 16 }}>
      <Card title={t('events.quarantine.causes')} hint={t('events.quarantine.causesHint', { count: causes.length })} flush>
        <ul className="causes-list">
          {causes.map((cause) => (
            <li key={`${cause.name}.${cause.reason}.${cause.property}`}>
              <div className="grow">
                <div className="row wrap"><span className="figure">{formatCount(cause.messages)}</span><b className="mono wrap-any">{cause.name}</b><span className="tag warn">{t(`events.reasons.${cause.reason}`)}</span>{cause.property && <span className="mono wrap-any">{cause.property}</span>}</div>
                <small className="second s12 wrap-any">{t(`events.mends.${cause.reason}`, { name: cause.name, property: cause.property })} {cause.sources.filter(Boolean).join(', ')} · {formatRecent(cause.first_at)} – {formatRecent(cause.last_at)}</small>
              </div>
              {write && (
                <span className="row wrap">
                  <Mend cause={cause} schemas={schemas.data?.items} mend={mend} />
                  <Button size="small" loading={working} onClick={() => void takeAgain({ name: cause.name, reason: cause.reason, property: cause.property })}>{t('events.quarantine.again')}</Button>
                  <Button size="small" danger onClick={() => setClearing(cause)}>{t('events.quarantine.discard')}</Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      </Card>
      {clearing && <Clear cause={clearing} close={() => setClearing(null)} />}
    </div>
  )
}

function Mend({ cause, schemas, mend }: { cause: Cause; schemas?: EventSchema[]; mend: (draft: Draft) => void }) {
  const { t } = useTranslation()
  const draft = schemas && mended(cause, schemas)
  if (!draft) return null
  return <Button size="small" type="primary" onClick={() => mend(draft)}>{t(cause.reason === 'unknown_name' ? 'events.schema.register' : 'events.schema.mend')}</Button>
}

function Reason() {
  const { t } = useTranslation()
  return <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
}

function Clear({ cause, close }: { cause: Cause; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    let more = true
    while (more) more = (await clearCause({ name: cause.name, cause: cause.reason, property: cause.property, reason })).more
    await refreshed(cache)
  }
  return (
    <Ask<{ reason: string }> title={t('events.quarantine.discardCause', { count: cause.messages, shown: formatCount(cause.messages), name: cause.name })} submit={submit} close={close} danger action={t('events.quarantine.discard')}>
      <p className="second s13" style={{ marginBottom: 16 }}>{t('events.quarantine.discardHint')}</p>
      <Reason />
    </Ask>
  )
}

function Discard({ rows, close }: { rows: Quarantined[]; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await discard(rows.map((row) => row.id), reason)
    await refreshed(cache)
  }
  return (
    <Ask<{ reason: string }> title={t('events.quarantine.discardOne', { name: rows[0]?.name })} submit={submit} close={close} danger action={t('events.quarantine.discard')}>
      <p className="second s13" style={{ marginBottom: 16 }}>{t('events.quarantine.discardHint')}</p>
      <Reason />
    </Ask>
  )
}
