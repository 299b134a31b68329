/** What suits a segment, with the reason: what its customers pay for beside everybody else, and what the library has of it. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Drawer, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { suggestBenefits, type Leaning, type SuggestedListing } from '@api/library'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { AddToBundle } from '@console/pages/benefits/AddToBundle'
import { useSegmentChoices } from '@console/pages/segments/useSegmentChoices'
import { formatCount, formatMoney } from '@kit/format'
import { Note } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import type { Takeable } from './LibraryPage'

interface Props {
  /** Whose preference is asked for; without one it is chosen here. */
  segmentId?: string
  take: (row: Takeable) => void
  close: () => void
}

export function Suggestions({ segmentId, take, close }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(segmentId)
  const [region, setRegion] = useState('')
  const { loading, options, optionFilterProp, onSearch } = useSegmentChoices('')
  return (
    <Drawer open title={t('suggest.title')} onClose={close} size="large">
      <p className="second">{t('suggest.hint')}</p>
      <div className="row wrap" style={{ margin: '12px 0 16px' }}>
        {!segmentId && <Select aria-label={t('suggest.segment')} placeholder={t('suggest.segment')} style={{ minWidth: 240 }} value={chosen} onChange={setChosen} showSearch={{ optionFilterProp, onSearch }} loading={loading} options={options} />}
        <Input aria-label={t('library.region')} placeholder={t('library.region')} allowClear maxLength={6} style={{ width: 190 }} onChange={(event) => { const code = event.target.value; if (code === '' || /^\d{6}$/.test(code)) setRegion(code) }} />
      </div>
      {chosen ? <Found segmentId={chosen} region={region} take={take} /> : <Empty sign="search" title={t('suggest.choose')}>{t('suggest.chooseHint')}</Empty>}
    </Drawer>
  )
}

function Found({ segmentId, region, take }: { segmentId: string; region: string; take: (row: Takeable) => void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const query = useQuery({ queryKey: ['suggestions', segmentId, region], queryFn: () => suggestBenefits(segmentId, region) })
  const [picked, setPicked] = useState<Set<string>>(new Set())
  const [adding, setAdding] = useState(false)
  const pick = (id: string) => setPicked((was) => new Set(was.has(id) ? [...was].filter((one) => one !== id) : [...was, id]))
  return (
    <Loaded query={query} rows={6}>
      {({ segment, found }) => (
        <>
          {found.leans.length === 0 && <Empty sign="search" title={t('suggest.none')}>{t(found.total < 10 ? 'suggest.few' : 'suggest.noneHint', { segment })}</Empty>}
          {found.leans.map((lean) => <Lean key={lean.category} lean={lean} total={found.total} placed={found.placed ?? 0} days={found.days} picked={picked} pick={pick} take={take} />)}
          {found.leans.length > 0 && <Note>{t('suggest.basis', { total: formatCount(found.total), universe: formatCount(found.universe) })}</Note>}
          {may('benefit.write') && picked.size > 0 && <div className="suggest-foot"><Button type="primary" onClick={() => setAdding(true)}>{t('bundle.addChosen', { count: picked.size })}</Button></div>}
          {adding && <AddToBundle skuIds={[...picked]} close={() => setAdding(false)} />}
        </>
      )}
    </Loaded>
  )
}

interface LeanProps {
  lean: Leaning
  total: number
  /** Of them, those whose region is known. */
  placed: number
  days: number
  picked: Set<string>
  pick: (id: string) => void
  take: (row: Takeable) => void
}

function Lean({ lean, total, placed, days, picked, pick, take }: LeanProps) {
  const { t } = useTranslation()
  const name = t(`benefit.categories.${lean.category}`, { defaultValue: lean.category })
  return (
    <section className="suggest-lean">
      <h3>{name}<span className="tag gold">{t('suggest.lift', { times: lean.times_usual.toFixed(1) })}</span></h3>
      <p className="second s13">{t('suggest.reason', { percent: Math.round(lean.share * 100), days, name, usual: Math.round(lean.usual * 100), stock: formatCount(lean.in_stock) })}</p>
      <ul>{lean.listings.map((row) => <Row key={row.number} row={row} total={total} placed={placed} checked={!!row.sku_id && picked.has(row.sku_id)} pick={pick} take={take} />)}</ul>
    </section>
  )
}

function Row({ row, total, placed, checked, pick, take }: { row: SuggestedListing; total: number; placed: number; checked: boolean; pick: (id: string) => void; take: (row: Takeable) => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const name = say(row.name, row.name_en)
  const skuId = row.sku_id
  return (
    <li>
      {skuId && may('benefit.write') ? <Checkbox aria-label={name} checked={checked} onChange={() => pick(skuId)} /> : <span />}
      <span><b className="s13">{name}</b><small>{row.brand} · {row.stock < 0 ? t('library.uncounted') : t('suggest.left', { shown: formatCount(row.stock) })}{(row.holding ?? 0) > 0 && ` · ${t('suggest.holding', { percent: Math.round((100 * (row.holding ?? 0)) / total) })}`}{row.near != null && placed > 0 && ` · ${t('suggest.near', { percent: Math.round((100 * row.near) / placed) })}`}</small></span>
      <span className="number">{formatMoney(row.face_value_fen)}<small>{t('suggest.cost', { yuan: formatMoney(row.cost_fen) })}</small></span>
      {!skuId && may('benefit.write') ? <Button size="small" onClick={() => take(row)}>{t('library.take')}</Button> : <span />}
    </li>
  )
}
