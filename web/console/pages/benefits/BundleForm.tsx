/** A bundle in the making: one choice for all, or variants by tier, segment or cell of the grid, counted as they are written. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { getAxes } from '@api/grid'
import { addBundle, changeBundle, countVariants, type Bundle, type Split } from '@api/places'
import { getSchemes } from '@api/tiers'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useSegmentChoices } from '@console/pages/segments/useSegmentChoices'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { useNeeded } from './CatalogueForms'
import './bundle.css'

type By = Split['by']
type Variant = Split['variants'][number]

interface Values {
  code: string
  name: string
  name_en?: string
  by: By | 'none'
  rest: boolean
  choose?: number
  sku_ids?: string[]
  given?: string[]
  basis?: string
  variants?: (Partial<Variant> | undefined)[]
}

const everySku = { queryKey: ['skus', 'every'], queryFn: () => every(listSkus) } as const
const waysBy = ['none', 'tier', 'segment', 'cell'] as const
const axes = ['wealth', 'life', 'occupation'] as const
const blank = { name: '', choose: 1, sku_ids: [], given: [] }

interface FormProps {
  bundle?: Bundle
  /** SKUs a new bundle begins with. */
  begin?: string[]
  close: () => void
}

export function BundleForm({ bundle, begin, close }: FormProps) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const values = Form.useWatch([], { form, preserve: true }) as Values | undefined
  const by = values?.by ?? 'none'
  const submit = async (given: Values) => {
    const terms = termsOf(given)
    await (bundle ? changeBundle({ id: bundle.id, terms }) : addBundle({ code: given.code, terms }))
    await cache.invalidateQueries({ queryKey: ['bundles'] })
  }
  return (
    <Ask<Values> form={form} title={t(bundle ? 'bundle.edit' : 'bundle.add')} submit={submit} close={close} initial={initialOf(bundle, begin)} action={t('sku.saveDraft')} width={760}>
      {!bundle && <Form.Item name="code" label={t('bundle.code')} rules={needed(t('bundle.code'))}><Input maxLength={32} /></Form.Item>}
      <div className="pair">
        <Form.Item name="name" label={t('bundle.name')} rules={needed(t('bundle.name'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
      </div>
      <Form.Item name="by" label={t('bundle.by')} extra={t(`bundle.byHints.${by}`)}>
        <Segmented block options={waysBy.map((value) => ({ value, label: t(`bundle.bys.${value}`) }))} onChange={(next) => { if (next !== 'none' && !(form.getFieldValue('variants') as unknown[] | undefined)?.length) form.setFieldValue('variants', [blank]) }} />
      </Form.Item>
      {by !== 'none' && <Variants by={by} values={values} />}
      {by !== 'none' && <Form.Item name="rest" label={t('bundle.rest')} extra={t('bundle.restHint')} valuePropName="checked"><Switch checkedChildren={t('bundle.restHas')} unCheckedChildren={t('bundle.restNone')} /></Form.Item>}
      {(by === 'none' || values?.rest) && <Choice path={[]} least={by === 'none' ? 2 : 1} values={values} />}
      {by === 'cell' && <Form.Item name="basis" label={t('bundle.basis')} extra={t('bundle.basisHint')}><Input maxLength={200} /></Form.Item>}
      {by !== 'none' && <Counts values={values} />}
    </Ask>
  )
}

function Variants({ by, values }: { by: By; values: Values | undefined }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  return (
    <Form.List name="variants">
      {(fields, { add, remove, move }) => (
        <div className="variants">
          {fields.map((field, place) => (
            <fieldset key={field.key}>
              <legend>{t('bundle.variant', { number: place + 1 })}{values?.variants?.[place]?.name ? ` · ${values.variants[place].name}` : ''}</legend>
              <div className="tools">
                {place > 0 && <Button type="text" size="small" aria-label={t('bundle.earlier', { number: place + 1 })} onClick={() => move(place, place - 1)}>↑</Button>}
                {place < fields.length - 1 && <Button type="text" size="small" aria-label={t('bundle.later', { number: place + 1 })} onClick={() => move(place, place + 1)}>↓</Button>}
                {fields.length > 1 && <Button type="text" size="small" aria-label={t('bundle.removeVariant', { number: place + 1 })} icon={<Icon name="close" />} onClick={() => remove(place)} />}
              </div>
              <div className="pair">
                <Form.Item name={[field.name, 'name']} label={t('bundle.variantName')} rules={needed(t('bundle.variantName'))}><Input maxLength={60} /></Form.Item>
                <Form.Item name={[field.name, 'name_en']} label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
              </div>
              {by === 'tier' && <TierField name={field.name} />}
              {by === 'segment' && <SegmentField name={field.name} />}
              {by === 'cell' && <CellFields name={field.name} />}
              <Choice path={[field.name]} least={1} values={values?.variants?.[place]} />
            </fieldset>
          ))}
          {fields.length < 24 && <Button icon={<Icon name="plus" />} onClick={() => add(blank)}>{t('bundle.addVariant')}</Button>}
        </div>
      )}
    </Form.List>
  )
}

function Choice({ path, least, values }: { path: number[]; least: number; values: { choose?: number; sku_ids?: string[] } | undefined }) {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const skus = useQuery(everySku)
  const usable = (skus.data?.items ?? []).filter((sku) => sku.status !== 'retired')
  const chosen = values?.sku_ids ?? []
  const regional = usable.filter((sku) => chosen.includes(sku.id) && (sku.terms?.regions ?? []).length > 0)
  const everything = chosen.length > 0 && values?.choose === chosen.length
  return (
    <div className="bundle-choice">
      <Form.Item name={[...path, 'sku_ids']} label={t('bundle.skus')} extra={t(least > 1 ? 'bundle.skusHint' : 'bundle.skusHintOne')} rules={needed(t('bundle.skus'))}>
        <Select mode="multiple" maxCount={12} loading={skus.isPending} showSearch={{ optionFilterProp: 'label' }} options={usable.map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} />
      </Form.Item>
      {regional.length > 0 && <div className="whole"><Note icon="info">{t('bundle.regional', { names: regional.map((sku) => `${skuLabel(sku)}（${(sku.terms?.regions ?? []).join(' ')}）`).join(t('list.comma')) })}</Note></div>}
      <Form.Item name={[...path, 'choose']} label={t('bundle.choose')} rules={needed(t('bundle.choose'))}><InputNumber min={1} max={12} precision={0} style={{ width: '100%' }} /></Form.Item>
      {everything ? <p className="whole small muted">{t('bundle.givenAll')}</p> : (
        <Form.Item name={[...path, 'given']} label={t('bundle.given')} extra={t('bundle.givenHint')} className="whole">
          <Select mode="multiple" allowClear maxCount={values?.choose ?? 1} placeholder={t('bundle.givenNone')} options={usable.filter((sku) => chosen.includes(sku.id)).map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} />
        </Form.Item>
      )}
    </div>
  )
}

function TierField({ name }: { name: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const schemes = useQuery({ queryKey: ['tier-schemes'], queryFn: getSchemes })
  const tiers = schemes.data?.in_force?.tiers ?? []
  return (
    <Form.Item name={[name, 'tiers']} label={t('bundle.tiers')} rules={needed(t('bundle.tiers'))}>
      <Select mode="multiple" loading={schemes.isPending} notFoundContent={t('bundle.noTiers')} options={tiers.map((one) => ({ value: one.key, label: say(one.name, one.name_en) }))} />
    </Form.Item>
  )
}

function SegmentField({ name }: { name: number }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const { loading, options, optionFilterProp, onSearch } = useSegmentChoices('')
  return (
    <Form.Item name={[name, 'segment_id']} label={t('bundle.segment')} rules={needed(t('bundle.segment'))}>
      <Select placeholder={t('form.choose')} showSearch={{ optionFilterProp, onSearch }} loading={loading} options={options} />
    </Form.Item>
  )
}

function CellFields({ name }: { name: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['grid-axes'], queryFn: getAxes })
  const held = new Map((query.data?.in_force ?? []).map((one) => [one.axis as string, one]))
  return (
    <div className="bands">
      {axes.map((axis) => {
        const found = held.get(axis)
        return (
          <Form.Item key={axis} name={[name, 'bands', axis]} label={found ? say(found.label, found.label_en) : t(`bundle.axes.${axis}`)}>
            <Select mode="multiple" allowClear placeholder={t('bundle.everyBand')} loading={query.isPending} options={(found?.bands ?? []).map((band) => ({ value: band.name, label: say(band.label, band.label_en) }))} />
          </Form.Item>
        )
      })}
    </div>
  )
}

/** Who falls in which variant, now. */
function Counts({ values }: { values: Values | undefined }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const tell = useProblemText()
  const split = useDeferredValue(JSON.stringify(values && isWhole(values) ? termsOf(values).split : null))
  const query = useQuery({ queryKey: ['variant-counts', split], queryFn: ({ signal }) => countVariants({ split: JSON.parse(split) as Split }, signal), enabled: split !== 'null', retry: false })
  if (split === 'null') return <Note>{t('bundle.countLater')}</Note>
  if (query.error) return <Note kind="danger">{tell(problemOf(query.error))}</Note>
  const found = query.data
  const most = Math.max(1, ...(found?.variants ?? []).map((one) => one.customers), found?.rest ?? 0)
  const rows = [...(found?.variants ?? []).map((one) => ({ ...one, name: say(one.name, one.name_en) })), { name: t(values?.rest ? 'bundle.restShown' : 'bundle.nothing'), customers: found?.rest ?? 0, earlier: 0 }]
  return (
    <section className="variant-counts" aria-live="polite" aria-busy={query.isFetching}>
      <h3>{t('bundle.counts')}{found && <small>{t('bundle.countsOf', { shown: formatCount(found.total) })}</small>}</h3>
      {found && rows.map((one, place) => (
        <div key={`${one.name}-${place}`}>
          <span>{one.name}</span>
          <i style={{ inlineSize: `${Math.round((100 * one.customers) / most)}%` }} aria-hidden />
          <b>{formatCount(one.customers)}</b>
          {one.earlier > 0 && <small className="muted">{t('bundle.earlierTook', { shown: formatCount(one.earlier) })}</small>}
        </div>
      ))}
    </section>
  )
}

const isWhole = (values: Values) =>
  values.by !== 'none' && (values.variants?.length ?? 0) > 0 && (values.variants ?? []).every((one) => !!one?.name && !!one.choose && (one.sku_ids?.length ?? 0) >= one.choose && isMeant(values.by, one))

const isMeant = (by: Values['by'], one: Partial<Variant>) =>
  by === 'tier' ? (one.tiers?.length ?? 0) > 0 : by === 'segment' ? !!one.segment_id : axes.some((axis) => (one.bands?.[axis]?.length ?? 0) > 0)

function termsOf({ name, name_en = '', by, rest, choose = 0, sku_ids = [], given = [], basis = '', variants = [] }: Values) {
  const own = by === 'none' || rest
  const split = by === 'none' ? null : { by, basis: by === 'cell' ? basis : '', variants: variants.map((one) => variantOf(by, one ?? {})) }
  return { name, name_en, choose: own ? choose : 0, sku_ids: own ? sku_ids : [], given: own ? given.filter((id) => sku_ids.includes(id)) : [], split }
}

function variantOf(by: By, { name = '', name_en = '', choose = 1, sku_ids = [], given = [], tiers = [], segment_id, bands }: Partial<Variant>): Variant {
  const chosen = { name, name_en, choose, sku_ids, given: given.filter((id) => sku_ids.includes(id)) }
  if (by === 'tier') return { ...chosen, tiers }
  return by === 'segment' ? { ...chosen, segment_id } : { ...chosen, bands: { wealth: bands?.wealth ?? [], life: bands?.life ?? [], occupation: bands?.occupation ?? [] } }
}

function initialOf(bundle: Bundle | undefined, begin: string[] | undefined): Partial<Values> {
  const terms = bundle?.draft ?? bundle?.terms
  if (!terms) return { by: 'none', rest: true, choose: 1, sku_ids: begin ?? [] }
  const { split, ...own } = terms
  return { ...own, by: split?.by ?? 'none', rest: !split || own.sku_ids.length > 0, choose: own.choose || 1, basis: split?.basis ?? '', variants: split?.variants }
}
