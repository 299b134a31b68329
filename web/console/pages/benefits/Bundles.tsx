/** Bundles: choose N of M, in drafts and published versions. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { addBundle, changeBundle, listBundles, publishBundle, retireBundle, type Bundle } from '@api/places'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useRowAction } from './BenefitsPage'
import { useNeeded } from './CatalogueForms'

const everySku = { queryKey: ['skus', 'every'], queryFn: () => every(listSkus) } as const

export function Bundles() {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const say = useBilingual()
  const skus = useQuery(everySku)
  const [editing, setEditing] = useState<Bundle | null>(null)
  const { act, confirm } = useRowAction(['bundles'])
  const terms = (bundle: Bundle) => bundle.terms ?? bundle.draft
  const skuName = (id: string) => { const sku = skus.data?.items.find((each) => each.id === id); return sku ? skuLabel(sku) : '…' }
  return (
    <>
      <DataList
        name="bundles"
        operation="list_bundles"
        label={t('bundle.tab')}
        load={(params) => listBundles({ ...params, tab: undefined })}
        rowKey={(bundle) => bundle.id}
        searchHint={t('bundle.search')}
        statuses={['draft', 'published', 'retired'].map((value) => ({ value, label: t(`status.bundle.${value}`) }))}
        columns={[
          { key: 'name', title: t('bundle.name'), field: 'terms|draft.name', render: (bundle) => <><b>{say(terms(bundle)?.name, terms(bundle)?.name_en)}</b><small className="mono">{bundle.code}</small></> },
          { key: 'choose', title: t('bundle.choose'), field: 'terms|draft.choose', render: (bundle) => <span className="tag gold">{t('bundle.chooseOf', { choose: terms(bundle)?.choose ?? 0, of: terms(bundle)?.sku_ids.length ?? 0 })}</span> },
          { key: 'skus', title: t('bundle.skus'), render: (bundle) => <span className="s12">{(terms(bundle)?.sku_ids ?? []).map(skuName).join(t('list.comma'))}</span> },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.bundle', render: (bundle) => <><StatusTag kind="bundle" value={bundle.status} />{bundle.draft && bundle.terms && <small>{t('sku.newDraft')}</small>}{bundle.version > 0 && <small>v{bundle.version}</small>}</> },
          {
            key: 'actions',
            title: '',
            render: (bundle) => (
              <span className="row">
                {bundle.can.includes('publish') && <Button size="small" type="primary" ghost loading={act.isPending} onClick={() => act.mutate(() => publishBundle(bundle.id))}>{t('sku.publish')}</Button>}
                {bundle.can.includes('change') && <Button size="small" onClick={() => setEditing(bundle)}>{t('action.edit')}</Button>}
                {bundle.can.includes('retire') && <Button size="small" danger onClick={() => confirm(t('sku.retireTitle', { name: say(terms(bundle)?.name, terms(bundle)?.name_en) }), t('bundle.retireHint'), () => retireBundle(bundle.id))}>{t('sku.retire')}</Button>}
              </span>
            ),
          },
        ]}
        empty={<Empty title={t('bundle.none')}>{t('bundle.noneHint')}</Empty>}
      />
      {editing && <BundleForm bundle={editing} close={() => setEditing(null)} />}
    </>
  )
}

interface Values {
  code: string
  name: string
  name_en?: string
  choose: number
  sku_ids: string[]
}

export function BundleForm({ bundle, close }: { bundle?: Bundle; close: () => void }) {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const cache = useQueryClient()
  const skus = useQuery(everySku)
  const usable = (skus.data?.items ?? []).filter((sku) => sku.status !== 'retired')
  const submit = async ({ code, name, name_en = '', choose, sku_ids }: Values) => {
    const terms = { name, name_en, choose, sku_ids }
    await (bundle ? changeBundle({ id: bundle.id, terms }) : addBundle({ code, terms }))
    await cache.invalidateQueries({ queryKey: ['bundles'] })
  }
  return (
    <Ask<Values> title={t(bundle ? 'bundle.edit' : 'bundle.add')} submit={submit} close={close} initial={bundle?.draft ?? bundle?.terms ?? { choose: 1 }} action={t('sku.saveDraft')} width={560}>
      {!bundle && <Form.Item name="code" label={t('bundle.code')} rules={needed(t('bundle.code'))}><Input maxLength={32} /></Form.Item>}
      <div className="pair">
        <Form.Item name="name" label={t('bundle.name')} rules={needed(t('bundle.name'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
      </div>
      <Form.Item name="sku_ids" label={t('bundle.skus')} extra={t('bundle.skusHint')} rules={needed(t('bundle.skus'))}><Select mode="multiple" maxCount={12} showSearch={{ optionFilterProp: 'label' }} options={usable.map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} /></Form.Item>
      <Form.Item name="choose" label={t('bundle.choose')} rules={needed(t('bundle.choose'))}><InputNumber min={1} max={12} precision={0} style={{ width: '100%' }} /></Form.Item>
    </Ask>
  )
}
