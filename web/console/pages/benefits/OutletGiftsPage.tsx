/** Gifts at outlets: what lies where, what is on its way, and what does not agree. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { checkDifference, countGifts, listGifts, listOutletDifferences, listShipments, sendShipment, setGift, signShipment, type Gift, type Shipment } from '@api/places'
import { useSession } from '@console/app/session'
import { UnitSelect, useUnitLabel } from '@console/app/units'
import { useSkuName } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useRowAction } from './BenefitsPage'
import { useNeeded } from './CatalogueForms'

const touched = ['outletGifts', 'shipments', 'outletDifferences']

function useNames() {
  const skuLabel = useSkuName()
  const skus = useQuery({ queryKey: ['skus', 'gifts'], queryFn: () => every(listSkus, { kind: 'physical' }) })
  const unitLabel = useUnitLabel()
  const gift = (id: string) => { const sku = skus.data?.items.find((each) => each.id === id); return sku ? skuLabel(sku) : '…' }
  const outlet = (skus.data?.items ?? []).filter((sku) => sku.status === 'published' && sku.terms?.details?.type === 'physical' && sku.terms.details.delivery === 'outlet')
  return { gift, unit: (id: number) => unitLabel(id, String(id)), choices: outlet.map((sku) => ({ value: sku.id, label: gift(sku.id) })) }
}

export default function OutletGiftsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const names = useNames()
  const gifts = useQuery({ queryKey: ['outletGifts'], queryFn: listGifts, refetchInterval: 30_000 })
  const [sending, setSending] = useState(false)
  const [counting, setCounting] = useState<Gift | null>(null)
  const [setting, setSetting] = useState<Gift | null>(null)
  const send = may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setSending(true)}>{t('outlet.send')}</Button>
  return (
    <>
      <PageHead title={t('outlet.title')} meta={<span>{t('outlet.hint')}</span>} actions={send} />
      <div className="stack">
        <Card title={t('outlet.gifts')} flush>
          <Loaded query={gifts} rows={5}>
            {(page) => page.items.length === 0 ? <Empty title={t('outlet.none')} actions={send}>{t('outlet.noneHint')}</Empty> : (
              <DataTable
                label={t('outlet.gifts')}
                rows={page.items}
                rowKey={(gift) => `${gift.unit_id}:${gift.sku_id}`}
                columns={[
                  { key: 'gift', title: t('outlet.gift'), render: (gift) => <><b>{names.gift(gift.sku_id)}</b><small>{names.unit(gift.unit_id)}</small></> },
                  { key: 'onHand', title: t('outlet.onHand'), number: true, render: (gift) => <span className="row" style={{ justifyContent: 'flex-end' }}>{gift.is_low && <span className="tag warn">{t('outlet.isLow')}</span>}<b>{formatCount(gift.on_hand)}</b></span> },
                  { key: 'transit', title: t('outlet.transit'), number: true, render: (gift) => formatCount(gift.in_transit) },
                  { key: 'handed', title: t('outlet.handed'), number: true, render: (gift) => formatCount(gift.handed_out) },
                  { key: 'low', title: t('outlet.low'), number: true, render: (gift) => gift.low_at > 0 ? formatCount(gift.low_at) : '—' },
                  { key: 'actions', title: '', render: (gift) => <span className="row">{may('outlet.keep') && <Button size="small" onClick={() => setCounting(gift)}>{t('outlet.count')}</Button>}{may('benefit.write') && <Button size="small" onClick={() => setSetting(gift)}>{t('outlet.setLow')}</Button>}</span> },
                ]}
              />
            )}
          </Loaded>
        </Card>
        <Shipments names={names} />
        <Differences names={names} />
      </div>
      {sending && <SendForm names={names} close={() => setSending(false)} />}
      {counting && <CountForm gift={counting} name={names.gift(counting.sku_id)} close={() => setCounting(null)} />}
      {setting && <LowForm gift={setting} name={names.gift(setting.sku_id)} close={() => setSetting(null)} />}
    </>
  )
}

type Names = ReturnType<typeof useNames>

function Shipments({ names }: { names: Names }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['shipments'], queryFn: listShipments })
  const [signing, setSigning] = useState<Shipment | null>(null)
  return (
    <Card title={t('outlet.shipments')} flush>
      <Loaded query={query} rows={3}>
        {(page) => page.items.length === 0 ? <Empty title={t('outlet.noShipments')}>{t('outlet.hint')}</Empty> : (
          <DataTable
            label={t('outlet.shipments')}
            rows={page.items}
            rowKey={(shipment) => shipment.id}
            columns={[
              { key: 'gift', title: t('outlet.gift'), render: (shipment) => <><b>{names.gift(shipment.sku_id)}</b><small>{names.unit(shipment.unit_id)}</small></> },
              { key: 'sent', title: t('outlet.sent'), number: true, render: (shipment) => formatCount(shipment.quantity) },
              { key: 'signed', title: t('outlet.signed'), number: true, render: (shipment) => shipment.state === 'signed' ? formatCount(shipment.signed) : '—' },
              { key: 'at', title: t('outlet.at'), render: (shipment) => formatInstant(shipment.signed_at ?? shipment.sent_at) },
              { key: 'state', title: t('campaign.state'), render: (shipment) => <StatusTag kind="shipment" value={shipment.state} tone={shipment.state === 'signed' ? 'ok' : 'run'} /> },
              { key: 'actions', title: '', render: (shipment) => shipment.can.includes('sign') && <Button size="small" type="primary" ghost onClick={() => setSigning(shipment)}>{t('outlet.sign')}</Button> },
            ]}
          />
        )}
      </Loaded>
      {signing && <SignForm shipment={signing} close={() => setSigning(null)} />}
    </Card>
  )
}

function Differences({ names }: { names: Names }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['outletDifferences'], queryFn: listOutletDifferences })
  const { act } = useRowAction(touched)
  return (
    <Card title={t('outlet.differences')} hint={t('outlet.second')} flush>
      <Loaded query={query} rows={3}>
        {(page) => page.items.length === 0 ? <Empty title={t('outlet.noDifferences')}>{t('outlet.second')}</Empty> : (
          <DataTable
            label={t('outlet.differences')}
            rows={page.items}
            rowKey={(difference) => difference.id}
            columns={[
              { key: 'gift', title: t('outlet.gift'), render: (difference) => <><b>{names.gift(difference.sku_id)}</b><small>{names.unit(difference.unit_id)} · {t(`outlet.kinds.${difference.kind}`)}</small></> },
              { key: 'expected', title: t('outlet.expected'), number: true, render: (difference) => formatCount(difference.expected) },
              { key: 'found', title: t('outlet.found'), number: true, render: (difference) => <b>{formatCount(difference.found)}</b> },
              { key: 'reason', title: t('outlet.reason'), render: (difference) => <>{difference.reason || '—'}<small>{formatInstant(difference.noted_at)}</small></> },
              { key: 'state', title: t('campaign.state'), render: (difference) => <StatusTag kind="outletDifference" value={difference.state} tone={difference.state === 'open' ? 'warn' : difference.state === 'confirmed' ? 'ok' : ''} /> },
              {
                key: 'actions',
                title: '',
                render: (difference) => difference.state === 'open' && (
                  <Tooltip title={difference.can.includes('check') ? '' : t('outlet.second')}>
                    <span className="row">
                      <Button size="small" disabled={!difference.can.includes('check')} loading={act.isPending} onClick={() => act.mutate(() => checkDifference(difference.id, true))}>{t('outlet.confirm')}</Button>
                      <Button size="small" danger disabled={!difference.can.includes('check')} onClick={() => act.mutate(() => checkDifference(difference.id, false))}>{t('outlet.reject')}</Button>
                    </span>
                  </Tooltip>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  )
}

function useRefresh() {
  const cache = useQueryClient()
  return () => Promise.all(touched.map((key) => cache.invalidateQueries({ queryKey: [key] })))
}

function SendForm({ names, close }: { names: Names; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const refresh = useRefresh()
  const submit = async (values: { sku_id: string; unit_id: number; quantity: number }) => {
    await sendShipment(values)
    await refresh()
  }
  return (
    <Ask<{ sku_id: string; unit_id: number; quantity: number }> title={t('outlet.send')} submit={submit} close={close} action={t('outlet.send')}>
      <Form.Item name="sku_id" label={t('outlet.gift')} rules={needed(t('outlet.gift'))}><Select showSearch={{ optionFilterProp: 'label' }} options={names.choices} /></Form.Item>
      <Form.Item name="unit_id" label={t('customer.unit')} rules={needed(t('customer.unit'))}><UnitSelect /></Form.Item>
      <Form.Item name="quantity" label={t('outlet.quantity')} rules={needed(t('outlet.quantity'))}><InputNumber style={{ width: '100%' }} min={1} precision={0} controls={false} suffix={t('unit.pieces')} /></Form.Item>
    </Ask>
  )
}

interface Counted {
  quantity: number
  reason?: string
}

function SignForm({ shipment, close }: { shipment: Shipment; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const refresh = useRefresh()
  const submit = async ({ quantity, reason = '' }: Counted) => {
    await signShipment(shipment.id, quantity, reason)
    await refresh()
  }
  return (
    <Ask<Counted> title={t('outlet.signTitle', { shown: formatCount(shipment.quantity) })} submit={submit} close={close} initial={{ quantity: shipment.quantity }} action={t('outlet.sign')}>
      <Form.Item name="quantity" label={t('outlet.arrived')} rules={needed(t('outlet.arrived'))}><InputNumber style={{ width: '100%' }} min={0} max={shipment.quantity} precision={0} controls={false} suffix={t('unit.pieces')} /></Form.Item>
      <Form.Item name="reason" label={t('outlet.reason')} extra={t('outlet.reasonHint')}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}

function CountForm({ gift, name, close }: { gift: Gift; name: string; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const refresh = useRefresh()
  const submit = async ({ quantity, reason = '' }: Counted) => {
    await countGifts({ unit_id: gift.unit_id, sku_id: gift.sku_id, quantity, reason })
    await refresh()
  }
  return (
    <Ask<Counted> title={`${t('outlet.count')} · ${name}`} submit={submit} close={close}>
      <Form.Item name="quantity" label={t('outlet.counted')} extra={t('outlet.book', { shown: formatCount(gift.on_hand) })} rules={needed(t('outlet.counted'))}><InputNumber style={{ width: '100%' }} min={0} precision={0} controls={false} suffix={t('unit.pieces')} autoFocus /></Form.Item>
      <Form.Item name="reason" label={t('outlet.reason')} extra={t('outlet.reasonHint')}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}

function LowForm({ gift, name, close }: { gift: Gift; name: string; close: () => void }) {
  const { t } = useTranslation()
  const refresh = useRefresh()
  const submit = async ({ low_at }: { low_at: number }) => {
    await setGift({ unit_id: gift.unit_id, sku_id: gift.sku_id, low_at })
    await refresh()
  }
  return (
    <Ask<{ low_at: number }> title={`${t('outlet.setLow')} · ${name}`} submit={submit} close={close} initial={{ low_at: gift.low_at }} action={t('action.save')}>
      <Form.Item name="low_at" label={t('outlet.low')} extra={t('outlet.lowHint')}><InputNumber style={{ width: '100%' }} min={0} precision={0} controls={false} suffix={t('unit.pieces')} autoFocus /></Form.Item>
    </Ask>
  )
}
