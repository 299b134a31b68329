/** Merchants, their stores, and the rules that say which benefits are used where and when. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBrands, listSkus } from '@api/benefits'
import { every } from '@api/every'
import { listMerchants, listRules, listStores, removeRule, retireMerchant, retireStore, type Merchant, type Rule, type Store } from '@api/places'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatMinute } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { RowButtons, useRowAction } from './BenefitsPage'
import { ClerksDialog } from './ClerksDialog'
import { ImportForm, MerchantForm, RuleForm, StoreForm } from './MerchantForms'
import { StoreCode } from './StoreCode'

const tabs = ['merchants', 'stores', 'rules'] as const
const adds = { merchants: 'merchant.add', stores: 'merchant.addStore', rules: 'merchant.addRule' } as const

export default function MerchantsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const { tab = 'merchants' } = useSearch({ strict: false }) as { tab?: string }
  const [adding, setAdding] = useState(false)
  const close = () => setAdding(false)
  const shown = tabs.find((each) => each === tab) ?? 'merchants'
  return (
    <>
      <PageHead title={t('merchant.title')} meta={<span>{t('merchant.hint')}</span>} actions={may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t(adds[shown])}</Button>} />
      <div className="row" style={{ marginBottom: 12 }}>
        {tabs.map((key) => (
          <Button key={key} type={shown === key ? 'primary' : 'default'} ghost={shown === key} size="small" aria-pressed={shown === key} onClick={() => void navigate({ to: '.', search: { tab: key } as never, replace: true })}>{t(`merchant.tabs.${key}`)}</Button>
        ))}
      </div>
      {shown === 'merchants' && <Merchants key="merchants" />}
      {shown === 'stores' && <Stores key="stores" />}
      {shown === 'rules' && <Rules key="rules" />}
      {adding && shown === 'merchants' && <MerchantForm close={close} />}
      {adding && shown === 'stores' && <StoreForm close={close} />}
      {adding && shown === 'rules' && <RuleForm close={close} />}
    </>
  )
}

function Merchants() {
  const { t } = useTranslation()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  const [editing, setEditing] = useState<Merchant | null>(null)
  const [importing, setImporting] = useState<Merchant | null>(null)
  const { confirm } = useRowAction(['merchants', 'stores'])
  return (
    <>
      <DataList
        name="merchants"
        operation="list_merchants"
        label={t('merchant.tabs.merchants')}
        load={(params) => listMerchants({ ...params, tab: undefined })}
        rowKey={(merchant) => merchant.id}
        searchHint={t('merchant.search')}
        columns={[
          { key: 'name', title: t('merchant.name'), field: 'name', render: (merchant) => <span className="row"><span className="seal" aria-hidden>{say(merchant.name, merchant.name_en).slice(0, 1)}</span><span><b>{say(merchant.name, merchant.name_en)}</b><small className="mono">{merchant.code}</small></span></span> },
          { key: 'category', title: t('merchant.category'), field: 'category', words: 'benefit.categories', render: (merchant) => t(`benefit.categories.${merchant.category}`, { defaultValue: merchant.category }) },
          { key: 'unit', title: t('merchant.unit'), field: 'unit_id', render: (merchant) => unitLabel(merchant.unit_id, String(merchant.unit_id)) },
          { key: 'stores', title: t('merchant.stores'), field: 'stores', number: true, render: (merchant) => formatCount(merchant.stores) },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.merchant', render: (merchant) => <StatusTag kind="merchant" value={merchant.status} /> },
          {
            key: 'actions',
            title: '',
            render: (merchant) => (
              <span className="row">
                {merchant.can.includes('change') && <Button size="small" onClick={() => setImporting(merchant)}>{t('merchant.import')}</Button>}
                <RowButtons can={merchant.can} edit={() => setEditing(merchant)} retire={() => confirm(t('sku.retireTitle', { name: merchant.name }), t('merchant.retireHint'), () => retireMerchant(merchant.id))} />
              </span>
            ),
          },
        ]}
        empty={<Empty title={t('merchant.none')}>{t('merchant.noneHint')}</Empty>}
      />
      {editing && <MerchantForm merchant={editing} close={() => setEditing(null)} />}
      {importing && <ImportForm merchant={importing} close={() => setImporting(null)} />}
    </>
  )
}

function Stores() {
  const { t } = useTranslation()
  const say = useBilingual()
  const [editing, setEditing] = useState<Store | null>(null)
  const { may } = useSession()
  const [staffing, setStaffing] = useState<Store | null>(null)
  const [showing, setShowing] = useState<Store | null>(null)
  const { confirm } = useRowAction(['merchants', 'stores'])
  return (
    <>
      <DataList
        name="stores"
        operation="list_stores"
        label={t('merchant.tabs.stores')}
        load={(params) => listStores({ ...params, tab: undefined })}
        rowKey={(store) => store.id}
        searchHint={t('merchant.searchStore')}
        columns={[
          { key: 'name', title: t('merchant.store'), field: 'name', render: (store) => <><b>{say(store.name, store.name_en)}</b><small>{say(store.merchant_name, store.merchant_name_en)} · <span className="mono">{store.code}</span></small></> },
          { key: 'street', title: t('merchant.street'), field: 'street', render: (store) => <>{store.street}<small className="mono">{store.region}</small></> },
          { key: 'hours', title: t('merchant.hours'), field: 'hours', render: (store) => store.hours || '—' },
          { key: 'clerks', title: t('merchant.clerks'), field: 'clerks', number: true, render: (store) => <Button type="link" size="small" aria-label={t('clerk.ofStore', { name: store.name, count: store.clerks })} onClick={() => setStaffing(store)}>{formatCount(store.clerks)}</Button> },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.merchant', render: (store) => <StatusTag kind="merchant" value={store.status} /> },
          { key: 'actions', title: '', render: (store) => <span className="row">{store.status === 'active' && may('redemption.read') && <Button size="small" onClick={() => setShowing(store)}>{t('storeCode.show')}</Button>}<RowButtons can={store.can} edit={() => setEditing(store)} retire={() => confirm(t('sku.retireTitle', { name: store.name }), t('merchant.retireStoreHint'), () => retireStore(store.id))} /></span> },
        ]}
        empty={<Empty title={t('merchant.noStores')}>{t('merchant.noStoresHint')}</Empty>}
      />
      {editing && <StoreForm store={editing} close={() => setEditing(null)} />}
      {staffing && <ClerksDialog store={staffing} close={() => setStaffing(null)} />}
      {showing && <StoreCode store={{ ...showing, name: say(showing.name, showing.name_en) }} close={() => setShowing(null)} />}
    </>
  )
}

/** On which days, and from when to when. */
function Times({ weekdays, from_minute, until_minute }: { weekdays: number[]; from_minute: number; until_minute: number }) {
  const { t } = useTranslation()
  const every = weekdays.length === 0 || weekdays.length === 7
  return (
    <>
      {every ? t('merchant.everyDay') : weekdays.map((day) => t(`merchant.days.${day}`)).join(' ')}
      <small>{from_minute === 0 && until_minute === 1440 ? t('merchant.allDay') : `${formatMinute(from_minute)} – ${formatMinute(until_minute)}`}</small>
    </>
  )
}

