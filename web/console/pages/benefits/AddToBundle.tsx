/** SKUs picked in any list, put into a new bundle or the draft of one there is. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { every } from '@api/every'
import { changeBundle, listBundles, type BundleTerms } from '@api/places'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { BundleForm } from './BundleForm'
import { useNeeded } from './CatalogueForms'

interface Values {
  bundle_id: string
  place?: number
}

export function AddToBundle({ skuIds, close }: { skuIds: string[]; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [into, setInto] = useState<'old' | 'new'>('old')
  const bundles = useQuery({ queryKey: ['bundles', 'every'], queryFn: () => every(listBundles, {}) })
  const open = (bundles.data?.items ?? []).filter((one) => one.can.includes('change'))
  const chosen = Form.useWatch('bundle_id', form)
  const bundle = open.find((one) => one.id === chosen)
  const terms = bundle?.draft ?? bundle?.terms
  if (into === 'new') return <BundleForm begin={skuIds} close={close} />
  const submit = async ({ place = -1 }: Values) => {
    if (!bundle || !terms) return
    await changeBundle({ id: bundle.id, terms: withSkus(terms, place, skuIds) })
    await cache.invalidateQueries({ queryKey: ['bundles'] })
  }
  const places = terms?.split ? [...(terms.sku_ids.length ? [{ value: -1, label: t('bundle.rest') }] : []), ...terms.split.variants.map((one, value) => ({ value, label: say(one.name, one.name_en) }))] : []
  return (
    <Ask<Values> form={form} title={t('bundle.addChosen', { count: skuIds.length })} submit={submit} close={close} action={t('sku.saveDraft')}>
      <Form.Item label={t('bundle.into')}><Segmented block value={into} onChange={setInto} options={[{ value: 'old' as const, label: t('bundle.intoOld') }, { value: 'new' as const, label: t('bundle.add') }]} /></Form.Item>
      <Form.Item name="bundle_id" label={t('bundle.name')} extra={t('bundle.intoHint')} rules={needed(t('bundle.name'))}>
        <Select loading={bundles.isPending} notFoundContent={t('bundle.none')} showSearch={{ optionFilterProp: 'label' }} options={open.map((one) => { const of = one.draft ?? one.terms; return { value: one.id, label: `${say(of?.name, of?.name_en)} · ${one.code}` } })} />
      </Form.Item>
      {places.length > 0 && <Form.Item name="place" label={t('bundle.variantName')} rules={needed(t('bundle.variantName'))}><Select options={places} /></Form.Item>}
    </Ask>
  )
}

/** Terms with more SKUs in one of their choices, -1 for the bundle's own. */
function withSkus({ name, name_en = '', choose, sku_ids, split }: BundleTerms, place: number, more: string[]): BundleTerms {
  const grown = (ids: string[]) => [...new Set([...ids, ...more])]
  if (!split || place < 0) return { name, name_en, choose, sku_ids: grown(sku_ids), split: split ?? null }
  return { name, name_en, choose, sku_ids, split: { ...split, variants: split.variants.map((one, at) => (at === place ? { ...one, sku_ids: grown(one.sku_ids) } : one)) } }
}
