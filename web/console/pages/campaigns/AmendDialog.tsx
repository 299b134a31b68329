/** Asking for a change of a live campaign: a later end, more of what it gives, better words; others approve it. */
import { useQueryClient } from '@tanstack/react-query'
import { App, DatePicker, Form, Input, InputNumber, Tabs } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { amendCampaign, type Draft } from '@api/campaigns'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Note } from '@kit/layout'
import { Reason, type DialogProps } from './DialogParts'

type Texts = NonNullable<Draft['page_texts']>
const empty = { title: '', subtitle: '', rules: '' }
const textsOf = (draft: Draft) => ({ zh: { ...empty, ...draft.page_texts?.zh }, en: { ...empty, ...draft.page_texts?.en } })

interface Amending {
  closes_at?: Dayjs
  add_stock?: number
  add_stocks?: Record<string, number | null>
  add_budget?: number
  page_texts: Texts
  reason: string
}

export function AmendDialog({ campaign, close }: DialogProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [part, setPart] = useState('supply')
  const { draft, bundle } = campaign
  const before = textsOf(draft)
  const ask = async (values: Amending) => {
    const words = textsOf({ ...draft, page_texts: values.page_texts })
    const more = Object.entries(values.add_stocks ?? {}).filter(([, units]) => units)
    await amendCampaign(campaign.id, {
      closes_at: values.closes_at ? `${values.closes_at.format('YYYY-MM-DDTHH:mm')}:00+08:00` : null,
      add_stock: values.add_stock ?? 0,
      add_stocks: Object.fromEntries(more.map(([sku, units]) => [sku, units ?? 0])),
      add_budget_fen: Math.round((values.add_budget ?? 0) * 100),
      page_texts: JSON.stringify(words) === JSON.stringify(before) ? null : words,
      reason: values.reason,
    })
    await cache.invalidateQueries({ queryKey: ['campaign-amendments', campaign.id] })
    void message.success(t('campaign.submitted'))
  }
  return (
    <Ask<Amending> title={t('life.amend')} submit={ask} close={close} action={t('campaign.submit')} initial={{ page_texts: before }} width={560}>
      <div className="form-note"><Note icon="info">{t('life.amendSays')}</Note></div>
      <Tabs
        activeKey={part}
        onChange={setPart}
        items={[
          { key: 'supply', label: t('life.supply'), forceRender: true, children: <Supply draft={draft} bundle={bundle} /> },
          { key: 'zh', label: t('life.words.zh'), forceRender: true, children: <Words language="zh" /> },
          { key: 'en', label: t('life.words.en'), forceRender: true, children: <Words language="en" /> },
        ]}
      />
      <Reason />
    </Ask>
  )
}

function Supply({ draft, bundle }: { draft: Draft; bundle: DialogProps['campaign']['bundle'] }) {
  const { t } = useTranslation()
  const stocks = new Map((draft.lines ?? []).map((line) => [line.sku_id, line.stock ?? 0]))
  const units = <InputNumber min={0} precision={0} controls={false} suffix={t('unit.pieces')} style={{ width: '100%' }} />
  return (
    <>
      <Form.Item name="closes_at" label={t('life.later')} extra={t('life.now', { value: formatInstant(draft.closes_at) })}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" previewValue={false} style={{ width: '100%' }} />
      </Form.Item>
      <div className="pair">
        {bundle ? (
          bundle.skus.map((sku) => (
            <Form.Item key={sku.id} name={['add_stocks', sku.id]} label={`${t('life.addStock')} · ${sku.name}`} extra={t('life.now', { value: formatCount(stocks.get(sku.id)) })}>{units}</Form.Item>
          ))
        ) : (
          <Form.Item name="add_stock" label={t('life.addStock')} extra={t('life.now', { value: formatCount(draft.stock) })}>{units}</Form.Item>
        )}
        <Form.Item name="add_budget" label={t('life.addBudget')} extra={t('life.now', { value: formatMoney(draft.budget_fen) })}><InputNumber min={0} precision={2} controls={false} suffix={t('unit.yuan')} style={{ width: '100%' }} /></Form.Item>
      </div>
    </>
  )
}

function Words({ language }: { language: 'zh' | 'en' }) {
  const { t } = useTranslation()
  const at = (field: string) => ['page_texts', language, field]
  const needed = (name: string) => [{ required: true, whitespace: true, message: t('form.needed', { name }) }]
  return (
    <>
      <Form.Item name={at('title')} label={t('campaign.pageTitle')} rules={needed(t('campaign.pageTitle'))}><Input maxLength={40} showCount /></Form.Item>
      <Form.Item name={at('subtitle')} label={t('campaign.pageSubtitle')}><Input maxLength={80} showCount /></Form.Item>
      <Form.Item name={at('rules')} label={t('campaign.pageRules')} rules={needed(t('campaign.pageRules'))}><Input.TextArea rows={4} maxLength={4000} /></Form.Item>
    </>
  )
}
