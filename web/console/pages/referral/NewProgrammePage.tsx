/** A new programme: what the invitee does, what both sides get, the ladder, the words; another person approves it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, DatePicker, Form, Input, InputNumber, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets, listSkus } from '@api/benefits'
import { listSchemas } from '@api/events'
import { every } from '@api/every'
import { proposeProgramme, type Benefit } from '@api/referral'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { UnreadChoices } from '@kit/states'
import { ChannelFields, channels, freshChannel, type Channel, type ChannelValues } from './ChannelsCard'
import './referral.css'

interface Side { sku_id?: string; stock?: number; valid_days?: number }
interface Values {
  name: string
  event: string
  times: number
  act_label: string
  act_label_en?: string
  act_days: number
  hold_days: number
  fresh_days: number
  person_limit: number
  day_limit: number
  window: [Dayjs, Dayjs]
  budget_id: string
  inviter?: Side
  invitee?: Side
  ladder?: (Side & { invitees?: number })[]
  kind: 'invite' | 'help'
  help_hours?: number
  title: string
  title_en?: string
  rules: string
  rules_en?: string
  channels: Record<Channel, ChannelValues>
}

/** Events that are no act of a customer, or that nobody may be rewarded for (rules M3, B1, B4): the server refuses them too. */
const NEVER = new Set(['customer.identified', 'customer.grouped', 'customer.aliased', 'product.bought', 'product.matured', 'salary.received', 'transaction.posted', 'complaint.made', 'message.opened'])
const FIRST: Partial<Values> = { kind: 'invite', help_hours: 48, times: 1, act_days: 30, hold_days: 7, fresh_days: 180, person_limit: 20, day_limit: 20, inviter: { stock: 500, valid_days: 30 }, invitee: { stock: 500, valid_days: 30 }, channels: { code: freshChannel, link: freshChannel, poster: freshChannel, staff: freshChannel } }

const benefit = (side: Side | undefined, budget: string): Benefit | null =>
  side?.sku_id ? { sku_id: side.sku_id, budget_id: budget, stock: side.stock ?? 1, valid_days: side.valid_days ?? 30 } : null

/** Channels that differ from the programme; one left as it is says nothing. */
function rulesOf(ways: Values['channels'] | undefined, budget: string, help: boolean) {
  const rules = channels.flatMap((channel) => {
    const said = ways?.[channel]
    if (!said || (help && channel === 'staff')) return []
    const rule = {
      open: said.open,
      days: said.days ?? 0,
      person_limit: said.person_limit ?? 0,
      day_limit: said.day_limit ?? 0,
      inviter: help || channel === 'staff' ? null : benefit(said.inviter, budget),
      invitee: benefit(said.invitee, budget),
    }
    const same = rule.open && !rule.days && !rule.person_limit && !rule.day_limit && !rule.inviter && !rule.invitee
    return same ? [] : [[channel, rule] as const]
  })
  return Object.fromEntries(rules)
}

