/** The library: SKUs with their published terms; brands and items beside them. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBrands, listItems, listSkus, publishSku, publishSkus, retireBrand, retireBrands, retireItem, retireItems, retireSku, retireSkus, type Brand, type Item, type Sku } from '@api/benefits'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { BrandForm, ItemForm } from './CatalogueForms'
import { AddToBundle } from './AddToBundle'
import { BundleForm } from './BundleForm'
import { Bundles } from './Bundles'
import { kinds } from './KindFields'
import { SkuFace } from './PictureField'
import { SkuForm } from './SkuForm'

const tabs = ['skus', 'bundles', 'items', 'brands'] as const

export default function BenefitsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const { tab = 'skus' } = useSearch({ strict: false }) as { tab?: string }
  const [adding, setAdding] = useState(false)
  const close = () => setAdding(false)
  const shown = tabs.find((each) => each === tab) ?? 'skus'
  return (
    <>
      <PageHead
        title={t('menu.catalogue')}
        meta={<span>{t('benefit.hint')}</span>}
        actions={may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t(`benefit.add.${shown}`)}</Button>}
      />
      <div className="row" style={{ marginBottom: 12 }}>
        {tabs.map((key) => (
          <Button key={key} type={shown === key ? 'primary' : 'default'} ghost={shown === key} size="small" aria-pressed={shown === key} onClick={() => void navigate({ to: '.', search: { tab: key } as never, replace: true })}>{t(`benefit.tabs.${key}`)}</Button>
        ))}
      </div>
      {shown === 'skus' && <Skus key="skus" />}
      {shown === 'bundles' && <Bundles key="bundles" />}
      {shown === 'items' && <Items key="items" />}
      {shown === 'brands' && <Brands key="brands" />}
      {adding && shown === 'skus' && <SkuForm close={close} />}
      {adding && shown === 'bundles' && <BundleForm close={close} />}
      {adding && shown === 'items' && <ItemForm close={close} />}
      {adding && shown === 'brands' && <BrandForm close={close} />}
    </>
  )
}

/** One thing done to a row, its list refreshed, its refusal said. */
export function useRowAction(keys: string[]) {
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const { t } = useTranslation()
  const cache = useQueryClient()
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => void message.success(t('action.done')),
    onError: (error) => void message.error(say(problemOf(error))),
    onSettled: () => Promise.all(keys.map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  })
  const confirm = (title: string, content: string, work: () => Promise<unknown>) =>
    void modal.confirm({ title, content, icon: null, okText: t('action.confirm'), okButtonProps: { danger: true }, onOk: () => act.mutateAsync(work).catch(() => undefined) })
  return { act, confirm }
}

const withoutTab = (params: Record<string, string | undefined>) => ({ ...params, tab: undefined })

