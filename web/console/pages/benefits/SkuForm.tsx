/** The terms of a SKU: they become a draft, and a version of their own once published. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { DatePicker, Form, Input, InputNumber, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addSku, changeSku, listItems, listSuppliers, type Sku } from '@api/benefits'
import { every } from '@api/every'
import { requestNo } from '@api/request'
import { benefitName, useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { useNeeded } from './CatalogueForms'
import { detailsOf, KindFields, kinds, kindValues, type Kind, type KindValues } from './KindFields'
import { PictureField } from './PictureField'

const taxes = ['discount_coupon', 'purchase_gift', 'spending_points', 'occasional_income'] as const

interface Values extends KindValues {
  item_id: string
  code: string
  kind: Kind
  name: string
  name_en?: string
  face_yuan?: number
  cost_yuan?: number
  points?: number
  supplier_id?: string
  validity: 'days' | 'until'
  valid_days?: number
  valid_until?: dayjs.Dayjs
  tax_code: (typeof taxes)[number]
  regions?: string[]
  acceptance?: string
  acceptance_en?: string
  picture_id?: string | null
}

/** Kinds somebody outside of the bank is paid for. */
const paid = new Set<Kind>(['voucher', 'topup', 'physical'])

const fen = (yuan: number | undefined) => Math.round((yuan ?? 0) * 100)

const termsOf = (values: Values) => ({
  name: values.name,
  name_en: values.name_en ?? '',
  face_value_fen: fen(values.face_yuan),
  cost_fen: fen(values.cost_yuan),
  points: values.kind === 'points' ? (values.points ?? 0) : 0,
  details: detailsOf(values.kind, values),
  supplier_id: values.supplier_id ?? null,
  valid_days: values.validity === 'days' ? (values.valid_days ?? null) : null,
  valid_until: values.validity === 'until' ? (values.valid_until?.format('YYYY-MM-DD') ?? null) : null,
  tax_code: values.tax_code,
  regions: values.regions ?? [],
  acceptance: values.acceptance ?? '',
  acceptance_en: values.acceptance_en ?? '',
  picture_id: values.picture_id ?? null,
})

function initialOf(sku: Sku | undefined): Partial<Values> {
  const terms = sku?.draft ?? sku?.terms
  if (!sku || !terms) return { ...kindValues(null), kind: 'voucher', validity: 'days', valid_days: 14, tax_code: 'discount_coupon' }
  return {
    ...kindValues(terms.details),
    kind: sku.kind,
    name: terms.name,
    name_en: terms.name_en,
    face_yuan: terms.face_value_fen / 100,
    cost_yuan: terms.cost_fen / 100,
    points: terms.points,
    supplier_id: terms.supplier_id ?? undefined,
    validity: terms.valid_until ? 'until' : 'days',
    valid_days: terms.valid_days ?? undefined,
    valid_until: terms.valid_until ? dayjs(terms.valid_until) : undefined,
    tax_code: terms.tax_code,
    regions: terms.regions,
    acceptance: terms.acceptance,
    acceptance_en: terms.acceptance_en,
    picture_id: terms.picture_id,
  }
}

export function SkuForm({ sku, close }: { sku?: Sku; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? sku?.kind ?? 'voucher'
  const validity = Form.useWatch('validity', form) ?? initialOf(sku).validity
  const [no] = useState(requestNo)
  const items = useQuery({ queryKey: ['items', 'choices'], queryFn: () => every(listItems, { status: 'active' }), enabled: !sku })
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers, { status: 'active' }) })
  const submit = async (values: Values) => {
    const terms = termsOf({ ...values, kind })
    await (sku ? changeSku({ id: sku.id, terms }) : addSku({ item_id: values.item_id, code: values.code, kind, terms, request_no: no }))
    await cache.invalidateQueries({ queryKey: ['skus'] })
  }
  const money = <InputNumber style={{ width: '100%' }} min={0} precision={2} controls={false} suffix={t('unit.yuan')} />
  return (
    <Ask<Values> form={form} title={t(sku ? 'sku.edit' : 'benefit.add.skus')} submit={submit} close={close} initial={initialOf(sku)} action={t('sku.saveDraft')} width={640}>
      {!sku && (
        <div className="pair">
          <Form.Item name="item_id" label={t('benefit.item')} rules={needed(t('benefit.item'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(items.data?.items ?? []).map((item) => ({ value: item.id, label: benefitName(say(item.brand_name, item.brand_name_en), say(item.name, item.name_en)) }))} /></Form.Item>
          <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>
          <Form.Item name="kind" label={t('sku.kind')} extra={t(`kind.hints.${kind}`)} className="whole"><Segmented block options={kinds.map((value) => ({ value, label: t(`sku.kinds.${value}`) }))} /></Form.Item>
        </div>
      )}
      <div className="pair">
        <Form.Item name="name" label={t('sku.name')} rules={needed(t('sku.name'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
        <KindFields kind={kind} />
        <Form.Item name="face_yuan" label={t('sku.face')}>{money}</Form.Item>
        <Form.Item name="cost_yuan" label={t('sku.cost')} rules={needed(t('sku.cost'))}>{money}</Form.Item>
        <Form.Item name="supplier_id" label={t('sku.supplier')} rules={paid.has(kind) ? needed(t('sku.supplier')) : undefined}><Select allowClear showSearch={{ optionFilterProp: 'label' }} options={(suppliers.data?.items ?? []).map((supplier) => ({ value: supplier.id, label: say(supplier.name, supplier.name_en) }))} /></Form.Item>
        <Form.Item name="tax_code" label={t('sku.tax')}><Select options={taxes.filter((value) => value !== 'spending_points' || kind === 'points').map((value) => ({ value, label: t(`sku.taxes.${value}`) }))} /></Form.Item>
        <Form.Item name="validity" label={t('sku.validity')}><Segmented options={['days', 'until'].map((value) => ({ value, label: t(`sku.validities.${value}`) }))} /></Form.Item>
        {validity === 'until' ? (
          <Form.Item name="valid_until" label={t('sku.until')} rules={needed(t('sku.until'))}><DatePicker style={{ width: '100%' }} /></Form.Item>
        ) : (
          <Form.Item name="valid_days" label={t('campaign.validDays')} rules={needed(t('campaign.validDays'))}><InputNumber style={{ width: '100%' }} min={1} max={3660} precision={0} controls={false} suffix={t('unit.days')} /></Form.Item>
        )}
      </div>
      <Form.Item name="picture_id" label={t('picture.label')}><PictureField /></Form.Item>
      <Form.Item name="regions" label={t('sku.regions')} extra={t('sku.regionsHint')}><Select mode="tags" tokenSeparators={[',', ' ', '，']} open={false} suffixIcon={null} /></Form.Item>
      <div className="pair">
        <Form.Item name="acceptance" label={t('sku.acceptance')} extra={t('sku.acceptanceHint')}><Input.TextArea rows={2} maxLength={2000} /></Form.Item>
        <Form.Item name="acceptance_en" label={t('sku.acceptanceEn')}><Input.TextArea rows={2} maxLength={2000} /></Form.Item>
      </div>
    </Ask>
  )
}
