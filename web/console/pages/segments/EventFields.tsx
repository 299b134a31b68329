/** A condition on what customers did: which event, how often or how much, in which window, under which properties. */
import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import { ValueField, opKeys, type FieldsProps } from './ConditionFields'
import { inUsualOrder, takesNoValue, takesProperty, type Behaviour, type Measure, type Op, type Where } from './expression'

const WINDOWS = [1, 7, 14, 30, 60, 90, 180, 365]

interface PickProps<Value> {
  value: Value
  put: (value: Value) => void
  readOnly?: boolean
}

/** Which event. */
export function EventPick({ value, put, readOnly, events }: PickProps<string> & { events: FieldsProps<Behaviour>['sources']['events'] }) {
  const { t } = useTranslation()
  return (
    <Select
      size="small" disabled={readOnly} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }} aria-label={t('builder.event')} placeholder={t('builder.event')} style={{ minWidth: 120, fontWeight: 600 }}
      value={value || undefined} options={events.map((each) => ({ value: each.name, label: each.label }))} onChange={put}
    />
  )
}

/** In which window of days; null is ever. */
export function WindowPick({ value, put, readOnly }: PickProps<number | null>) {
  const { t } = useTranslation()
  const windows = [...new Set([...WINDOWS, ...(value ? [value] : [])])].sort((a, b) => a - b)
  return (
    <Select
      size="small" disabled={readOnly} popupMatchSelectWidth={false} aria-label={t('builder.window')} value={value ?? 0}
      options={[...windows.map((days) => ({ value: days, label: t('builder.within', { count: days }) })), { value: 0, label: t('builder.ever') }]} onChange={(days) => put(days || null)}
    />
  )
}

/** Which measure, and of which property where it takes one. */
export function MeasurePick({ value, put, readOnly, sources }: PickProps<Pick<Behaviour, 'name' | 'measure' | 'property'>> & { sources: FieldsProps<Behaviour>['sources'] }) {
  const { t } = useTranslation()
  const shared = { size: 'small' as const, disabled: readOnly, popupMatchSelectWidth: false }
  const numbers = (sources.events.find((each) => each.name === value.name)?.properties ?? []).filter((one) => one.type === 'integer' || one.type === 'decimal')
  return (
    <>
      <Select {...shared} aria-label={t('builder.measure')} value={value.measure} options={sources.measures.map((measure) => ({ value: measure, label: t(`builder.measures.${measure}`) }))} onChange={(measure: Measure) => put({ ...value, measure, property: takesProperty(measure) ? (value.property ?? AMOUNT) : null })} />
      {takesProperty(value.measure) && <Select {...shared} aria-label={t('builder.property')} value={value.property} options={numbers.map((one) => ({ value: one.name, label: one.name === AMOUNT ? t('builder.amount') : one.label }))} onChange={(property) => put({ ...value, property })} />}
    </>
  )
}

/** What is asked of an event's properties. */
export function WherePick({ value, put, readOnly, name, sources }: PickProps<Where[]> & { name: string; sources: FieldsProps<Behaviour>['sources'] }) {
  const { t } = useTranslation()
  return (
    <>
      {value.map((one, place) => (
        <WhereField key={place} one={one} leaf={{ name }} sources={sources} readOnly={readOnly} put={(next) => put(value.flatMap((each, index) => (index === place ? (next ? [next] : []) : [each])))} />
      ))}
      {!readOnly && <Button type="text" size="small" className="jade" icon={<Icon name="plus" />} onClick={() => put([...value, { property: '', op: 'in' }])}>{t('builder.whereAdd')}</Button>}
    </>
  )
}
const AMOUNT = 'amount_fen'
/** Amounts are whole fen in a rule and yuan on the page. */
const isMoney = (leaf: Behaviour) => takesProperty(leaf.measure) && leaf.property === AMOUNT

