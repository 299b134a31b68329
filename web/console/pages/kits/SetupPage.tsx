/** A kit that was set up: its parts with their states, reach and figures; sent to approval, stopped or taken back whole. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getKitSetup, listKits, removeKit, stopKit, submitKit, type KitPart, type KitSetup } from '@api/kits'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { formatCount, formatDay, formatInstant, formatMoney, formatShare } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card, Facts, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { StageTag } from './StageTag'
import './kits.css'

const WAYS: Record<KitPart['kind'], { sign: IconName; to: (id: string) => string }> = {
  segment: { sign: 'people', to: (id) => `/segments/${id}` },
  service: { sign: 'clock', to: () => '/bookings' },
  bundle: { sign: 'benefit', to: () => '/benefits' },
  campaign: { sign: 'campaign', to: (id) => `/campaigns/${id}` },
  play: { sign: 'play', to: (id) => `/plays/${id}` },
}

export default function SetupPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['kits', id], queryFn: () => getKitSetup(id) })
  return <Loaded page query={query} rows={8}>{(setup) => <Whole setup={setup} />}</Loaded>
}

function Whole({ setup }: { setup: KitSetup }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const kits = useQuery({ queryKey: ['kits'], queryFn: listKits })
  const kit = kits.data?.find((one) => one.key === setup.key)
  const measured = kit ? say(kit.measured, kit.measured_en) : ''
  return (
    <>
      <PageHead
        title={setup.name}
        tag={<StageTag value={setup.stage} />}
        crumbs={[{ label: t('menu.kits'), to: '/kits' }, { label: t('kits.setUps'), to: '/kits/set-up' }, { label: setup.name }]}
        meta={<span>{kit ? say(kit.name, kit.name_en) : setup.key} · {formatDay(setup.opens_at)} – {formatDay(setup.closes_at)} · {setup.unit}</span>}
        actions={<Actions setup={setup} />}
      />
      <div className="grid">
        <Card className="c8 at-top" title={t('kits.madeOf')} hint={t('kits.madeOfHint')} flush>
          <ol className="kit-parts">
            {setup.parts.map((part) => <li key={part.id}><Made part={part} /></li>)}
          </ol>
        </Card>
        <Card className="c4 at-top" title={t('kits.terms')}>
          <Facts left rows={[
            ...(measured ? [[t('kits.measured'), measured] as [string, string]] : []),
            ...(setup.terms.threshold != null && kit?.threshold ? [[say(kit.threshold.label.zh, kit.threshold.label.en), `${formatCount(setup.terms.threshold)} ${say(kit.threshold.unit.zh, kit.threshold.unit.en)}`] as [string, string]] : []),
            [t('kits.budgetMost'), formatMoney(setup.budget_fen)],
            [t('kits.control'), `${setup.terms.control_percent ?? 10}%`],
            [t('kits.by'), `${setup.created_by} · ${formatInstant(setup.created_at)}`],
          ]} />
        </Card>
      </div>
    </>
  )
}

function Made({ part }: { part: KitPart }) {
  const { t } = useTranslation()
  const way = WAYS[part.kind]
  return (
    <>
      <Icon name={way.sign} />
      <div><small className="muted">{t(`kits.parts.${part.kind}`)}</small><Link to={way.to(part.id)}><b>{part.name}</b></Link></div>
      <Tag part={part} />
      <div className="kit-figure">
        {part.kind === 'campaign' && (part.reached ?? 0) > 0 && <><b>{formatCount(part.done)}</b><small className="muted">{t('kits.granted', { reached: formatCount(part.reached), share: formatShare(part.done, part.reached) })}</small></>}
        {part.kind === 'play' && (part.done ?? 0) > 0 && <><b>{formatCount(part.done)}</b><small className="muted">{t('kits.draws', { count: part.reached, shown: formatCount(part.reached) })}</small></>}
      </div>
      {part.state === 'submitted' && part.change_id ? <Link to={`/approvals/${part.change_id}`}>{t('kits.look')}</Link> : <span />}
    </>
  )
}

function Tag({ part }: { part: KitPart }) {
  const { t } = useTranslation()
  if (part.kind === 'campaign') return <StatusTag kind="campaign" value={part.state} />
  if (part.kind === 'play') return <StatusTag kind="play" value={part.state} />
  return <span className="tag">{t(`kits.states.${part.state}`, { defaultValue: part.state })}</span>
}

function Actions({ setup }: { setup: KitSetup }) {
  const { t } = useTranslation()
  const problem = useProblemText()
  const needed = useNeeded()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<'stop' | 'remove' | null>(null)
  const [busy, setBusy] = useState(false)
  const fresh = () => cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('kits') || queryKey.includes('kit_setups') })
  const submit = async () => {
    setBusy(true)
    try {
      await submitKit(setup.id)
      void message.success(t('kits.sent'))
      await fresh()
    } catch (failure) {
      void message.error(problem(problemOf(failure)), 8)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {setup.can.includes('remove') && <Button onClick={() => setAsking('remove')}>{t('kits.remove')}</Button>}
      {setup.can.includes('stop') && <Button danger onClick={() => setAsking('stop')}>{t('kits.stop')}</Button>}
      {setup.can.includes('submit') && <Button type="primary" loading={busy} onClick={() => void submit()}>{t('kits.submit')}</Button>}
      {asking === 'stop' && (
        <Ask<{ reason: string }> title={t('kits.stop')} danger action={t('kits.stop')} typed={setup.name} close={() => setAsking(null)} submit={async ({ reason }) => { await stopKit(setup.id, reason); await fresh() }}>
          <div className="kit-gap"><Note kind="warning">{t('kits.stopHint')}</Note></div>
          <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
        </Ask>
      )}
      {asking === 'remove' && (
        <Ask<object> title={t('kits.remove')} danger action={t('kits.remove')} close={() => setAsking(null)} submit={async () => { await removeKit(setup.id); await fresh(); await navigate({ to: '/kits/set-up' }) }}>
          <div className="kit-gap"><Note kind="warning">{t('kits.removeHint')}</Note></div>
        </Ask>
      )}
    </>
  )
}
