/** Forms of merchants, stores and rules of acceptance. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Checkbox, Form, Input, InputNumber, Segmented, Select, Switch, TimePicker } from 'antd'
import type { Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { listBrands, listSkus } from '@api/benefits'
import { every } from '@api/every'
import { addMerchant, addRule, addStore, changeMerchant, changeStore, importStores, listMerchants, listStores, type Merchant, type Store } from '@api/places'
import { UnitSelect } from '@console/app/units'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { categories, useNeeded } from './CatalogueForms'
import { FileField } from './FileField'

interface MerchantValues {
  code: string
  name: string
  name_en?: string
  category: string
  unit_id: number
}

export function MerchantForm({ merchant, close }: { merchant?: Merchant; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ code, name_en = '', ...rest }: MerchantValues) => {
    await (merchant ? changeMerchant({ id: merchant.id, name_en, ...rest }) : addMerchant({ code, name_en, ...rest }))
    await cache.invalidateQueries({ queryKey: ['merchants'] })
  }
  return (
    <Ask<MerchantValues> title={t(merchant ? 'merchant.edit' : 'merchant.add')} submit={submit} close={close} initial={merchant ?? { category: 'dining' }} action={t('action.save')}>
      {!merchant && <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>}
      <Form.Item name="name" label={t('merchant.name')} rules={needed(t('merchant.name'))}><Input maxLength={60} /></Form.Item>
      <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
      <Form.Item name="category" label={t('merchant.category')}><Select options={categories.map((value) => ({ value, label: t(`benefit.categories.${value}`) }))} /></Form.Item>
      <Form.Item name="unit_id" label={t('merchant.unit')} rules={needed(t('merchant.unit'))}><UnitSelect /></Form.Item>
    </Ask>
  )
}

interface StoreValues {
  merchant_id: string
  code: string
  name: string
  name_en?: string
  region: string
  street: string
  hours?: string
  latitude?: number | null
  longitude?: number | null
}

export function StoreForm({ store, close }: { store?: Store; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const merchants = useQuery({ queryKey: ['merchants', 'every'], queryFn: () => every(listMerchants) })
  const submit = async ({ merchant_id, code, name_en = '', hours = '', latitude = null, longitude = null, ...rest }: StoreValues) => {
    const told = { ...rest, name_en, hours, latitude, longitude }
    await (store ? changeStore({ id: store.id, ...told }) : addStore({ merchant_id, code, ...told }))
    await cache.invalidateQueries({ queryKey: ['stores'] })
  }
  return (
    <Ask<StoreValues> title={t(store ? 'merchant.editStore' : 'merchant.addStore')} submit={submit} close={close} initial={store} action={t('action.save')} width={560}>
      <div className="pair">
        {!store && (
          <>
            <Form.Item name="merchant_id" label={t('merchant.name')} rules={needed(t('merchant.name'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(merchants.data?.items ?? []).filter((each) => each.status === 'active').map((each) => ({ value: each.id, label: say(each.name, each.name_en) }))} /></Form.Item>
            <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>
          </>
        )}
        <Form.Item name="name" label={t('merchant.store')} rules={needed(t('merchant.store'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
        <Form.Item name="region" label={t('merchant.region')} rules={needed(t('merchant.region'))}><Input maxLength={6} placeholder="330203" /></Form.Item>
        <Form.Item name="street" label={t('merchant.street')} rules={needed(t('merchant.street'))} className="whole"><Input maxLength={200} /></Form.Item>
        <Form.Item name="hours" label={t('merchant.hours')} className="whole"><Input maxLength={100} placeholder="10:00 – 22:00" /></Form.Item>
        <Form.Item name="latitude" label={t('merchant.latitude')}><InputNumber style={{ width: '100%' }} min={-90} max={90} controls={false} /></Form.Item>
        <Form.Item name="longitude" label={t('merchant.longitude')}><InputNumber style={{ width: '100%' }} min={-180} max={180} controls={false} /></Form.Item>
      </div>
    </Ask>
  )
}

export function ImportForm({ merchant, close }: { merchant: Merchant; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message, modal } = App.useApp()
  const submit = async ({ file }: { file: File }) => {
    const told = await importStores(merchant.id, file)
    await Promise.all(['stores', 'merchants'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
    const done = t('merchant.imported', { added: told.added, changed: told.changed })
    if (told.problems.length === 0) void message.success(done)
    else modal.warning({ title: done, content: <><p>{t('merchant.problems', { count: told.problems.length })}</p><ul>{told.problems.slice(0, 20).map(([number, cause]) => <li key={String(number)}>{t('merchant.line', { number })} · {cause}</li>)}</ul></> })
  }
  return (
    <Ask<{ file: File }> title={`${t('merchant.import')} · ${merchant.name}`} submit={submit} close={close} action={t('merchant.import')}>
      <Form.Item name="file" label={t('codes.file')} extra={t('merchant.importHint')} rules={needed(t('codes.file'))}><FileField accept=".csv,.txt" /></Form.Item>
    </Ask>
  )
}

interface RuleValues {
  scope: 'sku' | 'brand' | 'category'
  scope_key: string
  merchant_ids?: string[]
  store_ids?: string[]
  excluded_store_ids?: string[]
  counters?: boolean
  weekdays?: number[]
  hours?: [Dayjs, Dayjs] | null
}

const minute = (at: Dayjs) => at.hour() * 60 + at.minute()

export function RuleForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<RuleValues>()
  const scope = Form.useWatch('scope', form) ?? 'sku'
  const skus = useQuery({ queryKey: ['skus', 'every'], queryFn: () => every(listSkus) })
  const brands = useQuery({ queryKey: ['brands', 'every'], queryFn: () => every(listBrands) })
  const merchants = useQuery({ queryKey: ['merchants', 'every'], queryFn: () => every(listMerchants) })
  const stores = useQuery({ queryKey: ['stores', 'every'], queryFn: () => every(listStores) })
  const subjects = {
    sku: (skus.data?.items ?? []).map((sku) => ({ value: sku.id, label: skuLabel(sku) })),
    brand: (brands.data?.items ?? []).map((brand) => ({ value: brand.id, label: say(brand.name, brand.name_en) })),
    category: categories.map((value) => ({ value: value as string, label: t(`benefit.categories.${value}`) })),
  }[scope]
  const storeChoices = (stores.data?.items ?? []).filter((store) => store.status === 'active').map((store) => ({ value: store.id, label: store.name }))
  const submit = async ({ hours, ...values }: RuleValues) => {
    const until = hours ? minute(hours[1]) : 1440
    await addRule({ merchant_ids: [], store_ids: [], excluded_store_ids: [], counters: false, weekdays: [], ...values, from_minute: hours ? minute(hours[0]) : 0, until_minute: until === 0 ? 1440 : until })
    await cache.invalidateQueries({ queryKey: ['acceptances'] })
  }
  return (
    <Ask<RuleValues> form={form} title={t('merchant.addRule')} submit={submit} close={close} initial={{ scope: 'sku' }} action={t('action.save')} width={560}>
      <Form.Item name="scope" label={t('merchant.scope')} extra={t('merchant.scopeHint')}><Segmented options={(['sku', 'brand', 'category'] as const).map((value) => ({ value, label: t(`merchant.scopes.${value}`) }))} onChange={() => form.setFieldValue('scope_key', undefined)} /></Form.Item>
      <Form.Item name="scope_key" label={t(`merchant.scopes.${scope}`)} rules={needed(t(`merchant.scopes.${scope}`))}><Select showSearch={{ optionFilterProp: 'label' }} options={subjects} /></Form.Item>
      <Form.Item name="merchant_ids" label={t('merchant.merchants')}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={(merchants.data?.items ?? []).filter((each) => each.status === 'active').map((each) => ({ value: each.id, label: each.name }))} /></Form.Item>
      <div className="pair">
        <Form.Item name="store_ids" label={t('merchant.someStores')}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={storeChoices} /></Form.Item>
        <Form.Item name="excluded_store_ids" label={t('merchant.excluded')}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={storeChoices} /></Form.Item>
      </div>
      <Form.Item name="counters" label={t('merchant.counters')} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="weekdays" label={t('merchant.weekdays')}><Checkbox.Group options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`merchant.days.${value}`) }))} /></Form.Item>
      <Form.Item name="hours" label={t('merchant.hoursOfDay')}><TimePicker.RangePicker format="HH:mm" minuteStep={15} order={false} style={{ width: '100%' }} placeholder={[t('merchant.allDay'), t('merchant.allDay')]} /></Form.Item>
    </Ask>
  )
}