function Skus() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [editing, setEditing] = useState<Sku | null>(null)
  const [bundling, setBundling] = useState<string[] | null>(null)
  const { act, confirm } = useRowAction(['skus'])
  const terms = (sku: Sku) => sku.terms ?? sku.draft
  return (
    <>
      <DataList
        name="skus"
        operation="list_skus"
        label={t('menu.catalogue')}
        load={(params) => listSkus(withoutTab(params))}
        rowKey={(sku) => sku.id}
        searchHint={t('benefit.searchSku')}
        statuses={['draft', 'published', 'retired'].map((value) => ({ value, label: t(`status.sku.${value}`) }))}
        filters={(state) => (
          <Select aria-label={t('sku.kind')} placeholder={t('sku.kind')} allowClear style={{ minWidth: 120 }} value={state.params.kind} options={kinds.map((value) => ({ value, label: t(`sku.kinds.${value}`) }))} onChange={(kind?: string) => state.change({ kind })} />
        )}
        bulk={may('benefit.write') ? [
          { key: 'publish', label: t('sku.publish'), fits: (sku) => sku.can.includes('publish'), run: (rows) => publishSkus(rows.map((sku) => sku.id)) },
          { key: 'bundle', label: t('bundle.toBundle'), fits: (sku) => sku.status !== 'retired', run: (rows) => { setBundling(rows.map((sku) => sku.id)); return Promise.resolve([]) } },
          { key: 'retire', label: t('sku.retire'), danger: true, ask: t('sku.retireHint'), fits: (sku) => sku.can.includes('retire'), run: (rows) => retireSkus(rows.map((sku) => sku.id)) },
        ] : []}
        columns={[
          { key: 'name', title: t('sku.name'), field: 'terms|draft.name', render: (sku) => <span className="row"><SkuFace picture={terms(sku)?.picture_id} initial={say(sku.brand_name, sku.brand_name_en).slice(0, 1)} /><span><b>{say(terms(sku)?.name, terms(sku)?.name_en)}</b><small>{say(sku.brand_name, sku.brand_name_en)} · {say(sku.item_name, sku.item_name_en)}</small></span></span> },
          { key: 'code', title: t('sku.code'), field: 'code', render: (sku) => <span className="mono">{sku.code}</span> },
          { key: 'kind', title: t('sku.kind'), field: 'kind', words: 'sku.kinds', render: (sku) => t(`sku.kinds.${sku.kind}`) },
          { key: 'face', title: t('sku.faceYuan'), field: 'terms|draft.face_value_fen', format: 'yuan', number: true, render: (sku) => formatMoney(terms(sku)?.face_value_fen) },
          { key: 'cost', title: t('sku.costYuan'), field: 'terms|draft.cost_fen', format: 'yuan', number: true, render: (sku) => <b>{formatMoney(terms(sku)?.cost_fen)}</b> },
          { key: 'valid', title: t('sku.validity'), field: 'terms|draft.valid_days', render: (sku) => { const of = terms(sku); return of?.valid_days ? t('unit.dayCount', { count: of.valid_days }) : (of?.valid_until ?? '—') } },
          { key: 'tax', title: t('sku.tax'), field: 'terms|draft.tax_code', words: 'sku.taxes', render: (sku) => <span className="s12">{t(`sku.taxes.${terms(sku)?.tax_code ?? 'discount_coupon'}`)}</span> },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.sku', render: (sku) => <><StatusTag kind="sku" value={sku.status} />{sku.draft && sku.terms && <small>{t('sku.newDraft')}</small>}{sku.version > 0 && <small>v{sku.version}</small>}</> },
          {
            key: 'actions',
            title: '',
            render: (sku) => (
              <span className="row">
                {sku.can.includes('publish') && <Button size="small" type="primary" ghost loading={act.isPending} onClick={() => act.mutate(() => publishSku(sku.id))}>{t('sku.publish')}</Button>}
                {sku.can.includes('change') && <Button size="small" onClick={() => setEditing(sku)}>{t('action.edit')}</Button>}
                {sku.can.includes('retire') && <Button size="small" danger onClick={() => confirm(t('sku.retireTitle', { name: say(terms(sku)?.name, terms(sku)?.name_en) }), t('sku.retireHint'), () => retireSku(sku.id))}>{t('sku.retire')}</Button>}
              </span>
            ),
          },
        ]}
        empty={<Empty title={t('benefit.none')} actions={<ToBrands />}>{t('benefit.noneHint')}</Empty>}
      />
      {editing && <SkuForm sku={editing} close={() => setEditing(null)} />}
      {bundling && <AddToBundle skuIds={bundling} close={() => setBundling(null)} />}
    </>
  )
}