export function EventFields({ leaf, sources, change, readOnly }: FieldsProps<Behaviour>) {
  const { t } = useTranslation()
  const event = sources.events.find((each) => each.name === leaf.name)
  const shared = { size: 'small' as const, disabled: readOnly, popupMatchSelectWidth: false }
  return (
    <>
      <EventPick value={leaf.name} put={(name) => change({ ...leaf, name, property: takesProperty(leaf.measure) ? AMOUNT : null, where: [] })} readOnly={readOnly} events={sources.events} />
      {event && (
        <>
          <WindowPick value={leaf.window_days ?? null} put={(window_days) => change({ ...leaf, window_days })} readOnly={readOnly} />
          <MeasurePick value={leaf} put={({ measure, property }) => change({ ...leaf, measure, property, value: undefined })} readOnly={readOnly} sources={sources} />
          <Select {...shared} aria-label={t('segment.comparison')} value={leaf.op} options={sources.measureOps.map((op) => ({ value: op, label: t(`segment.op.${opKeys[op]}`) }))} onChange={(op: Op) => change({ ...leaf, op, value: op === 'between' || leaf.op === 'between' ? undefined : leaf.value })} />
          <Threshold leaf={leaf} change={change} readOnly={readOnly} />
          <WherePick value={leaf.where ?? []} put={(where) => change({ ...leaf, where })} readOnly={readOnly} name={leaf.name} sources={sources} />
        </>
      )}
    </>
  )
}

function Threshold({ leaf, change, readOnly }: Omit<FieldsProps<Behaviour>, 'sources'>) {
  const { t } = useTranslation()
  const money = isMoney(leaf)
  const shown = (value: unknown) => (value == null || value === '' ? null : money ? Number(value) / 100 : Number(value))
  const kept = (value: number | null) => (value == null ? null : money ? Math.round(value * 100) : value)
  const whole = leaf.measure === 'count' || leaf.measure === 'days' || leaf.measure === 'last_days_ago'
  const shared = { size: 'small' as const, disabled: readOnly, min: whole ? 0 : undefined, precision: whole ? 0 : undefined, controls: false, style: { width: 84 } }
  const unit = money ? t('unit.yuan') : t(`builder.units.${leaf.measure}`)
  if (leaf.op === 'between') {
    const [low, high] = (leaf.value as unknown[] | undefined) ?? []
    return (
      <>
        <InputNumber {...shared} aria-label={t('segment.from')} value={shown(low)} onChange={(value) => change({ ...leaf, value: [kept(value), high ?? null] })} />
        <span className="muted">–</span>
        <InputNumber {...shared} aria-label={t('segment.to')} value={shown(high)} onChange={(value) => change({ ...leaf, value: [low ?? null, kept(value)] })} />
        <span className="second s12">{unit}</span>
      </>
    )
  }
  return (
    <>
      <InputNumber {...shared} aria-label={t('segment.value')} value={shown(leaf.value)} onChange={(value) => change({ ...leaf, value: kept(value) })} />
      <span className="second s12">{unit}</span>
    </>
  )
}

export function WhereField({ one, leaf, sources, put, readOnly }: { one: Where; leaf: Pick<Behaviour, 'name'>; sources: FieldsProps<Behaviour>['sources']; put: (next: Where | null) => void; readOnly?: boolean }) {
  const { t } = useTranslation()
  const properties = sources.events.find((each) => each.name === leaf.name)?.properties ?? []
  const property = properties.find((each) => each.name === one.property)
  const ops = inUsualOrder(property?.ops ?? [])
  const shared = { size: 'small' as const, disabled: readOnly, popupMatchSelectWidth: false }
  return (
    <span className="rule-where">
      <span className="muted s12">{t('builder.where')}</span>
      <Select {...shared} aria-label={t('builder.property')} placeholder={t('builder.property')} value={one.property || undefined} options={properties.map((each) => ({ value: each.name, label: each.label }))} onChange={(name) => put({ property: name, op: inUsualOrder(properties.find((each) => each.name === name)?.ops ?? [])[0] ?? '=' })} />
      {property && <Select {...shared} aria-label={t('segment.comparison')} value={one.op} options={ops.map((op) => ({ value: op, label: t(`segment.op.${opKeys[op]}`) }))} onChange={(op: Op) => put({ property: one.property, op })} />}
      {property && !takesNoValue(one.op) && <ValueField attribute={property} leaf={{ kind: 'attr', name: one.property, op: one.op, value: one.value }} change={(next) => put({ ...one, value: next.value })} readOnly={readOnly} />}
      {!readOnly && <button type="button" className="muted" aria-label={t('builder.whereRemove')} onClick={() => put(null)}><Icon name="close" style={{ width: 12, height: 12 }} /></button>}
    </span>
  )
}
