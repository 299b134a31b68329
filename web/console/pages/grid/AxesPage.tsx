/** How the grid divides: bands of an axis in order, counted as they are written; another person approves. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Segmented } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getAxes, previewAxis, requestAxis, type Axes, type AxisName, type AxisPreview, type NewAxis } from '@api/grid'
import type { Definition } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import type { ConditionSources } from '@console/pages/segments/ConditionFields'
import { isComplete, type Expression } from '@console/pages/segments/expression'
import { useSources } from '@console/pages/segments/useSources'
import { usePathWords } from '@console/pages/tags/tagWords'
import { ValuesCard } from '@console/pages/tags/ValuesCard'
import { Ask } from '@kit/ask'
import { formatCount, formatRecent } from '@kit/format'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import '@console/pages/segments/segments.css'
import '@console/pages/tags/tags.css'
import './grid.css'

const PAUSE_MS = 400
const CELLS_MAX = 400

export default function AxesPage() {
  const query = useQuery({ queryKey: ['grid-axes'], queryFn: getAxes })
  return <Loaded page query={query} rows={10}>{(axes) => <Divided axes={axes} />}</Loaded>
}

/** The axes that hold; where a bank has none yet, those it would begin with. */
const standing = (axes: Axes): NewAxis[] =>
  axes.usual.map((usual) => {
    const own = axes.in_force.find((one) => one.axis === usual.axis)
    return own ? { axis: own.axis, label: own.label, label_en: own.label_en, bands: own.bands } : usual
  })

function Divided({ axes }: { axes: Axes }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const held = standing(axes)
  const [name, setName] = useState<AxisName>('wealth')
  const [drafts, setDrafts] = useState<Partial<Record<AxisName, NewAxis>>>({})
  const stored = held.find((one) => one.axis === name) ?? held[0]
  if (!stored) return null
  const cells = held.reduce((product, one) => product * (drafts[one.axis] ?? one).bands.length, 1)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.grid'), to: '/grid' }, { label: t('grid.divided') }]}
        title={t('grid.divided')}
        meta={<span>{t('grid.cells', { count: cells, most: CELLS_MAX })}</span>}
      />
      <div className="card grid-tools"><Segmented<AxisName> aria-label={t('grid.axis')} value={name} onChange={setName} options={held.map((one) => ({ value: one.axis, label: say(one.label, one.label_en) }))} /></div>
      <Editor key={name} axes={axes} stored={stored} draft={drafts[name] ?? stored} put={(next) => setDrafts({ ...drafts, [name]: next })} />
    </>
  )
}

interface EditorProps {
  axes: Axes
  stored: NewAxis
  draft: NewAxis
  put: (next: NewAxis) => void
}

function Editor({ axes, stored, draft, put }: EditorProps) {
  const { t } = useTranslation()
  const may = axes.can.includes('change')
  const sources = useSources('selection', null)
  const [asking, setAsking] = useState(false)
  const own = axes.in_force.find((one) => one.axis === stored.axis)
  const waiting = axes.requests.find((one) => one.state === 'requested' && one.wanted.axis === stored.axis)
  const dirty = own === undefined || JSON.stringify(draft) !== JSON.stringify(stored)
  const ready = draft.bands.every((band) => band.label.trim() && band.label_en.trim() && isComplete(band.expression as unknown as Expression))
  const values = { kind: 'rule', values: draft.bands } as unknown as Definition
  return (
    <div className="aside wide">
      <div className="stack">
        {waiting && <Note kind="warning">{t('grid.waits', { who: waiting.requested_by, at: formatRecent(waiting.requested_at) })} {waiting.change_id && <Link to={`/approvals/${waiting.change_id}`}>{t('grid.seeApproval')}</Link>}</Note>}
        {own === undefined && <Note>{t('grid.notYet')}</Note>}
        <Card title={t('grid.axisName')}>
          <Form layout="vertical" component="div" className="axis-names">
            <Form.Item label={t('tag.fields.label')} htmlFor="axis-label"><Input id="axis-label" value={draft.label} maxLength={30} onChange={(event) => put({ ...draft, label: event.target.value })} /></Form.Item>
            <Form.Item label={t('tag.fields.label_en')} htmlFor="axis-label-en"><Input id="axis-label-en" value={draft.label_en} maxLength={30} onChange={(event) => put({ ...draft, label_en: event.target.value })} /></Form.Item>
          </Form>
        </Card>
        <ValuesCard one={values} sources={sources} put={(changes) => put({ ...draft, bands: (changes.values ?? []) as unknown as NewAxis['bands'] })} />
        {may && !waiting && (
          <div className="row">
            <Button type="primary" disabled={!dirty || !ready} onClick={() => setAsking(true)}>{t('grid.submit')}</Button>
            {dirty && own && <Button onClick={() => put(stored)}>{t('grid.reset')}</Button>}
            {!ready && <span className="muted s13">{t('grid.unready')}</span>}
          </div>
        )}
      </div>
      <div className="stack">
        {may && <PreviewCard draft={draft} ready={ready} sources={sources} />}
        <Earlier axes={axes} axis={stored.axis} />
      </div>
      {asking && <Submit draft={draft} close={() => setAsking(false)} />}
    </div>
  )
}

