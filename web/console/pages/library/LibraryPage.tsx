/** The library: found while one types, narrowed by what the hits have in common, compared, taken into the catalogue. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addOffer, getListings, searchLibrary, takeListing, type Facet, type Listing } from '@api/library'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatMoney } from '@kit/format'
import { useListState, type ListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import { AddToBundle } from '@console/pages/benefits/AddToBundle'
import { Offers } from './Offers'
import { Suggestions } from './Suggestions'
import './library.css'

const COMPARED_MAX = 6
const FEN = 100
const facets = [
  { facet: 'category', param: 'category' },
  { facet: 'brand', param: 'brand' },
  { facet: 'supplier', param: 'supplier_id' },
  { facet: 'kind', param: 'kind' },
] as const
const sorts = ['best', 'worth', 'worth_down', 'cost', 'cost_down', 'newest'] as const

export default function LibraryPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [taking, setTaking] = useState<Takeable | null>(null)
  const [compared, setCompared] = useState<number[] | null>(null)
  const [offered, setOffered] = useState<Listing | null>(null)
  const [bundling, setBundling] = useState<string[] | null>(null)
  const [suggesting, setSuggesting] = useState(false)
  const supplier = (row: Listing) => (row.supplier_id ? say(row.supplier, row.supplier_en) : t('library.own'))
  return (
    <>
      <DataPage
        title={t('library.title')}
        meta={<span>{t('library.hint')}</span>}
        actions={<>{may('segment.read') && <Button onClick={() => setSuggesting(true)}>{t('suggest.open')}</Button>}<Link to="/catalogue-imports"><Button>{t('catalogueImports.title')}</Button></Link></>}
        above={<Facets />}
        name="library"
        label={t('library.title')}
        load={searchLibrary}
        rowKey={(row) => row.number}
        searchHint={t('library.search')}
        filters={(state) => <Filters state={state} />}
        bulk={[{ key: 'compare', label: t('library.compare'), fits: () => true, run: (rows) => { setCompared(rows.slice(0, COMPARED_MAX).map((row) => row.number)); return Promise.resolve([]) } },
          ...(may('benefit.write') ? [{ key: 'bundle', label: t('bundle.toBundle'), fits: (row: Listing) => !!row.sku_id, run: (rows: Listing[]) => { setBundling(rows.flatMap((row) => row.sku_id ?? [])); return Promise.resolve([]) } }] : [])]}
        columns={[
          { key: 'name', title: t('sku.name'), render: (row) => <><b>{say(row.name, row.name_en)}</b><small>{row.brand}{row.item && row.item !== row.name && ` · ${row.item}`}</small></> },
          { key: 'kind', title: t('sku.kind'), render: (row) => <>{t(`sku.kinds.${row.kind}`)}<small>{t(`benefit.categories.${row.category}`, { defaultValue: row.category })}</small></> },
          { key: 'supplier', title: t('library.supplier'), render: (row) => <>{supplier(row)}<small className="mono">{row.code}</small></> },
          { key: 'face', title: t('sku.faceYuan'), number: true, render: (row) => formatMoney(row.face_value_fen) },
          { key: 'cost', title: t('sku.costYuan'), number: true, render: (row) => <b>{formatMoney(row.cost_fen)}</b> },
          { key: 'stock', title: t('library.stock'), number: true, render: (row) => <Stock row={row} /> },
          { key: 'valid', title: t('sku.validity'), render: (row) => <Validity row={row} /> },
          { key: 'state', title: '', render: (row) => (row.sku_id ? <Button size="small" type="text" onClick={() => setOffered(row)}><span className="tag ok">{t('library.taken')}</span></Button> : row.can.includes('take') ? <Button size="small" onClick={() => setTaking(row)}>{t('library.take')}</Button> : null) },
        ]}
        empty={<Empty sign="search" title={t('library.none')} actions={may('benefit.write') && <Link to="/catalogue-imports">{t('catalogueImports.title')} ›</Link>}>{t('library.noneHint')}</Empty>}
      />
      {bundling && <AddToBundle skuIds={bundling} close={() => setBundling(null)} />}
      {suggesting && <Suggestions take={setTaking} close={() => setSuggesting(false)} />}
      {taking && <TakeForm row={taking} close={() => setTaking(null)} />}
      {offered && <Offers row={offered} close={() => setOffered(null)} />}
      {compared && <Compare numbers={compared} close={() => setCompared(null)} />}
    </>
  )
}

function Stock({ row }: { row: Listing }) {
  const { t } = useTranslation()
  if (row.stock < 0) return <span className="muted">{t('library.uncounted')}</span>
  return row.stock === 0 ? <span className="tag bad">{t('library.soldOut')}</span> : <>{formatCount(row.stock)}</>
}

function Validity({ row }: { row: Listing }) {
  const { t } = useTranslation()
  return <>{row.valid_days ? t('unit.dayCount', { count: row.valid_days }) : (row.valid_until ?? '—')}<small>{row.regions.length === 0 ? t('library.everywhere') : t('library.regions', { count: row.regions.length })}</small></>
}

/** What the hits of this address have in common: a press narrows, a press on what is chosen widens again. */
function Facets() {
  const { t } = useTranslation()
  const say = useBilingual()
  const state = useListState()
  const found = useQuery({ queryKey: ['library', state.params], queryFn: () => searchLibrary(state.params), placeholderData: keepPreviousData })
  const name = (facet: string, one: Facet) =>
    facet === 'supplier' ? (one.value ? say(one.name, one.name_en) : t('library.own'))
    : facet === 'category' ? t(`benefit.categories.${one.value}`, { defaultValue: one.value })
    : facet === 'kind' ? t(`sku.kinds.${one.value}`, { defaultValue: one.value })
    : one.value
  return (
    <div className="card library-facets" aria-busy={found.isFetching}>
      {facets.map(({ facet, param }) => {
        const values = (found.data?.facets ?? []).filter((one) => one.facet === facet && (one.value || facet === 'supplier')).slice(0, 8)
        const chosen = state.params[param]
        return (
          <div key={facet} className="library-facet" role="group" aria-label={t(`library.facets.${facet}`)}>
            <span className="muted s12">{t(`library.facets.${facet}`)}</span>
            <div className="library-values">
              {values.map((one) => (
                <button key={one.value} type="button" aria-pressed={chosen === one.value} disabled={!one.value} onClick={() => state.change({ [param]: chosen === one.value ? undefined : one.value })}>
                  {name(facet, one)} <small>{formatCount(one.count)}</small>
                </button>
              ))}
              {chosen && values.length === 0 && <button type="button" aria-pressed onClick={() => state.change({ [param]: undefined })}>{t('library.clear')}</button>}
            </div>
          </div>
        )
      })}
    </div>
  )
}