export default function NewProgrammePage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const needed = useNeeded()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (values: Values) => {
    setBusy(true)
    setError('')
    try {
      const { event, times, window: [opens, closes], budget_id, inviter, invitee, ladder, kind, help_hours, channels: ways, ...rest } = values
      const id = await proposeProgramme({
        ...rest,
        act_label_en: rest.act_label_en ?? '',
        title_en: rest.title_en ?? '',
        rules_en: rest.rules_en ?? '',
        act: { kind: 'event', name: event, measure: 'count', op: '>=', value: times },
        opens_at: opens.startOf('day').toISOString(),
        closes_at: closes.endOf('day').toISOString(),
        help_hours: kind === 'help' ? (help_hours ?? 48) : 0,
        inviter: kind === 'help' ? null : benefit(inviter, budget_id),
        invitee: benefit(invitee, budget_id),
        ladder: (ladder ?? []).flatMap((rung) => { const one = benefit(rung, budget_id); return one ? [{ invitees: rung.invitees ?? 1, benefit: one }] : [] }),
        channels: rulesOf(ways, budget_id, kind === 'help'),
        request_no: crypto.randomUUID(),
      })
      await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('referral_programmes') })
      void message.success(t('referral.proposed'))
      await navigate({ to: id ? `/referral/${String(id)}` : '/referral' })
    } catch (failure) {
      setError(say(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <PageHead title={t('referral.new')} crumbs={[{ label: t('menu.referral'), to: '/referral' }, { label: t('referral.new') }]} meta={<span>{t('referral.newMeta')}</span>} />
      <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={FIRST} onFinish={(values) => void send(values)} className="referral-form">
        <Act />
        <Gives />
        <Card title={t('referral.words')}>
          <div className="referral-cells">
            <Form.Item name="title" label={t('referral.title')} rules={needed(t('referral.title'))}><Input maxLength={40} /></Form.Item>
            <Form.Item name="title_en" label={t('referral.titleEn')}><Input maxLength={80} /></Form.Item>
          </div>
          <Form.Item name="rules" label={t('referral.rules')} rules={needed(t('referral.rules'))}><Input.TextArea maxLength={1000} autoSize={{ minRows: 3 }} /></Form.Item>
          <Form.Item name="rules_en" label={t('referral.rulesEn')}><Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} /></Form.Item>
        </Card>
        {error && <Note kind="danger">{error}</Note>}
        <div className="row"><Button type="primary" htmlType="submit" loading={busy}>{t('action.submit')}</Button><Button onClick={() => void navigate({ to: '/referral' })}>{t('action.cancel')}</Button></div>
      </Form>
    </>
  )
}

function Act() {
  const { t } = useTranslation()
  const needed = useNeeded()
  const either = useBilingual()
  const schemas = useQuery({ queryKey: ['event-schemas'], queryFn: () => listSchemas() })
  const kind = Form.useWatch<Values['kind']>('kind') ?? 'invite'
  const acts = (schemas.data?.items ?? []).filter((one) => !one.deposit_derived && !NEVER.has(one.name))
  return (
    <>
    <UnreadChoices queries={[schemas]} />
    <Card title={t('referral.what')} hint={t('referral.whatHint')}>
      <div className="referral-cells">
        <Form.Item name="name" label={t('referral.name')} rules={needed(t('referral.name'))}><Input maxLength={40} /></Form.Item>
        <Form.Item name="window" label={t('referral.window')} rules={needed(t('referral.window'))}><DatePicker.RangePicker /></Form.Item>
        <Form.Item name="event" label={t('referral.event')} rules={needed(t('referral.event'))}>
          <Select showSearch optionFilterProp="label" placeholder={t('form.choose')} loading={schemas.isPending} options={acts.map((one) => ({ value: one.name, label: either(one.title, one.title_en) }))} />
        </Form.Item>
        <Form.Item name="times" label={t('referral.times')} rules={needed(t('referral.times'))}><InputNumber min={1} max={100} precision={0} /></Form.Item>
        <Form.Item name="kind" label={t('referral.kind')} extra={t(`referral.kindHints.${kind}`)}><Select options={(['invite', 'help'] as const).map((value) => ({ value, label: t(`referral.kinds.${value}`) }))} /></Form.Item>
        {kind === 'help' && <Form.Item name="help_hours" label={t('referral.helpHours')} rules={needed(t('referral.helpHours'))}><InputNumber min={1} max={720} precision={0} /></Form.Item>}
        <Form.Item name="act_label" label={t('referral.actLabel')} rules={needed(t('referral.actLabel'))}><Input maxLength={40} placeholder={t('referral.actLabelHint')} /></Form.Item>
        <Form.Item name="act_label_en" label={t('referral.actLabelEn')}><Input maxLength={80} /></Form.Item>
        <Form.Item name="act_days" label={t('referral.actDays')} rules={needed(t('referral.actDays'))}><InputNumber min={1} max={365} precision={0} /></Form.Item>
        <Form.Item name="hold_days" label={t('referral.holdDays')} rules={needed(t('referral.holdDays'))}><InputNumber min={0} max={90} precision={0} /></Form.Item>
        <Form.Item name="fresh_days" label={t('referral.freshDays')} extra={t('referral.freshHint')} rules={needed(t('referral.freshDays'))}><InputNumber min={0} max={3650} precision={0} /></Form.Item>
        <Form.Item name="person_limit" label={t('referral.personLimit')} rules={needed(t('referral.personLimit'))}><InputNumber min={1} max={10000} precision={0} /></Form.Item>
        <Form.Item name="day_limit" label={t('referral.dayLimit')} extra={t('referral.dayLimitHint')} rules={needed(t('referral.dayLimit'))}><InputNumber min={1} max={1000} precision={0} /></Form.Item>
      </div>
    </Card>
    </>
  )
}