function Submit({ draft, close }: { draft: NewAxis; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const send = async ({ reason }: { reason: string }) => {
    await requestAxis({ axis: draft, reason })
    void message.success(t('grid.submitted'))
    await cache.invalidateQueries({ queryKey: ['grid-axes'] })
  }
  return (
    <Ask<{ reason: string }> title={t('grid.submit')} submit={send} close={close}>
      <p className="s13 second" style={{ marginBottom: 16 }}>{t('grid.submitHint')}</p>
      <Form.Item name="reason" label={t('grid.reason')} rules={[{ required: true, whitespace: true, message: t('grid.reasonNeeded') }]}><Input.TextArea rows={3} maxLength={200} showCount /></Form.Item>
    </Ask>
  )
}

function PreviewCard({ draft, ready, sources }: { draft: NewAxis; ready: boolean; sources: ConditionSources }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const asked = JSON.stringify(draft)
  const [settled, setSettled] = useState(asked)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [asked])
  const query = useQuery({ queryKey: ['grid-preview', settled], queryFn: ({ signal }) => previewAxis(JSON.parse(settled) as NewAxis, signal), enabled: ready, placeholderData: keepPreviousData, retry: false })
  return (
    <Card title={t('grid.preview')} right={query.isFetching && t('segment.counting')}>
      {query.error && ready && <Note kind="danger">{say(problemOf(query.error))}</Note>}
      <div aria-live="polite">{query.data && ready ? <Seen draft={draft} found={query.data} sources={sources} /> : <p className="muted s13">{t('grid.previewFirst')}</p>}</div>
    </Card>
  )
}

function Seen({ draft, found, sources }: { draft: NewAxis; found: AxisPreview; sources: ConditionSources }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const said = usePathWords([{ ...draft, name: `grid_${draft.axis}` }, ...sources.attributes])
  const labels = new Map(draft.bands.map((band) => [band.name, say(band.label, band.label_en)]))
  const name = (band: string) => (band === '' ? t('grid.unknownBand') : labels.get(band) ?? band)
  const moved = found.moves.reduce((sum, move) => sum + move.customers, 0)
  const most = Math.max(1, ...found.bands.map((band) => Math.max(band.after, band.before ?? 0)))
  return (
    <>
      <p className="s13 second">{moved > 0 ? t('grid.wouldMove', { count: moved, shown: formatCount(moved), all: formatCount(found.customers) }) : t('grid.nobodyMoves', { all: formatCount(found.customers) })}</p>
      <ul className="axis-bars">
        {found.bands.map((band) => (
          <li key={band.band}>
            <span>{name(band.band)}</span>
            <i><u style={{ width: `${(band.after / most) * 100}%` }} /></i>
            <b>{formatCount(band.after)}</b>
            {band.before !== null && band.before !== band.after && <small className={band.after > band.before ? 'good' : 'bad'}>{band.after > band.before ? '▲' : '▼'}{formatCount(Math.abs(band.after - band.before))}</small>}
          </li>
        ))}
      </ul>
      {found.moves.length > 0 && <ul className="axis-moves">{found.moves.slice(0, 6).map((move) => <li key={`${move.was}>${move.band}`}><span>{name(move.was)} → {name(move.band)}</span><b>{formatCount(move.customers)}</b></li>)}</ul>}
      {found.deposit_path.length > 0 && <div style={{ marginTop: 12 }}><Note kind="warning" icon="audit">{t('tag.depositPath', { path: said(found.deposit_path) })}</Note></div>}
    </>
  )
}

function Earlier({ axes, axis }: { axes: Axes; axis: AxisName }) {
  const { t } = useTranslation()
  const rows = axes.requests.filter((one) => one.wanted.axis === axis)
  if (rows.length === 0) return null
  return (
    <Card title={t('grid.earlier')}>
      <ul className="axis-moves">{rows.map((one) => <li key={one.id}><span>{one.reason}<br /><small className="muted">{one.requested_by} · {formatRecent(one.requested_at)}</small></span><StatusTag kind="request" value={one.state} /></li>)}</ul>
    </Card>
  )
}