function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const price = (key: 'price_min' | 'price_max') => (
    <InputNumber aria-label={t(`library.${key}`)} placeholder={t(`library.${key}`)} min={0} controls={false} style={{ width: 124 }} value={state.params[key] ? Number(state.params[key]) / FEN : null} onChange={(yuan) => state.change({ [key]: yuan == null ? undefined : String(Math.round(yuan * FEN)) })} />
  )
  return (
    <>
      {price('price_min')}
      {price('price_max')}
      <Input aria-label={t('library.region')} placeholder={t('library.region')} allowClear maxLength={6} style={{ width: 136 }} defaultValue={state.params.region} onChange={(event) => { const code = event.target.value; if (code === '' || /^\d{6}$/.test(code)) state.change({ region: code || undefined }) }} />
      <Select aria-label={t('library.sort')} style={{ minWidth: 130 }} value={state.params.sort ?? 'best'} options={sorts.map((value) => ({ value, label: t(`library.sorts.${value}`) }))} onChange={(sort) => state.change({ sort: sort === 'best' ? undefined : sort })} />
      <label className="row s13"><Switch size="small" checked={state.params.in_stock === 'true'} onChange={(on) => state.change({ in_stock: on ? 'true' : undefined })} />{t('library.inStock')}</label>
    </>
  )
}