function Gives() {
  const { t } = useTranslation()
  const needed = useNeeded()
  const kind = Form.useWatch<Values['kind']>('kind') ?? 'invite'
  const skuLabel = useSkuName()
  const skus = useQuery({ queryKey: ['skus', 'published'], queryFn: () => every(listSkus, { status: 'published' }) })
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const options = skus.data?.items.filter((one) => one.kind !== 'topup').map((one) => ({ value: one.id, label: `${skuLabel(one)} · ${formatMoney(one.terms?.cost_fen ?? 0)}` }))
  const choose = <Select allowClear showSearch optionFilterProp="label" placeholder={t('referral.nothing')} loading={skus.isPending} options={options} />
  const amounts = (name: (string | number)[]) => (
    <>
      <Form.Item name={[...name, 'stock']} label={t('referral.stock')}><InputNumber min={1} max={1000000} precision={0} /></Form.Item>
      <Form.Item name={[...name, 'valid_days']} label={t('referral.validDays')}><InputNumber min={1} max={365} precision={0} /></Form.Item>
    </>
  )
  return (
    <>
    <UnreadChoices queries={[skus, budgets]} />
    <Card title={t('referral.gives')} hint={t('referral.givesHint')}>
      <Form.Item name="budget_id" label={t('desk.offer.payer')} rules={needed(t('desk.offer.payer'))}>
        <Select placeholder={t('form.choose')} loading={budgets.isPending} options={budgets.data?.items.map((one) => ({ value: one.id, label: `${one.name} · ${formatMoney(one.available_fen)}` }))} />
      </Form.Item>
      {kind === 'invite' && <div className="referral-cells"><Form.Item name={['inviter', 'sku_id']} label={t('referral.inviterGets')}>{choose}</Form.Item>{amounts(['inviter'])}</div>}
      <div className="referral-cells"><Form.Item name={['invitee', 'sku_id']} label={t(kind === 'help' ? 'referral.helperGets' : 'referral.inviteeGets')}>{choose}</Form.Item>{amounts(['invitee'])}</div>
      <Form.List name="ladder">
        {(rungs, { add, remove }) => (
          <>
            {rungs.map(({ key, name }) => (
              <div className="referral-rung" key={key}>
                <Form.Item name={[name, 'invitees']} label={t('referral.rungAt')} rules={needed(t('referral.rungAt'))}><InputNumber min={1} max={1000} precision={0} /></Form.Item>
                <Form.Item name={[name, 'sku_id']} label={t('referral.rungGets')} rules={needed(t('referral.rungGets'))}>{choose}</Form.Item>
                {amounts([name])}
                <Button type="text" aria-label={t('action.remove')} icon={<Icon name="close" />} onClick={() => remove(name)} />
              </div>
            ))}
            {rungs.length < 6 && <Button icon={<Icon name="plus" />} onClick={() => add({ invitees: [1, 3, 5, 10, 20, 50][rungs.length], stock: 100, valid_days: 30 })}>{t('referral.addRung')}</Button>}
          </>
        )}
      </Form.List>
    </Card>
    <ChannelFields choose={choose} help={kind === 'help'} />
    </>
  )
}
