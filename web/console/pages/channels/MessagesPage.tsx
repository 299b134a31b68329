/** Messages to customers: how many went where, why some did not, what they cost, and the gateway they go through. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getGateway, listMessages, messageTotals, setGateway, type Gateway, type GatewayWanted } from '@api/channels'
import { useSession } from '@console/app/session'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatClock, formatCount, formatMoney, formatRecent, isPast } from '@kit/format'
import { Icon } from '@kit/icons'
import { Figures } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { TrialPhones } from './TrialPhones'

const STATES = ['queued', 'sending', 'sent', 'unknown', 'delivered', 'failed', 'withheld']
const REFRESH_MS = 5_000

export default function MessagesPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [setting, setSetting] = useState(false)
  const gateway = useQuery({ queryKey: ['gateway'], queryFn: getGateway, retry: false })
  const change = may('message.write') && (
    <Button icon={<Icon name="setting" />} onClick={() => setSetting(true)}>{t(gateway.data ? 'message.gatewayChange' : 'message.gatewaySet')}</Button>
  )
  return (
    <>
      <DataPage
        name="messages"
        operation="list_messages"
        title={t('message.title')}
        label={t('message.title')}
        meta={<GatewayState gateway={gateway.data} missing={gateway.isError} />}
        actions={change}
        above={<><Totals />{may('message.write') && <TrialPhones />}</>}
        load={listMessages}
        refetchInterval={REFRESH_MS}
        rowKey={(row) => row.id}
        searchHint={t('message.search')}
        statuses={STATES.map((value) => ({ value, label: t(`status.message.${value}`) }))}
        columns={[
          { key: 'customer', title: t('message.customer'), field: 'customer_no', render: (row) => <><b>{row.name ?? '—'}</b><small className="mono">{row.customer_no} · {row.phone ?? '—'}</small></> },
          { key: 'source', title: t('message.source'), field: 'source', render: (row) => <>{row.source_kind === 'sign_in' ? t('message.signIn') : row.source}<small>{row.unit}</small></> },
          { key: 'state', title: t('message.state'), field: 'state', words: 'message', render: (row) => <><StatusTag kind="message" value={row.state} />{row.reason && <small>{t(`message.reasons.${row.reason}`, { defaultValue: row.reason })}</small>}</> },
          { key: 'parts', title: t('message.parts'), field: 'segments', format: 'count', number: true, render: (row) => formatCount(row.segments) },
          { key: 'queued', title: t('message.queued'), field: 'queued_at', render: (row) => <span className="nowrap">{formatRecent(row.queued_at)}</span> },
          { key: 'handed', title: t('message.handed'), field: 'handed_at', render: (row) => <span className="nowrap">{formatRecent(row.handed_at)}</span> },
          { key: 'ended', title: t('message.ended'), field: 'ended_at', render: (row) => <span className="nowrap">{formatRecent(row.ended_at)}</span> },
        ]}
        empty={<Empty title={t('message.none')}>{t('message.noneHint')}</Empty>}
      />
      {setting && <GatewayForm gateway={gateway.data} close={() => setSetting(false)} />}
    </>
  )
}

function GatewayState({ gateway, missing }: { gateway?: Gateway; missing: boolean }) {
  const { t } = useTranslation()
  if (missing) return <span className="tag bad">{t('message.gateway')} · {t('message.gatewayNone')}</span>
  if (!gateway) return null
  const resting = gateway.rest_until !== null && gateway.rest_until !== undefined && !isPast(gateway.rest_until)
  const tone = !gateway.enabled ? 'draft' : resting ? 'warn' : 'ok'
  const word = !gateway.enabled ? t('message.off') : resting ? t('message.resting', { time: formatClock(gateway.rest_until) }) : t('message.well')
  return <span className={`tag ${tone}`}>{t('message.gateway')} · 【{gateway.sender}】 {word}</span>
}

function Totals() {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['messages', 'totals'], queryFn: messageTotals, refetchInterval: REFRESH_MS })
  if (!data) return null
  const of = (...states: string[]) => states.reduce((sum, state) => sum + (data.counts[state] ?? 0), 0)
  const why = Object.entries(data.withheld).sort(([, left], [, right]) => right - left)
    .map(([reason, count]) => `${t(`message.reasons.${reason}`, { defaultValue: reason })} ${formatCount(count)}`).join(' · ')
  return (
    <Figures
      items={[
        { label: t('message.waiting'), value: formatCount(of('queued', 'sending')) },
        { label: t('message.onWay'), value: formatCount(of('sent', 'unknown')) },
        { label: t('message.arrived'), value: formatCount(of('delivered')) },
        { label: t('message.failed'), value: formatCount(of('failed')) },
        { label: t('message.withheld'), value: formatCount(of('withheld')), hint: why },
        { label: t('message.spent'), value: formatMoney(data.cost_fen), hint: [t('message.segmentCount', { parts: formatCount(data.segments) }), ...(data.kinds?.sign_in ? [t('message.signInCost', { amount: formatMoney(data.kinds.sign_in) })] : [])].join(' · ') },
      ]}
    />
  )
}

type Values = Omit<GatewayWanted, 'price_fen_per_thousand'> & { price: number }

function GatewayForm({ gateway, close }: { gateway?: Gateway; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ price, key, ...rest }: Values) => {
    await setGateway({ ...rest, key: key || undefined, price_fen_per_thousand: Math.round(price * 100) })
    await cache.invalidateQueries({ queryKey: ['gateway'] })
  }
  const initial: Partial<Values> = gateway
    ? { ...gateway, price: gateway.price_fen_per_thousand / 100 }
    : { key_id: 'huoke', price: 35, batch_max: 200, timeout_seconds: 10, enabled: true, link_address: '' }
  return (
    <Ask<Values> title={t('message.gateway')} submit={submit} close={close} initial={initial} action={t('action.save')} width={560}>
      <Form.Item name="address" label={t('message.address')} extra={t('message.addressHint')} rules={needed(t('message.address'))}><Input className="mono" autoComplete="off" /></Form.Item>
      <Form.Item name="sender" label={t('message.sender')} extra={t('message.senderHint')} rules={needed(t('message.sender'))}><Input maxLength={12} /></Form.Item>
      <Form.Item name="key_id" label={t('message.keyId')} rules={needed(t('message.keyId'))}><Input className="mono" autoComplete="off" /></Form.Item>
      <Form.Item name="key" label={t('message.key')} extra={t('message.keyHint')}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item name="link_address" label={t('message.link')} extra={t('message.linkHint')}><Input className="mono" autoComplete="off" /></Form.Item>
      <div className="row">
        <Form.Item name="price" label={t('message.price')} rules={needed(t('message.price'))}><InputNumber min={0} precision={2} suffix="元" /></Form.Item>
        <Form.Item name="batch_max" label={t('message.batch')} rules={needed(t('message.batch'))}><InputNumber min={1} max={1000} /></Form.Item>
        <Form.Item name="timeout_seconds" label={t('message.timeout')} rules={needed(t('message.timeout'))}><InputNumber min={1} max={30} /></Form.Item>
      </div>
      <Form.Item name="enabled" label={t('message.enabled')} valuePropName="checked"><Switch /></Form.Item>
    </Ask>
  )
}
