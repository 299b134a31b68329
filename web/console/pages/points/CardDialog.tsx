/** A rate card as somebody wants it: what for what, at which rate and fee, how much, by whom paid; another person decides. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, DatePicker, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPartners, requestCard, type CardStanding, type RateCard } from '@api/exchange'
import { listTypes } from '@api/points'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { formatDay, formatMoney, parseYuan } from '@kit/format'
import { CardCosts, TierRates, type Bearer, type Direction, type Rates } from './CardCosts'
import { dayKept, dayShown } from './dayField'

interface Values {
  name: string
  name_en: string
  direction: Direction
  type?: string
  other?: string
  partner?: string
  takes: number
  gives: number
  fee: number
  fee_min: number
  minimum: number
  step: number
  person_day?: number | null
  person_month?: number | null
  all_day?: number | null
  all_month?: number | null
  bearer: Bearer
  funder?: string | null
  cost_month?: string
  alarm_percent?: number | null
  tiers?: Rates
  undo_hours: number
  from_on: string
  until_on?: string
  reason: string
}

function cardOf(values: Values, unit: string, held: RateCard | undefined): RateCard {
  const own = values.direction === 'own'
  const [source, target] = own ? [values.type, values.other] : values.direction === 'out' ? [values.type, unit] : [unit, values.type]
  const sides = held ? { source: held.source, target: held.target, partner: held.partner } : { source: source ?? '', target: target ?? '', partner: own ? '' : (values.partner ?? '') }
  return {
    ...held, ...sides, name: values.name, name_en: values.name_en, direction: values.direction, takes: values.takes, gives: values.gives, tiers: values.tiers ?? held?.tiers ?? [],
    fee_rate: Math.round(values.fee * 100), fee_min: values.fee_min, minimum: values.minimum, step: values.step, person_day: values.person_day ?? 0, person_month: values.person_month ?? 0,
    all_day: values.all_day ?? 0, all_month: values.all_month ?? 0, bearer: values.bearer, funder: values.bearer === 'budget' ? values.funder ?? null : null,
    cost_month_fen: values.cost_month ? parseYuan(values.cost_month) ?? 0 : 0, alarm_percent: values.alarm_percent ?? 80, undo_hours: own ? values.undo_hours : 0, from_on: values.from_on, until_on: values.until_on || null,
  }
}

export function CardDialog({ held, close }: { held: CardStanding | null; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const direction = Form.useWatch('direction', form) ?? held?.card.direction ?? 'own'
  const bearer = Form.useWatch('bearer', form) ?? held?.card.bearer ?? 'type'
  const types = useQuery({ queryKey: ['point-types'], queryFn: listTypes })
  const partners = useQuery({ queryKey: ['exchange-partners'], queryFn: listPartners })
  const kinds = (types.data?.items ?? []).map((one) => ({ value: one.code, label: say(one.name, one.name_en) }))
  const needed = [{ required: true, message: t('points.needed') }]
  const submit = async (values: Values) => {
    const unit = partners.data?.items.find((one) => one.code === values.partner)?.unit ?? ''
    await requestCard({ id: held?.id, card: cardOf(values, unit, held?.card), reason: values.reason })
    await cache.invalidateQueries({ queryKey: ['exchange-cards'] })
    void message.success(t('points.requested'))
  }
  const initial: Partial<Values> = held
    ? { ...held.card, direction: held.card.direction, fee: (held.card.fee_rate ?? 0) / 100, cost_month: held.card.cost_month_fen ? formatMoney(held.card.cost_month_fen).replaceAll(',', '') : '', until_on: held.card.until_on ?? '' }
    : { direction: 'own', takes: 1, gives: 1, fee: 0, fee_min: 0, minimum: 100, step: 100, bearer: 'type', alarm_percent: 80, undo_hours: 0, from_on: formatDay(new Date()) }
  const number = (name: keyof Values & string, label: string, least = 1) => <Form.Item name={name} label={label} rules={needed}><InputNumber min={least} max={1_000_000_000} precision={0} /></Form.Item>
  const limit = (name: 'person_day' | 'person_month' | 'all_day' | 'all_month') => <Form.Item name={name} label={t(`exchange.${name}`)}><InputNumber min={0} precision={0} placeholder={t('exchange.noLimit')} /></Form.Item>
  return (
    <Ask<Values> title={t(held ? 'exchange.changeCard' : 'exchange.newCard')} form={form} submit={submit} close={close} action={t('points.request')} initial={initial} width={640}>
      <div className="points-pair">
        <Form.Item name="name" label={t('exchange.name')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="name_en" label={t('exchange.nameEn')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
      </div>
      <Form.Item name="direction" label={t('exchange.direction')}><Segmented block disabled={held != null} onChange={() => form.setFieldValue('bearer', 'type')} options={(['own', 'out', 'in'] as const).map((value) => ({ value, label: t(`exchange.directions.${value}`) }))} /></Form.Item>
      <div className="points-pair">
        {!held && <Form.Item name="type" label={t(direction === 'in' ? 'exchange.target' : 'exchange.source')} rules={needed}><Select options={kinds} /></Form.Item>}
        {!held && direction === 'own' && <Form.Item name="other" label={t('exchange.target')} rules={needed}><Select options={kinds} /></Form.Item>}
        {!held && direction !== 'own' && <Form.Item name="partner" label={t('exchange.partner')} rules={needed}><Select options={(partners.data?.items ?? []).map((one) => ({ value: one.code, label: `${say(one.name, one.name_en)} · ${say(one.unit_name, one.unit_name_en)}` }))} /></Form.Item>}
        {number('takes', t('exchange.takes'))}
        {number('gives', t('exchange.gives'))}
        <Form.Item name="fee" label={t('exchange.feeRate')} rules={needed}><InputNumber min={0} max={50} precision={2} suffix="%" /></Form.Item>
        {number('fee_min', t('exchange.feeMin'), 0)}
        {number('minimum', t('exchange.minimum'))}
        {number('step', t('exchange.step'))}
        {limit('person_day')}
        {limit('person_month')}
        {limit('all_day')}
        {limit('all_month')}
        {direction === 'own' && <Form.Item name="undo_hours" label={t('exchange.undo')} extra={t('exchange.undoHint')}><InputNumber min={0} max={72} precision={0} /></Form.Item>}
        <Form.Item name="from_on" getValueProps={dayShown} normalize={dayKept} label={t('exchange.fromOn')} rules={needed}><DatePicker /></Form.Item>
        <Form.Item name="until_on" getValueProps={dayShown} normalize={dayKept} label={t('exchange.untilOn')}><DatePicker /></Form.Item>
      </div>
      <CardCosts direction={direction} bearer={bearer} />
      <TierRates />
      <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}
