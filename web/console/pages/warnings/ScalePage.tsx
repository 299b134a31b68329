/** How temperature is measured: shares, stages, signals; what another scale would move; another person decides. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSchemas } from '@api/events'
import { getScale, previewScale, requestScale, type Scale, type ScalePreview, type Scales, type Stage } from '@api/temperature'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { StageTag } from '../customers/TemperatureCard'
import './temperature.css'

type Signal = Scale['signals'][number]
type Part = Signal['part']
const PARTS: Part[] = ['activity', 'money', 'human']
const STAGES: Stage[] = ['hot', 'warm', 'cool', 'cold']
const EDGES: Stage[] = ['cool', 'warm', 'hot']

export default function ScalePage() {
  const { t } = useTranslation()
  const scales = useQuery({ queryKey: ['temperature-scale'], queryFn: getScale })
  return <Loaded page query={scales} rows={10}>{(found) => <Editor key={JSON.stringify(found.in_force)} found={found} title={t('temperature.scale.title')} />}</Loaded>
}

function Editor({ found, title }: { found: Scales; title: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const client = useQueryClient()
  const [scale, setScale] = useState<Scale>(found.in_force)
  const [seen, setSeen] = useState<ScalePreview | null>(null)
  const [asking, setAsking] = useState(false)
  const put = (changes: Partial<Scale>) => { setScale({ ...scale, ...changes }); setSeen(null) }
  const look = useMutation({ mutationFn: () => previewScale(scale), onSuccess: setSeen, onError: (error) => void message.error(say(problemOf(error))) })
  const open = found.requests.find((one) => one.state === 'requested')
  const changed = JSON.stringify(scale) !== JSON.stringify(found.in_force)
  const edit = found.can.includes('change') && !open
  const sum = Math.round(PARTS.reduce((all, part) => all + (scale.shares?.[part] ?? 0), 0) * 100)
  const ready = changed && sum === 100
  return (
    <>
      <PageHead
        title={title}
        crumbs={[{ label: t('menu.temperature'), to: '/temperature' }, { label: title }]}
        meta={t('temperature.scale.meta')}
        actions={edit && (
          <>
            <Button onClick={() => put(found.usual)}>{t('temperature.scale.usual')}</Button>
            <Button loading={look.isPending} disabled={!ready} onClick={() => look.mutate()}>{t('temperature.scale.preview')}</Button>
            <Button type="primary" disabled={!ready} onClick={() => setAsking(true)}>{t('temperature.scale.request')}</Button>
          </>
        )}
      />
      {open && <Note icon="info">{t('temperature.scale.waits', { who: open.requested_by, time: formatInstant(open.requested_at) })} {open.change_id && <Link to={`/approvals/${open.change_id}`}>{t('temperature.scale.look')}</Link>}</Note>}
      <div className="grid scale-above">
        <Card className="c8" title={t('temperature.scale.parts')} hint={t('temperature.scale.partsHint')}>
          <div className="scale-parts">
            {PARTS.map((part) => (
              <label key={part}>{t(`temperature.parts.${part}`)}<InputNumber disabled={!edit} min={0} max={100} precision={0} suffix="%" value={Math.round((scale.shares?.[part] ?? 0) * 100)} onChange={(value) => put({ shares: { ...scale.shares, [part]: (value ?? 0) / 100 } })} /><small>{t('temperature.scale.halves', { days: { activity: 7, money: 30, human: 180 }[part] })}</small></label>
            ))}
          </div>
          <p role="status" className={`s12 ${sum === 100 ? 'muted' : 'bad'}`}>{t(sum === 100 ? 'temperature.scale.sum' : 'temperature.scale.sumOff', { sum })}</p>
          <h3 className="second s12 temperature-part">{t('temperature.scale.stages')}</h3>
          <div className="scale-parts">
            {EDGES.map((stage, place) => (
              <label key={stage}>{t('temperature.scale.from', { stage: t(`temperature.stages.${stage}`) })}<InputNumber disabled={!edit} min={5} max={95} value={scale.edges?.[place]} onChange={(value) => put({ edges: scale.edges?.map((one, at) => (at === place ? (value ?? one) : one)) as Scale['edges'] })} /></label>
            ))}
            <label>{t('temperature.scale.hysteresis')}<InputNumber disabled={!edit} min={0} max={10} value={scale.hysteresis} onChange={(value) => put({ hysteresis: value ?? 0 })} /></label>
            <label>{t('temperature.scale.dwell')}<InputNumber disabled={!edit} min={0} max={60} precision={0} value={scale.dwell_days} onChange={(value) => put({ dwell_days: value ?? 0 })} /></label>
          </div>
        </Card>
        <Card className="c4" title={t('temperature.scale.after')} hint={seen ? t('temperature.scale.looked', { shown: formatCount(seen.looked_at), count: seen.looked_at }) : undefined}>
          {seen ? <After seen={seen} /> : <p className="muted s13">{t(changed ? 'temperature.scale.afterHint' : 'temperature.scale.unchanged')}</p>}
        </Card>
      </div>
      <Card title={t('temperature.scale.signals')} hint={t('temperature.scale.signalsHint')} flush>
        <Signals signals={scale.signals} held={found.in_force.signals} edit={edit} put={(signals) => put({ signals })} />
      </Card>
      {found.requests.length > 0 && <History found={found} />}
      {asking && (
        <Ask<{ reason: string }>
          title={t('temperature.scale.request')}
          submit={async ({ reason }) => { await requestScale({ scale, reason }); await client.invalidateQueries({ queryKey: ['temperature-scale'] }) }}
          close={() => setAsking(false)}
        >
          <p className="second s13">{t('temperature.scale.requestHint')}</p>
          <Form.Item name="reason" label={t('temperature.scale.reason')} rules={[{ required: true, whitespace: true, message: t('temperature.scale.reasonMissing') }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
        </Ask>
      )}
    </>
  )
}

function After({ seen }: { seen: ScalePreview }) {
  const { t } = useTranslation()
  const moved = seen.moves.reduce((sum, one) => sum + one.customers, 0)
  return (
    <div className="scale-after">
      <div className="head"><span>{t('temperature.stage')}</span><span>{t('temperature.scale.before')}</span><span>{t('temperature.scale.then')}</span><span>{t('temperature.change')}</span></div>
      {STAGES.map((stage) => {
        const change = (seen.after[stage] ?? 0) - (seen.before[stage] ?? 0)
        return <div key={stage}><StageTag stage={stage} /><span>{formatCount(seen.before[stage] ?? 0)}</span><span>{formatCount(seen.after[stage] ?? 0)}</span><b>{change > 0 ? '+' : change < 0 ? '−' : ''}{formatCount(Math.abs(change))}</b></div>
      })}
      <p className="second s12">{t('temperature.scale.movedAll', { shown: formatCount(moved), count: moved })}</p>
    </div>
  )
}

function Signals({ signals, held, edit, put }: { signals: Signal[]; held: Signal[]; edit: boolean; put: (signals: Signal[]) => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const schemas = useQuery({ queryKey: ['event-schemas-all'], queryFn: () => listSchemas({ limit: '500' }) })
  const names = new Map((schemas.data?.items ?? []).map((one) => [one.name, say(one.title ?? '', one.title_en ?? '') || one.name]))
  const before = new Map(held.map((one) => [one.event, JSON.stringify(one)]))
  const change = (place: number, changes: Partial<Signal>) => put(signals.map((one, at) => (at === place ? { ...one, ...changes } : one)))
  const free = [...names].filter(([name]) => !signals.some((one) => one.event === name)).map(([value, label]) => ({ value, label: `${label} · ${value}` }))
  return (
    <div className="scale-scroll">
      <table className="scale-signals">
        <thead><tr><th>{t('temperature.scale.event')}</th><th>{t('temperature.scale.part')}</th><th>{t('temperature.scale.weight')}</th><th>{t('temperature.scale.cap')}</th><th aria-label={t('temperature.scale.remove')} /></tr></thead>
        <tbody>
          {signals.map((signal, place) => (
            <tr key={signal.event} className={before.get(signal.event) === JSON.stringify(signal) ? '' : 'changed'}>
              <td className="event">{names.get(signal.event) ?? signal.event}<br /><small className="mono muted">{signal.event}</small></td>
              <td><Select aria-label={t('temperature.scale.part')} disabled={!edit} value={signal.part} style={{ minWidth: 96 }} options={PARTS.map((value) => ({ value, label: t(`temperature.parts.${value}`) }))} onChange={(part) => change(place, { part })} /></td>
              <td><InputNumber aria-label={t('temperature.scale.weight')} disabled={!edit} min={0.1} max={100} step={0.1} value={signal.weight} onChange={(weight) => change(place, { weight: weight ?? signal.weight })} /></td>
              <td><InputNumber aria-label={t('temperature.scale.cap')} disabled={!edit} min={0.1} max={100} step={0.5} value={signal.cap} onChange={(cap) => change(place, { cap: cap ?? signal.cap })} /></td>
              <td>{edit && signals.length > 1 && <Button type="text" aria-label={t('temperature.scale.removeOf', { event: names.get(signal.event) ?? signal.event })} icon={<Icon name="close" />} onClick={() => put(signals.filter((_, at) => at !== place))} />}</td>
            </tr>
          ))}
          {edit && free.length > 0 && (
            <tr><td colSpan={5}><Select showSearch optionFilterProp="label" aria-label={t('temperature.scale.add')} placeholder={t('temperature.scale.add')} style={{ minWidth: 280 }} value={null} options={free} onChange={(event: string) => put([...signals, { event, part: 'activity', weight: 1, cap: 1 }])} /></td></tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function History({ found }: { found: Scales }) {
  const { t } = useTranslation()
  return (
    <Card title={t('temperature.scale.history')} flush>
      <div className="scale-scroll">
        <table className="scale-signals">
          <thead><tr><th>{t('temperature.scale.reason')}</th><th>{t('temperature.scale.by')}</th><th>{t('temperature.scale.at')}</th><th>{t('warning.state')}</th></tr></thead>
          <tbody>{found.requests.map((one) => <tr key={one.id}><td>{one.change_id ? <Link to={`/approvals/${one.change_id}`}>{one.reason}</Link> : one.reason}</td><td>{one.requested_by}</td><td>{formatInstant(one.requested_at)}</td><td><StatusTag kind="request" value={one.state} /></td></tr>)}</tbody>
        </table>
      </div>
    </Card>
  )
}
