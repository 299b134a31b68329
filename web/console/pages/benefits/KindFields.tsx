/** What each kind adds to the terms of a SKU. */
import { Checkbox, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Sku } from '@api/benefits'
import { useNeeded } from './CatalogueForms'
import { ReductionFields } from './ReductionFields'

export const kinds = ['voucher', 'topup', 'physical', 'points', 'financial'] as const
export type Kind = (typeof kinds)[number]
const products = ['loan', 'card', 'payment', 'account'] as const
type Details = NonNullable<NonNullable<Sku['terms']>['details']>

export interface KindValues {
  code_of?: 'own' | 'card_code' | 'service' | 'reduction'
  threshold_yuan?: number
  merchant_yuan?: number
  brand_yuan?: number
  brand_payer_id?: string
  in_mall?: boolean
  day_limit?: number
  person_day_limit?: number
  reduction_tier?: string
  tier_reason?: string
  move_until_hours?: number
  no_shows_max?: number
  /** A visit of a branch stays one, whatever else of it is edited. */
  visit?: boolean
  registered?: boolean
  tops?: 'phone' | 'coupon'
  stock_id?: string
  carriers?: string[]
  delivery?: 'post' | 'outlet'
  instrument?: 'fee_waiver' | 'rate_coupon' | 'instalment_coupon'
  carried?: boolean
  product_type?: (typeof products)[number]
  fee_code?: string
  rate_bp?: number
  cap_yuan?: number
}

const fenOf = (yuan?: number) => Math.round((yuan ?? 0) * 100)

/** The form's fields as the API takes them; points and the usual voucher add nothing. */
export function detailsOf(kind: Kind, values: KindValues): Details | null {
  switch (kind) {
    case 'voucher':
      if (values.code_of === 'service') return { type: 'service', move_until_hours: values.move_until_hours ?? 24, no_shows_max: values.no_shows_max ?? 1, visit: values.visit ?? false }
      if (values.code_of === 'reduction') {
        return {
          type: 'reduction', threshold_fen: fenOf(values.threshold_yuan), merchant_fen: fenOf(values.merchant_yuan), brand_fen: fenOf(values.brand_yuan), brand_payer_id: values.brand_payer_id ?? null,
          in_mall: values.in_mall ?? false, day_limit: values.day_limit ?? 0, person_day_limit: values.person_day_limit ?? 0, tier: values.reduction_tier ?? '', tier_reason: values.tier_reason ?? '',
        }
      }
      return { type: 'voucher', code: values.code_of ?? 'own', registered: values.code_of === 'card_code' && (values.registered ?? false) }
    case 'topup':
      if (values.tops === 'coupon') return { type: 'coupon', stock_id: values.stock_id ?? '' }
      return { type: 'topup', carriers: values.carriers ?? [] }
    case 'physical':
      return { type: 'physical', delivery: values.delivery ?? 'post' }
    case 'financial': {
      const waiver = (values.instrument ?? 'fee_waiver') === 'fee_waiver'
      return {
        type: 'financial',
        instrument: values.instrument ?? 'fee_waiver',
        product_type: values.product_type ?? 'card',
        fee_code: waiver ? (values.fee_code ?? '') : '',
        rate_bp: waiver ? 0 : (values.rate_bp ?? 0),
        cap_fen: Math.round((values.cap_yuan ?? 0) * 100),
        carried: values.carried ?? false,
      }
    }
    default:
      return null
  }
}

export function kindValues(details: Details | null | undefined): KindValues {
  switch (details?.type) {
    case 'voucher':
      return { code_of: details.code, registered: details.registered }
    case 'reduction':
      return {
        code_of: 'reduction', threshold_yuan: details.threshold_fen / 100, merchant_yuan: (details.merchant_fen ?? 0) / 100, brand_yuan: (details.brand_fen ?? 0) / 100, brand_payer_id: details.brand_payer_id ?? undefined,
        in_mall: details.in_mall, day_limit: details.day_limit || undefined, person_day_limit: details.person_day_limit || undefined, reduction_tier: details.tier || undefined, tier_reason: details.tier_reason || undefined,
      }
    case 'service':
      return { code_of: 'service', move_until_hours: details.move_until_hours, no_shows_max: details.no_shows_max, visit: details.visit }
    case 'topup':
      return { tops: 'phone', carriers: details.carriers }
    case 'coupon':
      return { tops: 'coupon', stock_id: details.stock_id }
    case 'physical':
      return { delivery: details.delivery }
    case 'financial':
      return { carried: details.carried, instrument: details.instrument, product_type: details.product_type as KindValues['product_type'], fee_code: details.fee_code, rate_bp: details.rate_bp || undefined, cap_yuan: details.cap_fen / 100 }
    default:
      return { code_of: 'own', delivery: 'post', instrument: 'fee_waiver', product_type: 'card' }
  }
}

