/** What customers really paid for the same thing, group by group, and which registered reason explains it (rule P5). */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPriceSpreads, type PriceLine } from '@api/prices'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useSegmentChoices } from '@console/pages/segments/useSegmentChoices'
import { PeriodFilter } from '@console/pages/settle/PeriodFilter'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatMoney } from '@kit/format'
import type { ListState } from '@kit/listParams'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './prices.css'

const kinds = ['mall', 'group_buy', 'exchange', 'reduction', 'bundle'] as const
const axes = ['tier', 'wealth', 'life', 'occupation', 'segment'] as const
const states = ['unexplained', 'explained', 'even'] as const
const tones = { unexplained: 'bad', explained: 'info', even: 'ok' } as const

export default function PriceSpreadPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <DataPage<PriceLine>
      name="price-spreads"
      operation="list_price_spreads"
      title={t('price.title')}
      label={t('price.title')}
      meta={<span>{t('price.meta')}</span>}
      load={(query) => listPriceSpreads(query.by === 'segment' && !query.segment_id ? { ...query, by: undefined } : query)}
      rowKey={(row) => `${row.thing_id}-${row.unit}-${row.group}`}
      searchHint={t('price.search')}
      statuses={states.map((value) => ({ value, label: t(`status.price.${value}`) }))}
      filters={(state) => <Filters state={state} />}
      columns={[
        { key: 'thing', title: t('price.thing'), field: 'name', render: (row) => (row.group ? <span className="price-under">{say(row.name, row.name_en)}</span> : <><b>{say(row.name, row.name_en)}</b><small>{t(`price.kinds.${row.kind}`)}</small></>) },
        { key: 'kind', title: t('price.kind'), optional: true, field: 'kind', words: 'price.kinds', render: (row) => t(`price.kinds.${row.kind}`) },
        { key: 'group', title: t('price.group'), field: 'group_name', render: (row) => <span className={row.group ? '' : 'strong'}>{say(row.group_name, row.group_name_en)}</span> },
        { key: 'unit', title: t('price.unit'), field: 'unit', words: 'price.units', optional: true, render: (row) => unitOf(row, say(row.unit_name, row.unit_name_en), t) },
        { key: 'count', title: t('price.count'), number: true, field: 'count', render: (row) => formatCount(row.count) },
        { key: 'low', title: t('price.low'), number: true, field: 'low', render: (row) => <Price row={row} value={row.low} /> },
        { key: 'median', title: t('price.median'), number: true, field: 'median', render: (row) => <Price row={row} value={row.median} /> },
        { key: 'high', title: t('price.high'), number: true, field: 'high', render: (row) => <Price row={row} value={row.high} /> },
        { key: 'spread', title: t('price.spread'), number: true, field: 'spread', render: (row) => (row.spread ? <b><Price row={row} value={row.spread} /></b> : '—') },
        { key: 'why', title: t('price.why'), field: 'status', words: 'status.price', render: (row) => (row.group ? null : <Why row={row} />) },
        { key: 'unexplained', title: t('price.unexplained'), optional: true, number: true, field: 'unexplained', render: (row) => formatCount(row.unexplained) },
      ]}
      empty={<Empty title={t('price.none')}>{t('price.noneHint')}</Empty>}
    />
  )
}

const unitOf = (row: PriceLine, points: string, t: (key: string) => string) => (row.unit === 'fen' ? t('price.units.fen') : row.unit === 'per_1000' ? t('price.units.per_1000') : points)

function Price({ row, value }: { row: PriceLine; value: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  if (row.unit === 'fen') return <span className="nowrap">{formatMoney(value)}</span>
  return <span className="nowrap">{formatCount(Math.round(value * 10) / 10)} <em className="price-unit">{row.unit === 'per_1000' ? t('price.perThousand') : say(row.unit_name, row.unit_name_en)}</em></span>
}

function Why({ row }: { row: PriceLine }) {
  const { t } = useTranslation()
  const varied = row.status !== 'even'
  const said = varied ? row.why.filter((one) => one !== 'open' && one !== 'none') : []
  return (
    <>
      <StatusTag kind="price" value={row.status} tone={tones[row.status]} />
      {row.unexplained > 0 && <small className="bad">{t('price.left', { count: row.unexplained, shown: formatCount(row.unexplained) })}</small>}
      {said.length > 0 && <small>{said.map((one) => t(`price.reasons.${one}`)).join(t('price.comma'))}</small>}
      {varied && row.notes.map((note) => <small key={note}>{t('price.note', { note })}</small>)}
    </>
  )
}

function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { by = 'tier', kind, segment_id } = state.params
  return (
    <>
      <Select
        aria-label={t('price.by')}
        value={by}
        onChange={(value: string) => state.change({ by: value === 'tier' ? undefined : value, segment_id: undefined })}
        options={axes.filter((one) => one !== 'segment' || may('segment.read')).map((value) => ({ value, label: t(`price.axes.${value}`) }))}
        className="price-choice"
      />
      {by === 'segment' && <SegmentChoice value={segment_id} change={(value) => state.change({ segment_id: value })} />}
      <Select
        allowClear
        placeholder={t('price.allKinds')}
        aria-label={t('price.kind')}
        value={kind}
        onChange={(value?: string) => state.change({ kind: value })}
        options={kinds.map((value) => ({ value, label: t(`price.kinds.${value}`) }))}
        className="price-choice"
      />
      <PeriodFilter state={state} label={t('price.period')} since={t('price.since')} until={t('price.until')} />
    </>
  )
}

function SegmentChoice({ value, change }: { value?: string; change: (value?: string) => void }) {
  const { t } = useTranslation()
  const choices = useSegmentChoices('')
  return <Select {...choices} allowClear aria-label={t('price.axes.segment')} placeholder={t('price.chooseSegment')} value={value} onChange={change} className="price-choice" />
}
