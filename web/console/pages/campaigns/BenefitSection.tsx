/** What is given: one benefit, or a bundle; pushed, its benefits given at once reach everybody, and the others are chosen. */
import { useQuery } from '@tanstack/react-query'
import { InputNumber, Segmented, Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPools, listSkus, type Pool, type Sku } from '@api/benefits'
import type { Campaign, Draft } from '@api/campaigns'
import { every } from '@api/every'
import { everySkuOf, givenOf, listBundles, type Split } from '@api/places'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { formatCount, formatMoney } from '@kit/format'
import { Note } from '@kit/layout'
import { Lacking } from '@kit/states'
import { Field, Section, WholeNumber, useFieldProblem, type SectionProps } from './FormParts'

type BenefitProps = SectionProps & { saved: Campaign }
type Line = NonNullable<Draft['lines']>[number]

const nothing = { sku_id: null, bundle_id: null, lines: [], stock: 0, pool_id: null }
const withoutStock = (draft: Draft) => (draft.shares ?? []).map((share) => ({ ...share, stock: 0, stocks: {} }))

export function BenefitSection(props: BenefitProps) {
  const { draft, change, problems } = props
  const { t } = useTranslation()
  const bundled = draft.bundle_id != null || problems.get('/bundle_id')?.code === 'missing'
  const bundles = useBundles()
  const usable = (bundles.data ?? []).filter((one) => draft.mode === 'pull' || one.givenIds.length > 0)
  const turn = (kind: 'sku' | 'bundle') => {
    const first = usable[0]
    change(kind === 'bundle' && first ? { ...nothing, shares: withoutStock(draft), ...chosen(first) } : { ...nothing, shares: withoutStock(draft) })
  }
  const none = bundles.data !== undefined && usable.length === 0
  const why = none ? t(draft.mode === 'push' ? 'campaign.bundlePull' : 'campaign.bundleNone') : undefined
  return (
    <Section id="benefit" title={t('campaign.section.benefit')}>
      <Field label={t('campaign.gives')} hint={why} problem={problems.get('/bundle_id')}>
        {(id) => (
          <div>
            <Segmented
              id={id} value={bundled ? 'bundle' : 'sku'} onChange={turn}
              options={[{ value: 'sku', label: t('campaign.single') }, { value: 'bundle', label: t('campaign.bundle'), disabled: !bundled && (none || !bundles.data) }]}
            />
          </div>
        )}
      </Field>
      {bundled ? <BundleFields {...props} /> : <SkuFields {...props} />}
      <div className={bundled ? 'field-row two' : 'field-row'}>
        {!bundled && (
          <Field label={t('campaign.stock')} required problem={problems.get('/stock')}>
            {(id) => <WholeNumber id={id} value={draft.stock ?? 0} unit={t('unit.pieces')} put={(stock) => change({ stock })} />}
          </Field>
        )}
        <Field label={t(bundled ? 'campaign.eachLimit' : 'campaign.personLimit')} required problem={problems.get('/person_limit')}>
          {(id) => <WholeNumber id={id} value={draft.person_limit ?? 1} least={1} unit={t('unit.perPerson')} put={(person_limit) => change({ person_limit })} />}
        </Field>
        <Field label={t('campaign.validDays')} required problem={problems.get('/valid_days')}>
          {(id) => <WholeNumber id={id} value={draft.valid_days ?? 14} least={1} unit={t('unit.days')} put={(valid_days) => change({ valid_days })} />}
        </Field>
      </div>
      {!bundled && <PoolField {...props} />}
      {draft.mode === 'push' && !bundled && (draft.person_limit ?? 1) > 1 && <Note icon="info">{t('campaign.pushOnce')}</Note>}
    </Section>
  )
}

/** Where it is used, in codes of regions; empty is everywhere. */
const regionsOf = (sku: Sku | undefined) => (sku?.terms?.regions ?? []).join(' ')