export function KindFields({ kind }: { kind: Kind }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const instrument = Form.useWatch<string | undefined>('instrument') ?? 'fee_waiver'
  const code = Form.useWatch<string | undefined>('code_of')
  const cards = code === 'card_code'
  const tops = Form.useWatch<string | undefined>('tops')
  const choices = <V extends string>(values: readonly V[], words: string) => values.map((value) => ({ value, label: t(`${words}.${value}`) }))
  if (kind === 'voucher') {
    return (
      <>
        <Form.Item name="code_of" label={t('kind.code')} extra={t('kind.codeHint')} className="whole"><Segmented options={choices(['own', 'card_code', 'service', 'reduction'], 'kind.codes')} /></Form.Item>
        {cards && <Form.Item name="registered" valuePropName="checked" extra={t('kind.registeredHint')} className="whole"><Checkbox>{t('kind.registered')}</Checkbox></Form.Item>}
        {code === 'reduction' && <ReductionFields />}
        {code === 'service' && <Form.Item name="move_until_hours" label={t('kind.moveUntil')} extra={t('kind.moveUntilHint')} initialValue={24}><InputNumber style={{ width: '100%' }} min={0} max={720} precision={0} suffix={t('kind.hours')} /></Form.Item>}
        {code === 'service' && <Form.Item name="visit" hidden><Input /></Form.Item>}
        {code === 'service' && <Form.Item name="no_shows_max" label={t('kind.noShows')} extra={t('kind.noShowsHint')} initialValue={1}><InputNumber style={{ width: '100%' }} min={0} max={10} precision={0} /></Form.Item>}
      </>
    )
  }
  if (kind === 'topup') {
    return (
      <>
        <Form.Item name="tops" label={t('kind.tops')} initialValue="phone" className="whole"><Segmented options={choices(['phone', 'coupon'], 'kind.topsOf')} /></Form.Item>
        {tops === 'coupon' ? (
          <Form.Item name="stock_id" label={t('kind.stockId')} extra={t('kind.stockIdHint')} rules={needed(t('kind.stockId'))} className="whole"><Input maxLength={32} className="mono" /></Form.Item>
        ) : (
          <Form.Item name="carriers" label={t('kind.carriers')} extra={t('kind.carriersHint')} className="whole"><Select mode="tags" tokenSeparators={[',', ' ', '，']} open={false} suffixIcon={null} /></Form.Item>
        )}
      </>
    )
  }
  if (kind === 'physical') return <Form.Item name="delivery" label={t('kind.delivery')} className="whole"><Segmented options={choices(['post', 'outlet'], 'kind.deliveries')} /></Form.Item>
  if (kind === 'points') return <Form.Item name="points" label={t('sku.points')} rules={needed(t('sku.points'))} className="whole"><InputNumber style={{ width: '100%' }} min={1} precision={0} controls={false} /></Form.Item>
  return (
    <>
      <Form.Item name="instrument" label={t('kind.instrument')}><Segmented options={choices(['fee_waiver', 'rate_coupon', 'instalment_coupon'], 'kind.instruments')} /></Form.Item>
      <Form.Item name="product_type" label={t('kind.product')} extra={t('kind.productHint')}><Select options={choices(products, 'kind.products')} /></Form.Item>
      {instrument === 'fee_waiver' ? (
        <Form.Item name="fee_code" label={t('kind.fee')} rules={needed(t('kind.fee'))}><Input maxLength={32} /></Form.Item>
      ) : (
        <Form.Item name="rate_bp" label={t('kind.rate')} extra={t('kind.rateHint')} rules={needed(t('kind.rate'))}><InputNumber style={{ width: '100%' }} min={1} max={2400} precision={0} controls={false} suffix={t('kind.bp')} /></Form.Item>
      )}
      <Form.Item name="cap_yuan" label={t('kind.cap')} extra={t('kind.capHint')} rules={needed(t('kind.cap'))}><InputNumber style={{ width: '100%' }} min={0.01} precision={2} controls={false} suffix={t('unit.yuan')} /></Form.Item>
      <Form.Item name="carried" valuePropName="checked" extra={t('kind.carriedHint')} className="whole"><Checkbox>{t('kind.carried')}</Checkbox></Form.Item>
    </>
  )
}
