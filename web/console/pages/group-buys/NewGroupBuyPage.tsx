/** A new group buy: the benefit, how many buy it together at which price, how long; another person approves it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, DatePicker, Form, Input, InputNumber, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets, listSkus } from '@api/benefits'
import { every } from '@api/every'
import { proposeGroupBuy } from '@api/groupBuy'
import { useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { formatMoney } from '@kit/format'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { UnreadChoices } from '@kit/states'
import './groupBuys.css'

interface Values {
  name: string
  sku_id: string
  budget_id: string
  size: number
  points: number
  cash: number
  stock: number
  person_limit: number
  hours: number
  pay_minutes: number
  valid_days: number
  window: [Dayjs, Dayjs]
  title: string
  title_en?: string
  rules: string
  rules_en?: string
}

type Count = 'size' | 'points' | 'stock' | 'person_limit' | 'hours' | 'pay_minutes' | 'valid_days'

/** Kinds that are never bought in groups (rules B1, B4): the server refuses them too. */
const NEVER = new Set(['financial'])
const FIRST: Partial<Values> = { size: 3, points: 0, cash: 0, stock: 300, person_limit: 1, hours: 24, pay_minutes: 15, valid_days: 30 }

export default function NewGroupBuyPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const needed = useNeeded()
  const skuLabel = useSkuName()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const skus = useQuery({ queryKey: ['skus', 'published'], queryFn: () => every(listSkus, { status: 'published' }) })
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const send = async ({ window: [opens, closes], cash, ...values }: Values) => {
    setBusy(true)
    setError('')
    try {
      const id = await proposeGroupBuy({
        ...values,
        title_en: values.title_en ?? '',
        rules_en: values.rules_en ?? '',
        currency: 'POINTS',
        cash_fen: Math.round((cash ?? 0) * 100),
        opens_at: opens.startOf('day').toISOString(),
        closes_at: closes.endOf('day').toISOString(),
        request_no: crypto.randomUUID(),
      })
      await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('group_buys') })
      void message.success(t('groupBuy.proposed'))
      await navigate({ to: id ? `/group-buys/${String(id)}` : '/group-buys' })
    } catch (failure) {
      setError(say(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  const count = (name: Count, min: number, max: number, extra?: string) => (
    <Form.Item name={name} label={t(`groupBuy.fields.${name}`)} extra={extra} rules={needed(t(`groupBuy.fields.${name}`))}><InputNumber min={min} max={max} precision={0} /></Form.Item>
  )
  return (
    <>
      <PageHead title={t('groupBuy.new')} crumbs={[{ label: t('menu.groupBuys'), to: '/group-buys' }, { label: t('groupBuy.new') }]} meta={<span>{t('groupBuy.newMeta')}</span>} />
      <UnreadChoices queries={[skus, budgets]} />
      <Form<Values> layout="vertical" requiredMark={false} initialValues={FIRST} onFinish={(values) => void send(values)} className="group-form">
        <Card title={t('groupBuy.what')} hint={t('groupBuy.whatHint')}>
          <div className="group-cells">
            <Form.Item name="name" label={t('groupBuy.name')} rules={needed(t('groupBuy.name'))}><Input maxLength={40} /></Form.Item>
            <Form.Item name="window" label={t('referral.window')} rules={needed(t('referral.window'))}><DatePicker.RangePicker /></Form.Item>
            <Form.Item name="sku_id" label={t('groupBuy.benefit')} rules={needed(t('groupBuy.benefit'))}>
              <Select showSearch optionFilterProp="label" placeholder={t('form.choose')} loading={skus.isPending} options={skus.data?.items.filter((one) => !NEVER.has(one.kind)).map((one) => ({ value: one.id, label: `${skuLabel(one)} · ${formatMoney(one.terms?.cost_fen ?? 0)}` }))} />
            </Form.Item>
            <Form.Item name="budget_id" label={t('desk.offer.payer')} rules={needed(t('desk.offer.payer'))}>
              <Select placeholder={t('form.choose')} loading={budgets.isPending} options={budgets.data?.items.map((one) => ({ value: one.id, label: `${one.name} · ${formatMoney(one.available_fen)}` }))} />
            </Form.Item>
          </div>
        </Card>
        <Card title={t('groupBuy.howMuch')} hint={t('groupBuy.howMuchHint')}>
          <div className="group-cells">
            {count('size', 2, 20)}
            {count('points', 0, 100000000)}
            <Form.Item name="cash" label={t('groupBuy.fields.cash')} dependencies={['points']} rules={[({ getFieldValue }) => ({ validator: (_, value: number) => (value || getFieldValue('points') ? Promise.resolve() : Promise.reject(new Error(t('groupBuy.priceMissing')))) })]}><InputNumber min={0} max={100000} precision={2} prefix="¥" /></Form.Item>
            {count('stock', 2, 1000000, t('groupBuy.stockHint'))}
            {count('person_limit', 1, 20)}
            {count('hours', 1, 168)}
            {count('pay_minutes', 5, 60)}
            {count('valid_days', 1, 365)}
          </div>
        </Card>
        <Card title={t('referral.words')}>
          <div className="group-cells">
            <Form.Item name="title" label={t('referral.title')} rules={needed(t('referral.title'))}><Input maxLength={40} /></Form.Item>
            <Form.Item name="title_en" label={t('referral.titleEn')}><Input maxLength={80} /></Form.Item>
          </div>
          <Form.Item name="rules" label={t('referral.rules')} rules={needed(t('referral.rules'))}><Input.TextArea maxLength={1000} autoSize={{ minRows: 3 }} /></Form.Item>
          <Form.Item name="rules_en" label={t('referral.rulesEn')}><Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} /></Form.Item>
        </Card>
        {error && <Note kind="danger">{error}</Note>}
        <div className="row"><Button type="primary" htmlType="submit" loading={busy}>{t('action.submit')}</Button><Button onClick={() => void navigate({ to: '/group-buys' })}>{t('action.cancel')}</Button></div>
      </Form>
    </>
  )
}