function Rules() {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const { may } = useSession()
  const rules = useQuery({ queryKey: ['acceptances'], queryFn: listRules })
  const skus = useQuery({ queryKey: ['skus', 'every'], queryFn: () => every(listSkus) })
  const brands = useQuery({ queryKey: ['brands', 'every'], queryFn: () => every(listBrands) })
  const merchants = useQuery({ queryKey: ['merchants', 'every'], queryFn: () => every(listMerchants) })
  const stores = useQuery({ queryKey: ['stores', 'every'], queryFn: () => every(listStores) })
  const { confirm } = useRowAction(['acceptances'])
  const named = (list: { id: string; name: string }[] | undefined, ids: string[]) => ids.map((id) => list?.find((each) => each.id === id)?.name ?? '…')
  const subject = (rule: Rule) => {
    if (rule.scope === 'category') return t(`benefit.categories.${rule.scope_key}`, { defaultValue: rule.scope_key })
    if (rule.scope === 'brand') return brands.data?.items.find((brand) => brand.id === rule.scope_key)?.name ?? '…'
    const sku = skus.data?.items.find((each) => each.id === rule.scope_key)
    return sku ? skuLabel(sku) : '…'
  }
  const places = (rule: Rule) => [...named(merchants.data?.items, rule.merchant_ids), ...named(stores.data?.items, rule.store_ids), ...(rule.counters ? [t('merchant.counters')] : [])]
  return (
    <div className="card">
      <Loaded query={rules} rows={6}>
        {(page) => page.items.length === 0 ? <Empty title={t('merchant.noRules')}>{t('merchant.noRulesHint')}</Empty> : (
          <DataTable
            label={t('merchant.tabs.rules')}
            rows={page.items}
            rowKey={(rule) => rule.id}
            columns={[
              { key: 'scope', title: t('merchant.scope'), render: (rule) => <><b>{subject(rule)}</b><small>{t(`merchant.scopes.${rule.scope}`)}</small></> },
              { key: 'where', title: t('merchant.where'), render: (rule) => <>{places(rule).slice(0, 3).join(t('list.comma'))}{places(rule).length > 3 && ` ${t('merchant.more', { count: places(rule).length })}`}{rule.excluded_store_ids.length > 0 && <small>{t('merchant.excluded')} {named(stores.data?.items, rule.excluded_store_ids).slice(0, 3).join(t('list.comma'))}</small>}</> },
              { key: 'when', title: t('merchant.when'), render: (rule) => <Times {...rule} /> },
              { key: 'actions', title: '', render: (rule) => may('benefit.write') && <Button size="small" danger onClick={() => confirm(t('merchant.remove'), t('merchant.removeHint'), () => removeRule(rule.id))}>{t('action.remove')}</Button> },
            ]}
          />
        )}
      </Loaded>
    </div>
  )
}
