/** A benefit for the shelf: its price, stock, limit, who may order it and for how long; another person decides. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { DatePicker, Form, Input, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { listBudgets, listPools } from '@api/benefits'
import { proposeItem } from '@api/mall'
import { getSchemes } from '@api/tiers'
import { useSession } from '@console/app/session'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { useSkus } from '@console/pages/campaigns/BenefitSection'
import { Ask } from '@kit/ask'
import { formatCount, parseYuan } from '@kit/format'

interface Values {
  sku_id: string
  pool_id: string
  budget_id: string
  points: number
  cash?: string
  stock: number
  person_limit: number
  tier?: string
  window: [Dayjs, Dayjs]
}

export function ShelfForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const needed = useNeeded()
  const name = useSkuName()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const sku = Form.useWatch('sku_id', form)
  const skus = useSkus()
  const pools = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const schemes = useQuery({ queryKey: ['tier-scheme'], queryFn: getSchemes, enabled: may('tier.read') })
  const levels = schemes.data?.in_force?.tiers.slice(1) ?? []
  const isAmount = { validator: (_: unknown, text?: string) => (!text || (parseYuan(text) ?? 0) > 0 ? Promise.resolve() : Promise.reject(new Error(t('form.amount')))) }
  const submit = async ({ window, tier, cash, ...values }: Values) => {
    await proposeItem({ ...values, cash_fen: cash ? parseYuan(cash) ?? 0 : 0, tier: tier ?? '', currency: 'POINTS', opens_at: window[0].startOf('day').toISOString(), closes_at: window[1].endOf('day').toISOString() })
    await cache.invalidateQueries({ queryKey: ['mall-shelf'] })
  }
  return (
    <Ask<Values> form={form} title={t('mall.add')} width={560} initial={{ person_limit: 1, stock: 100, window: [dayjs(), dayjs().add(90, 'day')] }} submit={submit} close={close}>
      <p className="second s13">{t('mall.addHint')}</p>
      <Form.Item name="sku_id" label={t('mall.benefit')} rules={needed(t('mall.benefit'))}><Select showSearch optionFilterProp="label" options={skus.all.filter((one) => one.kind !== 'points').map((one) => ({ value: one.id, label: name(one) }))} onChange={() => form.setFieldValue('pool_id', undefined)} /></Form.Item>
      <Form.Item name="pool_id" label={t('mall.pool')} rules={needed(t('mall.pool'))}><Select notFoundContent={t('mall.noPool')} options={(pools.data?.items ?? []).filter((one) => one.sku_id === sku).map((one) => ({ value: one.id, label: `${one.name} · ${formatCount(one.available)}` }))} /></Form.Item>
      <Form.Item name="budget_id" label={t('mall.budget')} rules={needed(t('mall.budget'))}><Select showSearch optionFilterProp="label" options={(budgets.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))} /></Form.Item>
      <div className="mall-numbers">
        <Form.Item name="points" label={t('mall.points')} rules={needed(t('mall.points'))}><InputNumber min={0} precision={0} /></Form.Item>
        <Form.Item name="cash" label={t('mall.cash')} tooltip={t('mall.cashHint')} rules={[isAmount]}><Input prefix="¥" inputMode="decimal" autoComplete="off" /></Form.Item>
        <Form.Item name="stock" label={t('mall.stock')} rules={needed(t('mall.stock'))}><InputNumber min={1} precision={0} /></Form.Item>
        <Form.Item name="person_limit" label={t('mall.limit')} rules={needed(t('mall.limit'))}><InputNumber min={1} max={100} precision={0} /></Form.Item>
      </div>
      {levels.length > 0 && <Form.Item name="tier" label={t('mall.tier')}><Select allowClear placeholder={t('mall.everybody')} options={levels.map((one) => ({ value: one.key, label: t('mall.fromLevel', { level: say(one.name, one.name_en) }) }))} /></Form.Item>}
      <Form.Item name="window" label={t('mall.window')} rules={needed(t('mall.window'))}><DatePicker.RangePicker className="mall-window" allowClear={false} disabledDate={(day) => day.isBefore(dayjs(), 'day')} /></Form.Item>
    </Ask>
  )
}