function SkuFields({ draft, change, problems, saved }: BenefitProps) {
  const { t } = useTranslation()
  const say = useBilingual()
  const skuLabel = useSkuName()
  const skus = useSkus()
  const options = skus.all.map((sku) => ({ value: sku.id, label: skuLabel(sku), sku }))
  const picked = draft.sku_id ? skus.byId.get(draft.sku_id) : undefined
  return (
    <>
      <Field label={t('campaign.sku')} required problem={problems.get('/sku_id')}>
        {(id) => (
          <Select
            id={id} showSearch={{ optionFilterProp: 'label' }} placeholder={t('form.choose')} loading={skus.pending} value={draft.sku_id ?? undefined} options={options}
            notFoundContent={<Lacking none={!skus.pending && options.length === 0} says={t('campaign.noSku')} to="/benefits" action={t('home.guide.steps.benefit.title')} />}
            optionRender={(option) => <span className="between"><span><b>{say(option.data.sku.terms?.name, option.data.sku.terms?.name_en)}</b> <span className="second s12">{say(option.data.sku.brand_name, option.data.sku.brand_name_en)}</span></span><span className="s12">{formatMoney(option.data.sku.terms?.cost_fen)}</span></span>}
            onChange={(sku_id: string) => change({ sku_id, pool_id: null, valid_days: skus.byId.get(sku_id)?.terms?.valid_days ?? draft.valid_days })}
          />
        )}
      </Field>
      {(picked?.terms ?? saved.sku) && (
        <div className="box row wrap s12 sku-facts">
          <span><span className="muted">{t('sku.kind')}</span> {t(`sku.kinds.${picked?.kind ?? saved.sku?.kind ?? 'voucher'}`)}</span>
          <span><span className="muted">{t('sku.face')}</span> {formatMoney(picked?.terms?.face_value_fen ?? saved.sku?.face_value_fen)}</span>
          <span><span className="muted">{t('sku.cost')}</span> {formatMoney(picked?.terms?.cost_fen ?? saved.sku?.cost_fen)}</span>
          {regionsOf(picked) && <span><span className="muted">{t('sku.regions')}</span> {regionsOf(picked)}</span>}
          {saved.sku?.supplier && <span><span className="muted">{t('sku.supplier')}</span> {say(saved.sku.supplier, saved.sku.supplier_en)}</span>}
        </div>
      )}
    </>
  )
}

function PoolField({ draft, change, problems }: BenefitProps) {
  const { t } = useTranslation()
  const pools = usePools()
  return (
    <Field label={t('campaign.pool')} hint={t('campaign.poolHint')} problem={problems.get('/pool_id')}>
      {(id) => <PoolSelect id={id} pools={draft.sku_id ? pools.of(draft.sku_id) : []} value={draft.pool_id} put={(pool_id) => change({ pool_id })} />}
    </Field>
  )
}

interface BundleChoice {
  id: string
  name: string
  nameEn: string
  choose: number
  skuIds: string[]
  /** What a push gives at once to those whom no variant is for, or to some variant. */
  givenIds: string[]
  split: Split | null
}

const chosen = (bundle: BundleChoice): Partial<Draft> => ({ bundle_id: bundle.id, lines: bundle.skuIds.map((sku_id) => ({ sku_id, stock: 0, pool_id: null })) })

