/** The first of each group by a value: by what, among whom, from which end, and how many. */
import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AttributeChoice, FieldsProps } from './ConditionFields'
import { MeasurePick, WherePick, WindowPick } from './EventFields'
import type { ByEvent, Rank } from './expression'

const withins: Rank['within'][] = ['bank', 'branch', 'unit']
const directions: Rank['direction'][] = ['top', 'bottom']
/** Only what has an order and is not sealed can be compared by its ends. */
const hasOrder = (one: AttributeChoice) => one.ops.includes('between')

export function RankFields({ leaf, sources, change, readOnly }: FieldsProps<Rank>) {
  const { t } = useTranslation()
  const shared = { size: 'small' as const, disabled: readOnly, popupMatchSelectWidth: false }
  const { by, take } = leaf
  const choose = (chosen: string) => {
    const [kind, ...name] = chosen.split(':')
    change({ ...leaf, by: kind === 'event' ? { kind: 'event', name: name.join(':'), measure: 'count', window_days: 30, where: [] } : { kind: 'attr', name: name.join(':') } })
  }
  const shares = take.count == null
  return (
    <>
      <span className="second s12">{t('rule.by')}</span>
      <Select
        {...shared} showSearch={{ optionFilterProp: 'label' }} aria-label={t('rule.rankBy')} placeholder={t('rule.rankBy')} style={{ minWidth: 132, fontWeight: 600 }}
        value={by.name ? `${by.kind}:${by.name}` : undefined} onChange={choose}
        options={[
          { label: t('segment.leaf.attr'), options: sources.attributes.filter(hasOrder).map((one) => ({ value: `attr:${one.name}`, label: one.label })) },
          { label: t('segment.leaf.event'), options: sources.events.map((one) => ({ value: `event:${one.name}`, label: one.label })) },
        ]}
      />
      {by.kind === 'event' && <Measured by={by} change={(next) => change({ ...leaf, by: next })} sources={sources} readOnly={readOnly} />}
      <Select {...shared} aria-label={t('rule.among')} value={leaf.within} options={withins.map((value) => ({ value, label: t(`rule.withins.${value}`) }))} onChange={(within: Rank['within']) => change({ ...leaf, within })} />
      <Select {...shared} aria-label={t('rule.direction')} value={leaf.direction} options={directions.map((value) => ({ value, label: t(`rule.directions.${value}`) }))} onChange={(direction: Rank['direction']) => change({ ...leaf, direction })} />
      <InputNumber size="small" aria-label={t('rule.take')} min={1} max={shares ? 100 : 10_000_000} precision={0} controls={false} disabled={readOnly} style={{ width: 56 }} value={shares ? take.percent : take.count} onChange={(value) => change({ ...leaf, take: shares ? { percent: value } : { count: value } })} />
      <Select {...shared} aria-label={t('rule.takeUnit')} value={shares ? 'percent' : 'count'} options={(['percent', 'count'] as const).map((value) => ({ value, label: t(`rule.takeUnits.${value}`) }))} onChange={(unit) => change({ ...leaf, take: unit === 'percent' ? { percent: 20 } : { count: 100 } })} />
    </>
  )
}

function Measured({ by, change, sources, readOnly }: { by: ByEvent; change: (by: ByEvent) => void; sources: FieldsProps<Rank>['sources']; readOnly?: boolean }) {
  return (
    <>
      <WindowPick value={by.window_days ?? null} put={(window_days) => change({ ...by, window_days })} readOnly={readOnly} />
      <MeasurePick value={by} put={({ measure, property }) => change({ ...by, measure, property })} readOnly={readOnly} sources={sources} />
      <WherePick value={by.where ?? []} put={(where) => change({ ...by, where })} readOnly={readOnly} name={by.name} sources={sources} />
    </>
  )
}
