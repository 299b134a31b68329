/** Bundles: choose N of M, the same for all or by variants; in drafts and published versions. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { everySkuOf, listBundles, publishBundle, retireBundle, type Bundle } from '@api/places'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useRowAction } from './BenefitsPage'
import { BundleForm } from './BundleForm'

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
          { key: 'choose', title: t('bundle.choose'), field: 'terms|draft.choose', render: (bundle) => {
            const { split, choose = 0, sku_ids = [] } = terms(bundle) ?? {}
            return <>{split ? <span className="tag">{t(`bundle.bys.${split.by}`)}</span> : <span className="tag gold">{t('bundle.chooseOf', { choose, of: sku_ids.length })}</span>}{split && <small>{t('bundle.variantCount', { count: split.variants.length })}</small>}</>
          } },
          { key: 'skus', title: t('bundle.skus'), render: (bundle) => <span className="s12">{everySkuOf(terms(bundle)).map(skuName).join(t('list.comma'))}</span> },
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
