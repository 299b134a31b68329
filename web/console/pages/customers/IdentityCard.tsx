/** What a customer is known by, with the evidence; joining another number to this one, and parting it again. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getIdentities, requestMerge, requestParting, resolveIdentity, type Identities, type Identity } from '@api/accounts'
import { Ask } from '@kit/ask'
import { formatDay } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { ApiError } from '@kit/problem'
import { Loaded } from '@kit/states'

export function IdentityCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const [joining, setJoining] = useState(false)
  const query = useQuery({ queryKey: ['identities', seq], queryFn: () => getIdentities(seq) })
  const open = query.data?.can.includes('merge') && query.data.leads_to == null && query.data.waiting.length === 0
  return (
    <Card title={t('identity.title')} hint={t('identity.hint')} right={open ? <Button size="small" onClick={() => setJoining(true)}>{t('identity.merge')}</Button> : undefined}>
      <Loaded query={query} rows={4}>{(found) => <Known found={found} seq={seq} />}</Loaded>
      {joining && <JoinDialog seq={seq} close={() => { setJoining(false); void query.refetch() }} />}
    </Card>
  )
}

function Known({ found, seq }: { found: Identities; seq: number }) {
  const { t } = useTranslation()
  return (
    <>
      {found.leads_to != null && <Note kind="warning">{t('identity.leadsTo', { seq: found.leads_to })} <Link to={`/customers/${found.leads_to}`}>{t('identity.open')}</Link></Note>}
      {found.waiting.length > 0 && <Note>{t('identity.waiting')} <Link to="/approvals">{t('identity.open')}</Link></Note>}
      <ul className="evidence">
        {found.items.map((each) => <Line key={`${each.kind}${each.value}${each.seq}`} each={each} own={each.seq === seq} />)}
      </ul>
      {found.joined.length > 0 && <Joined found={found} />}
      {found.leads_to != null && found.can.includes('merge') && found.waiting.length === 0 && <PartButton seq={seq} />}
    </>
  )
}

function Line({ each, own }: { each: Identity; own: boolean }) {
  const { t } = useTranslation()
  const source = each.source === 'events' ? t('identity.events') : each.source || t('identity.unknown')
  return (
    <li>
      <span className="between">
        <span className="second">{t(`identity.kinds.${each.kind}`)}</span>
        <span className={`tag ${each.strength === 'strong' ? 'ok' : each.strength === 'medium' ? 'info' : ''}`} title={t(`identity.strengthHint.${each.strength}`)}>{t(`identity.strengths.${each.strength}`)}</span>
      </span>
      <b className="mono">{each.value}</b>
      <small>{source} · {t('identity.since', { day: formatDay(each.since) })}{!own && <> · {t('identity.under', { seq: each.seq })}</>}</small>
    </li>
  )
}

function Joined({ found }: { found: Identities }) {
  const { t } = useTranslation()
  return (
    <div className="joined">
      <b className="s12">{t('identity.joined')}</b>
      {found.joined.map((row) => (
        <span key={row.seq} className="between s13"><Link to={`/customers/${row.seq}`}>{row.name ?? row.customer_no} · {row.customer_no}</Link>{found.can.includes('merge') && <PartButton seq={row.seq} />}</span>
      ))}
    </div>
  )
}

function PartButton({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [asking, setAsking] = useState(false)
  const submit = async ({ reason }: { reason: string }) => {
    await requestParting({ seq, reason })
    void message.success(t('identity.asked'))
  }
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>{t('identity.part')}</Button>
      {asking && (
        <Ask<{ reason: string }> title={t('identity.part')} submit={submit} close={() => setAsking(false)} action={t('identity.ask')}>
          <Note>{t('identity.partHint')}</Note>
          <Reason />
        </Ask>
      )}
    </>
  )
}

export function JoinDialog({ seq, close, other = '' }: { seq: number; close: () => void; other?: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async (values: { other: string; reason: string }) => {
    const { items } = await resolveIdentity(values.other.trim())
    const others = items.filter((each) => each.customer.seq !== seq)
    const exact = others.filter((each) => each.by === 'customer_no')
    const [chosen] = exact.length ? exact : others
    if (!chosen || (!exact.length && others.length > 1)) throw new ApiError({ status: 404, code: 'identities.nobody', detail: t(chosen ? 'identity.several' : 'identity.notFound') })
    await requestMerge({ seq: chosen.customer.seq, kept_seq: seq, reason: values.reason })
    void message.success(t('identity.asked'))
  }
  return (
    <Ask<{ other: string; reason: string }> title={t('identity.merge')} submit={submit} close={close} action={t('identity.ask')} initial={{ other }}>
      <Note>{t('identity.mergeHint')}</Note>
      <Form.Item name="other" label={t('identity.other')} extra={t('identity.otherHint')} rules={[{ required: true, message: t('identity.notFound') }]} style={{ marginTop: 16 }}>
        <Input autoComplete="off" maxLength={64} readOnly={other !== ''} />
      </Form.Item>
      <Reason />
    </Ask>
  )
}

function Reason() {
  const { t } = useTranslation()
  return (
    <Form.Item name="reason" label={t('identity.reason')} extra={t('identity.reasonHint')} rules={[{ required: true, min: 2, message: t('identity.reasonNeeded') }]} style={{ marginTop: 16 }}>
      <Input.TextArea rows={2} maxLength={200} showCount />
    </Form.Item>
  )
}
