/** Tiers: how customers spread over the levels, the scheme, what another one would do; another person decides. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getSchemes, getSpread, previewScheme, requestScheme, type Scheme, type Schemes, type Spread, type WhatIf } from '@api/tiers'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant } from '@kit/format'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { Levels } from './Levels'
import { WhatIfCard } from './WhatIfCard'
import './tiers.css'

const FIRST: Scheme = {
  period: 'calendar_year',
  protection_days: 30,
  gradual: true,
  tiers: [
    { key: 'basic', name: '普卡', name_en: 'Classic', threshold: 0, benefits: [] },
    { key: 'gold', name: '金卡', name_en: 'Gold', threshold: 1000, benefits: [] },
  ],
}

export default function TiersPage() {
  const { t } = useTranslation()
  const schemes = useQuery({ queryKey: ['tier-scheme'], queryFn: getSchemes })
  return <Loaded page query={schemes} rows={10}>{(found) => <Editor key={JSON.stringify(found.in_force)} found={found} title={t('tiers.title')} />}</Loaded>
}

function Editor({ found, title }: { found: Schemes; title: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const client = useQueryClient()
  const [scheme, setScheme] = useState<Scheme>(found.in_force ?? FIRST)
  const [seen, setSeen] = useState<WhatIf | null>(null)
  const [asking, setAsking] = useState(false)
  const put = (changes: Partial<Scheme>) => { setScheme({ ...scheme, ...changes }); setSeen(null) }
  const look = useMutation({ mutationFn: () => previewScheme(scheme), onSuccess: setSeen, onError: (error) => void message.error(say(problemOf(error))) })
  const open = found.requests.find((one) => one.state === 'requested')
  const edit = found.can.includes('change') && !open
  const changed = JSON.stringify(scheme) !== JSON.stringify(found.in_force)
  return (
    <>
      <PageHead
        title={title}
        meta={t('tiers.meta')}
        actions={edit && (
          <>
            <Button loading={look.isPending} disabled={!changed} onClick={() => look.mutate()}>{t('tiers.preview')}</Button>
            <Button type="primary" disabled={!changed} onClick={() => setAsking(true)}>{t('tiers.request')}</Button>
          </>
        )}
      />
      {open && <Note icon="info">{t('tiers.waits', { who: open.requested_by, time: formatInstant(open.requested_at) })} {open.change_id && <Link to={`/approvals/${open.change_id}`}>{t('tiers.look')}</Link>}</Note>}
      {found.in_force && <Now scheme={found.in_force} />}
      <div className="grid tiers-above">
        <Card className="c8" title={t('tiers.rules')} hint={t('tiers.rulesHint')}>
          <div className="tiers-rules">
            <div className="field"><span>{t('tiers.period')}</span><Segmented disabled={!edit} value={scheme.period} options={(['calendar_year', 'rolling_year'] as const).map((value) => ({ value, label: t(`tiers.periods.${value}`) }))} onChange={(period) => put({ period })} /></div>
            <label className="field"><span>{t('tiers.protection')}</span><InputNumber disabled={!edit} min={0} max={180} precision={0} suffix={t('tiers.days')} value={scheme.protection_days} onChange={(value) => put({ protection_days: value ?? 0 })} /></label>
            <label className="field"><span>{t('tiers.gradual')}</span><Switch disabled={!edit} checked={scheme.gradual} onChange={(gradual) => put({ gradual })} /></label>
          </div>
          <p className="second s12">{t(scheme.gradual ? 'tiers.gradualSays' : 'tiers.atOnceSays', { days: scheme.protection_days })}</p>
        </Card>
        <WhatIfCard seen={seen} scheme={scheme} held={found.in_force} changed={changed} />
      </div>
      <Levels scheme={scheme} held={found.in_force} edit={edit} put={(levels) => put({ tiers: levels })} />
      {found.requests.length > 0 && <History found={found} />}
      {asking && (
        <Ask<{ reason: string }>
          title={t('tiers.request')}
          submit={async ({ reason }) => { await requestScheme({ scheme, reason }); await client.invalidateQueries({ queryKey: ['tier-scheme'] }) }}
          close={() => setAsking(false)}
        >
          <p className="second s13">{t('tiers.requestHint')}</p>
          <Form.Item name="reason" label={t('tiers.reason')} rules={[{ required: true, whitespace: true, message: t('tiers.reasonMissing') }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
        </Ask>
      )}
    </>
  )
}

function Now({ scheme }: { scheme: Scheme }) {
  const { t } = useTranslation()
  const spread = useQuery({ queryKey: ['tiers'], queryFn: getSpread })
  return <Card className="tiers-now" title={t('tiers.now')} hint={t('tiers.nowHint')}><Loaded query={spread} rows={3}>{(found) => <Bars spread={found} scheme={scheme} />}</Loaded></Card>
}

function Bars({ spread, scheme }: { spread: Spread; scheme: Scheme }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const all = spread.tiers.reduce((sum, one) => sum + one.customers, 0)
  const most = Math.max(1, ...spread.tiers.map((one) => one.customers))
  return (
    <>
      <ol className="tiers-bars">
        {spread.tiers.map((one, place) => (
          <li key={one.tier}>
            <b>{say(scheme.tiers[place]?.name, scheme.tiers[place]?.name_en)}</b>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect className="rest" width="100" height="8" rx="1" /><rect className={`level l${place}`} width={one.customers ? Math.max(0.6, (100 * one.customers) / most) : 0} height="8" rx="1" /></svg>
            <span>{t('tiers.customers', { shown: formatCount(one.customers), count: one.customers })}</span>
            <span className="muted">{all ? `${((100 * one.customers) / all).toFixed(1)}%` : '—'}</span>
          </li>
        ))}
      </ol>
      {spread.protected > 0 && <p className="second s12">{t('tiers.protectedNow', { shown: formatCount(spread.protected), count: spread.protected })}</p>}
    </>
  )
}

function History({ found }: { found: Schemes }) {
  const { t } = useTranslation()
  return (
    <Card className="tiers-history" title={t('tiers.history')} flush>
      <div className="tiers-scroll">
        <table className="tiers-table">
          <thead><tr><th>{t('tiers.reason')}</th><th>{t('tiers.by')}</th><th>{t('tiers.at')}</th><th>{t('tiers.state')}</th></tr></thead>
          <tbody>{found.requests.map((one) => <tr key={one.id}><td>{one.change_id ? <Link to={`/approvals/${one.change_id}`}>{one.reason}</Link> : one.reason}</td><td>{one.requested_by}</td><td>{formatInstant(one.requested_at)}</td><td><StatusTag kind="request" value={one.state} /></td></tr>)}</tbody>
        </table>
      </div>
    </Card>
  )
}
