/** What comes off a payment: from which amount on, who bears it, where it counts and how often. */
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { getSchemes } from '@api/tiers'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from './CatalogueForms'

export function ReductionFields() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const needed = useNeeded()
  const brand = Form.useWatch<number | undefined>('brand_yuan') ?? 0
  const tier = Form.useWatch<string | undefined>('reduction_tier')
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers) })
  const schemes = useQuery({ queryKey: ['tier-scheme'], queryFn: getSchemes, enabled: may('tier.read') })
  const money = <InputNumber style={{ width: '100%' }} min={0} precision={2} controls={false} suffix={t('unit.yuan')} />
  const times = <InputNumber style={{ width: '100%' }} min={1} precision={0} controls={false} placeholder={t('reduction.noLimit')} />
  return (
    <>
      <Form.Item name="threshold_yuan" label={t('reduction.threshold')} extra={t('reduction.thresholdHint')} rules={needed(t('reduction.threshold'))}>{money}</Form.Item>
      <Form.Item name="merchant_yuan" label={t('reduction.merchant')} extra={t('reduction.shareHint')}>{money}</Form.Item>
      <Form.Item name="brand_yuan" label={t('reduction.brand')}>{money}</Form.Item>
      {brand > 0 && <Form.Item name="brand_payer_id" label={t('reduction.payer')} rules={needed(t('reduction.payer'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(suppliers.data?.items ?? []).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))} /></Form.Item>}
      <Form.Item name="in_mall" valuePropName="checked" extra={t('reduction.storesHint')} className="whole"><Checkbox>{t('reduction.inMall')}</Checkbox></Form.Item>
      <Form.Item name="day_limit" label={t('reduction.dayLimit')}>{times}</Form.Item>
      <Form.Item name="person_day_limit" label={t('reduction.personDayLimit')}>{times}</Form.Item>
      <Form.Item name="reduction_tier" label={t('mall.tier')}><Select allowClear placeholder={t('mall.everybody')} options={(schemes.data?.in_force?.tiers.slice(1) ?? []).map((one) => ({ value: one.key, label: t('mall.fromLevel', { level: say(one.name, one.name_en) }) }))} /></Form.Item>
      {tier && <Form.Item name="tier_reason" label={t('reduction.tierReason')} extra={t('reduction.tierReasonHint')} rules={needed(t('reduction.tierReason'))}><Input maxLength={200} /></Form.Item>}
    </>
  )
}
