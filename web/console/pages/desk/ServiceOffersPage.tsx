/** Goodwill benefits at the desk's disposal: how many, how much money, until when; each approved by a second person. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Form, Input, InputNumber, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets, listSkus } from '@api/benefits'
import { listServiceOffers, proposeServiceOffer, stopServiceOffer, type ServiceOffer } from '@api/desk'
import { every } from '@api/every'
import { useSession } from '@console/app/session'
import { useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './desk.css'

export default function ServiceOffersPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<ServiceOffer | null>(null)
  const add = may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('desk.offer.add')}</Button>
  return (
    <>
      <DataPage
        name="service_offers"
        operation="list_service_offers"
        title={t('desk.offer.title')}
        label={t('desk.offer.title')}
        meta={<span>{t('desk.offer.hint')}</span>}
        load={listServiceOffers}
        rowKey={(row) => row.id}
        actions={add}
        columns={[
          { key: 'name', title: t('desk.offer.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{row.benefit}</small></> },
          { key: 'cost', title: t('desk.offer.cost'), field: 'cost_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.cost_fen) },
          { key: 'left', title: t('desk.offer.left'), field: 'left', format: 'count', number: true, render: (row) => <>{formatCount(row.left)}<small>/ {formatCount(row.stock)}</small></> },
          { key: 'money', title: t('desk.offer.money'), field: 'left_fen', format: 'yuan', number: true, render: (row) => <>{formatMoney(row.left_fen)}<small>/ {formatMoney(row.budget_fen)}</small></> },
          { key: 'closes', title: t('desk.offer.closes'), field: 'closes_on', format: 'day', render: (row) => formatDay(row.closes_on) },
          { key: 'by', title: t('desk.by'), field: 'by', render: (row) => row.by },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.serviceOffer', render: (row) => <StatusTag kind="serviceOffer" value={row.state} /> },
          { key: 'can', title: '', render: (row) => row.can.includes('stop') && <Button size="small" onClick={() => setEnding(row)}>{t('desk.offer.stop')}</Button> },
        ]}
        empty={<Empty title={t('desk.offer.none')} actions={add}>{t('desk.offer.noneHint')}</Empty>}
      />
      {adding && <Add close={() => setAdding(false)} />}
      {ending && <End offer={ending} close={() => setEnding(null)} />}
    </>
  )
}

interface Values {
  name: string
  sku_id: string
  budget_id: string
  budget: number
  stock: number
  valid_days: number
  closes: Dayjs
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const skus = useQuery({ queryKey: ['skus', 'published'], queryFn: () => every(listSkus, { status: 'published' }) })
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const submit = async ({ budget, closes, ...rest }: Values) => {
    await proposeServiceOffer({ ...rest, budget_fen: Math.round(budget * 100), closes_on: closes.format('YYYY-MM-DD'), request_no: crypto.randomUUID() })
    await cache.invalidateQueries({ queryKey: ['service-offers'] })
    void message.success(t('desk.asked'))
  }
  return (
    <Ask<Values> title={t('desk.offer.add')} submit={submit} close={close} initial={{ valid_days: 30, stock: 100 }} action={t('action.submit')} width={560}>
      <div className="desk-gap"><Note>{t('desk.offer.addHint')}</Note></div>
      <Form.Item name="name" label={t('desk.offer.name')} rules={needed(t('desk.offer.name'))}><Input maxLength={40} /></Form.Item>
      <Form.Item name="sku_id" label={t('desk.offer.benefit')} rules={needed(t('desk.offer.benefit'))}>
        <Select showSearch optionFilterProp="label" placeholder={t('form.choose')} loading={skus.isPending} options={skus.data?.items.map((one) => ({ value: one.id, label: `${skuLabel(one)} · ${formatMoney(one.terms?.cost_fen ?? 0)}` }))} />
      </Form.Item>
      <Form.Item name="budget_id" label={t('desk.offer.payer')} rules={needed(t('desk.offer.payer'))}>
        <Select placeholder={t('form.choose')} loading={budgets.isPending} options={budgets.data?.items.map((one) => ({ value: one.id, label: `${one.name} · ${formatMoney(one.available_fen)}` }))} />
      </Form.Item>
      <div className="row wrap">
        <Form.Item name="stock" label={t('desk.offer.stock')} rules={needed(t('desk.offer.stock'))}><InputNumber min={1} precision={0} /></Form.Item>
        <Form.Item name="budget" label={t('desk.offer.budget')} rules={needed(t('desk.offer.budget'))}><InputNumber min={0.01} precision={2} /></Form.Item>
        <Form.Item name="valid_days" label={t('desk.offer.days')} rules={needed(t('desk.offer.days'))}><InputNumber min={1} max={365} precision={0} /></Form.Item>
        <Form.Item name="closes" label={t('desk.offer.closes')} rules={needed(t('desk.offer.closes'))}><DatePicker /></Form.Item>
      </div>
    </Ask>
  )
}

function End({ offer, close }: { offer: ServiceOffer; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await stopServiceOffer(offer.id, reason)
    await cache.invalidateQueries({ queryKey: ['service-offers'] })
  }
  return (
    <Ask<{ reason: string }> title={t('desk.offer.stop')} submit={submit} close={close} danger action={t('desk.offer.stop')} typed={offer.name}>
      <div className="desk-gap"><Note kind="warning">{t('desk.offer.stopHint')}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}
