/** Small forms of the library: a brand, an item. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addBrand, addItem, changeBrand, changeItem, listBrands, type Brand, type Item } from '@api/benefits'
import { every } from '@api/every'
import { requestNo } from '@api/request'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'

export function useNeeded() {
  const { t } = useTranslation()
  return (name: string) => [{ required: true, message: t('form.needed', { name }) }]
}

interface BrandValues {
  code: string
  name: string
  name_en?: string
}

export function BrandForm({ brand, close }: { brand?: Brand; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [no] = useState(requestNo)
  const submit = async ({ code, name, name_en = '' }: BrandValues) => {
    await (brand ? changeBrand({ id: brand.id, name, name_en }) : addBrand({ code, name, name_en, request_no: no }))
    await cache.invalidateQueries({ queryKey: ['brands'] })
  }
  return (
    <Ask<BrandValues> title={t(brand ? 'benefit.editBrand' : 'benefit.add.brands')} submit={submit} close={close} initial={brand} action={t('action.save')}>
      {!brand && <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>}
      <Form.Item name="name" label={t('benefit.name')} rules={needed(t('benefit.name'))}><Input maxLength={60} /></Form.Item>
      <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
    </Ask>
  )
}

export const categories = ['dining', 'travel', 'topup', 'retail', 'entertainment', 'finance', 'education', 'health', 'other'] as const

interface ItemValues extends BrandValues {
  brand_id: string
  category: string
}

export function ItemForm({ item, close }: { item?: Item; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [no] = useState(requestNo)
  const brands = useQuery({ queryKey: ['brands', 'choices'], queryFn: () => every(listBrands, { status: 'active' }) })
  const submit = async ({ brand_id, code, name, name_en = '', category }: ItemValues) => {
    await (item ? changeItem({ id: item.id, name, name_en, category }) : addItem({ brand_id, code, name, name_en, category, request_no: no }))
    await cache.invalidateQueries({ queryKey: ['items'] })
  }
  return (
    <Ask<ItemValues> title={t(item ? 'benefit.editItem' : 'benefit.add.items')} submit={submit} close={close} initial={item ?? { category: 'dining' }} action={t('action.save')}>
      {!item && (
        <>
          <Form.Item name="brand_id" label={t('benefit.brand')} rules={needed(t('benefit.brand'))}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={(brands.data?.items ?? []).map((brand) => ({ value: brand.id, label: say(brand.name, brand.name_en) }))} />
          </Form.Item>
          <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>
        </>
      )}
      <Form.Item name="name" label={t('benefit.name')} rules={needed(t('benefit.name'))}><Input maxLength={60} /></Form.Item>
      <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
      <Form.Item name="category" label={t('benefit.category')}><Select options={categories.map((value) => ({ value, label: t(`benefit.categories.${value}`) }))} /></Form.Item>
    </Ask>
  )
}