function BundleFields({ draft, change, problems }: BenefitProps) {
  const { t } = useTranslation()
  const bundles = useBundles()
  const skus = useSkus()
  const pools = usePools()
  const say = useFieldProblem()
  const both = useBilingual()
  const all = (bundles.data ?? []).filter((one) => draft.mode === 'pull' || one.givenIds.length > 0 || one.id === draft.bundle_id)
  const picked = all.find((bundle) => bundle.id === draft.bundle_id)
  const lines = draft.lines ?? []
  const moved = picked && picked.skuIds.join() !== lines.map((line) => line.sku_id).join()
  const pick = (id: string) => {
    const bundle = all.find((each) => each.id === id)
    if (bundle) change({ ...chosen(bundle), shares: withoutStock(draft) })
  }
  const put = (index: number, part: Partial<Line>) => change({ lines: lines.map((line, at) => (at === index ? { ...line, ...part } : line)) })
  return (
    <>
      <Field label={t('campaign.bundle')} required problem={problems.get('/bundle_id')} hint={picked && (picked.split ? t('campaign.variantsSay', { by: t(`bundle.bys.${picked.split.by}`), names: picked.split.variants.map((one) => both(one.name, one.name_en)).join(t('list.comma')) }) : t(draft.mode === 'push' ? 'campaign.givenSays' : 'campaign.chooseSays', { choose: picked.choose, many: picked.skuIds.length, given: picked.givenIds.length, left: picked.choose - picked.givenIds.length }))}>
        {(id) => <Select id={id} showSearch={{ optionFilterProp: 'label' }} placeholder={t('form.choose')} loading={bundles.isPending} value={draft.bundle_id ?? undefined} options={all.map((bundle) => ({ value: bundle.id, label: both(bundle.name, bundle.nameEn) }))} onChange={pick} />}
      </Field>
      {moved && <Note kind="warning">{t('campaign.bundleMoved')} <button type="button" className="link" onClick={() => pick(picked.id)}>{t('campaign.bundleAgain')}</button></Note>}
      <ul className="line-list" aria-label={t('campaign.lines')}>
        {lines.map((line, index) => {
          const sku = skus.byId.get(line.sku_id)
          const name = both(sku?.terms?.name, sku?.terms?.name_en) || '…'
          const problem = problems.get(`/lines/${index}/stock`)
          return (
            <li key={line.sku_id}>
              <span><b className="s13">{name}{draft.mode === 'push' && picked?.givenIds.includes(line.sku_id) && <Tag>{t('bundle.given')}</Tag>}</b><small>{sku && `${both(sku.brand_name, sku.brand_name_en)} · ${t(`sku.kinds.${sku.kind}`)} · ${formatMoney(sku.terms?.cost_fen)}`}{regionsOf(sku) && <> · <span className="warn">{t('campaign.regionsOnly', { regions: regionsOf(sku) })}</span></>}</small></span>
              <InputNumber aria-label={`${name} ${t('campaign.stock')}`} min={0} precision={0} controls={false} suffix={t('unit.pieces')} status={problem ? 'warning' : undefined} value={line.stock ?? 0} onChange={(stock) => put(index, { stock: stock ?? 0 })} />
              <PoolSelect label={`${name} ${t('campaign.pool')}`} pools={pools.of(line.sku_id)} value={line.pool_id} put={(pool_id) => put(index, { pool_id })} />
              {problem && <span className="field-hint muted">{say(problem)}</span>}
            </li>
          )
        })}
      </ul>
    </>
  )
}

interface PoolProps {
  id?: string
  label?: string
  pools: Pool[]
  value: string | null | undefined
  put: (pool: string | null) => void
}

function PoolSelect({ id, label, pools, value, put }: PoolProps) {
  const { t } = useTranslation()
  return (
    <Select
      id={id} aria-label={label} allowClear placeholder={t('campaign.newStock')} value={value ?? undefined} onChange={(pool?: string) => put(pool ?? null)}
      options={pools.map((pool) => ({ value: pool.id, label: `${pool.name} · ${t('pool.left', { count: pool.available, shown: formatCount(pool.available) })}` }))}
    />
  )
}

/** Every published SKU; the campaigns' pickers and shares share one question. */
export function useSkus() {
  const query = useQuery({ queryKey: ['skus', 'published'], queryFn: () => every(listSkus, { status: 'published' }) })
  const all: Sku[] = query.data?.items ?? []
  return { all, byId: new Map(all.map((sku) => [sku.id, sku])), pending: query.isPending }
}

function usePools() {
  const query = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const all = query.data?.items ?? []
  return { of: (skuId: string) => all.filter((pool) => pool.sku_id === skuId) }
}

function useBundles() {
  const read = async (): Promise<BundleChoice[]> =>
    (await every(listBundles, { status: 'published' })).items.flatMap((bundle) =>
      bundle.terms ? [{ id: bundle.id, name: bundle.terms.name, nameEn: bundle.terms.name_en ?? '', choose: bundle.terms.choose, skuIds: everySkuOf(bundle.terms), givenIds: givenOf(bundle.terms), split: bundle.terms.split ?? null }] : [],
    )
  return useQuery({ queryKey: ['bundles', 'choices'], queryFn: read })
}