/** What is needed of a listing to take it into the catalogue. */
export type Takeable = Pick<Listing, 'number' | 'name' | 'kind' | 'brand' | 'cost_fen'>

export function TakeForm({ row, close }: { row: Takeable; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [behind, setBehind] = useState(false)
  const submit = async ({ acceptance, acceptance_en = '', sku_id }: { acceptance: string; acceptance_en?: string; sku_id?: string }) => {
    await (behind && sku_id ? addOffer(row.number, sku_id) : takeListing(row.number, acceptance, acceptance_en))
    await Promise.all(['library', 'skus'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
  }
  return (
    <Ask<{ acceptance: string; acceptance_en?: string; sku_id?: string }> title={t('library.takeTitle', { name: row.name })} submit={submit} close={close} action={t('library.take')}>
      <label className="row s13 library-behind"><Switch size="small" checked={behind} onChange={setBehind} />{t('library.behind')}</label>
      <p className="second">{behind ? t('library.behindHint') : t('library.takeHint', { brand: row.brand, cost: formatMoney(row.cost_fen) })}</p>
      {behind ? (
        <Form.Item name="sku_id" label={t('library.behindSku')} rules={needed(t('library.behindSku'))}><SkuChoice kind={row.kind} /></Form.Item>
      ) : (
        <>
          <Form.Item name="acceptance" label={t('sku.acceptance')} rules={needed(t('sku.acceptance'))}><Input.TextArea rows={2} maxLength={2_000} /></Form.Item>
          <Form.Item name="acceptance_en" label={t('sku.acceptanceEn')}><Input maxLength={2_000} /></Form.Item>
        </>
      )}
    </Ask>
  )
}

/** Benefits of one kind that other suppliers may deliver as well, found by typing. */
function SkuChoice({ kind, value, onChange }: { kind: string; value?: string; onChange?: (id: string) => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [q, setQ] = useState('')
  const found = useQuery({ queryKey: ['library', 'skus', kind, q], queryFn: () => searchLibrary({ q, kind, taken: 'true', limit: '20' }), placeholderData: keepPreviousData })
  const options = new Map((found.data?.items ?? []).flatMap((row) => (row.sku_id ? [[row.sku_id, { value: row.sku_id, label: `${say(row.name, row.name_en)} · ${formatMoney(row.face_value_fen)}` }]] : [])))
  return <Select showSearch={{ filterOption: false, onSearch: setQ }} value={value} onChange={onChange} loading={found.isFetching} options={[...options.values()]} placeholder={t('library.search')} notFoundContent={t('library.none')} />
}

const facts = ['brand', 'supplier', 'face', 'cost', 'share', 'stock', 'valid'] as const

function Compare({ numbers, close }: { numbers: number[]; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['library', 'compared', numbers], queryFn: () => getListings(numbers) })
  const told = (row: Listing, fact: (typeof facts)[number]) => {
    switch (fact) {
      case 'brand': return row.brand
      case 'supplier': return row.supplier_id ? say(row.supplier, row.supplier_en) : t('library.own')
      case 'face': return formatMoney(row.face_value_fen)
      case 'cost': return <b>{formatMoney(row.cost_fen)}</b>
      case 'share': return row.face_value_fen ? `${Math.round((row.cost_fen * 1000) / row.face_value_fen) / 10}%` : '—'
      case 'stock': return <Stock row={row} />
      case 'valid': return <Validity row={row} />
    }
  }
  return (
    <Drawer open title={t('library.compare')} onClose={close} size="large">
      <Loaded query={query} rows={7}>
        {(rows) => (
          <div className="library-compare">
            <table>
              <thead><tr><td />{rows.map((row) => <th key={row.number} scope="col">{say(row.name, row.name_en)}</th>)}</tr></thead>
              <tbody>{facts.map((fact) => <tr key={fact}><th scope="row">{t(`library.facts.${fact}`)}</th>{rows.map((row) => <td key={row.number}>{told(row, fact)}</td>)}</tr>)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Drawer>
  )
}