function Items() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [editing, setEditing] = useState<Item | null>(null)
  const { confirm } = useRowAction(['items'])
  return (
    <>
      <DataList
        name="items"
        operation="list_items"
        label={t('benefit.tabs.items')}
        load={(params) => listItems(withoutTab(params))}
        rowKey={(item) => item.id}
        searchHint={t('benefit.searchItem')}
        statuses={['active', 'retired'].map((value) => ({ value, label: t(`status.brand.${value}`) }))}
        bulk={may('benefit.write') ? [
          { key: 'retire', label: t('sku.retire'), danger: true, ask: t('benefit.retireHint'), fits: (item) => item.can.includes('retire'), run: (rows) => retireItems(rows.map((item) => item.id)) },
        ] : []}
        columns={[
          { key: 'name', title: t('benefit.item'), field: 'name', render: (item) => <><b>{say(item.name, item.name_en)}</b><small>{say(item.brand_name, item.brand_name_en)}</small></> },
          { key: 'code', title: t('sku.code'), field: 'code', render: (item) => <span className="mono">{item.code}</span> },
          { key: 'category', title: t('benefit.category'), field: 'category', words: 'benefit.categories', render: (item) => t(`benefit.categories.${item.category}`, { defaultValue: item.category }) },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.brand', render: (item) => <StatusTag kind="brand" value={item.status} /> },
          { key: 'actions', title: '', render: (item) => <RowButtons can={item.can} edit={() => setEditing(item)} retire={() => confirm(t('sku.retireTitle', { name: say(item.name, item.name_en) }), t('benefit.retireHint'), () => retireItem(item.id))} /> },
        ]}
        empty={<Empty title={t('benefit.noItems')} actions={<ToBrands />}>{t('benefit.noneHint')}</Empty>}
      />
      {editing && <ItemForm item={editing} close={() => setEditing(null)} />}
    </>
  )
}

function Brands() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [editing, setEditing] = useState<Brand | null>(null)
  const { confirm } = useRowAction(['brands'])
  return (
    <>
      <DataList
        name="brands"
        operation="list_brands"
        label={t('benefit.tabs.brands')}
        load={(params) => listBrands(withoutTab(params))}
        rowKey={(brand) => brand.id}
        searchHint={t('benefit.searchBrand')}
        statuses={['active', 'retired'].map((value) => ({ value, label: t(`status.brand.${value}`) }))}
        bulk={may('benefit.write') ? [
          { key: 'retire', label: t('sku.retire'), danger: true, ask: t('benefit.retireHint'), fits: (brand) => brand.can.includes('retire'), run: (rows) => retireBrands(rows.map((brand) => brand.id)) },
        ] : []}
        columns={[
          { key: 'name', title: t('benefit.brand'), field: 'name', render: (brand) => <span className="row"><span className="seal" aria-hidden>{say(brand.name, brand.name_en).slice(0, 1)}</span><b>{say(brand.name, brand.name_en)}</b></span> },
          { key: 'code', title: t('sku.code'), field: 'code', render: (brand) => <span className="mono">{brand.code}</span> },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.brand', render: (brand) => <StatusTag kind="brand" value={brand.status} /> },
          { key: 'actions', title: '', render: (brand) => <RowButtons can={brand.can} edit={() => setEditing(brand)} retire={() => confirm(t('sku.retireTitle', { name: say(brand.name, brand.name_en) }), t('benefit.retireHint'), () => retireBrand(brand.id))} /> },
        ]}
        empty={<Empty title={t('benefit.noBrands')}>{t('benefit.noneHint')}</Empty>}
      />
      {editing && <BrandForm brand={editing} close={() => setEditing(null)} />}
    </>
  )
}

/** Where a library begins. */
function ToBrands() {
  const { t } = useTranslation()
  return <Link to="/benefits" search={{ tab: 'brands' } as never}>{t('benefit.tabs.brands')} ›</Link>
}

export function RowButtons({ can, edit, retire }: { can: string[]; edit: () => void; retire: () => void }) {
  const { t } = useTranslation()
  return (
    <span className="row">
      {can.includes('change') && <Button size="small" onClick={edit}>{t('action.edit')}</Button>}
      {can.includes('retire') && <Button size="small" danger onClick={retire}>{t('sku.retire')}</Button>}
    </span>
  )
}
