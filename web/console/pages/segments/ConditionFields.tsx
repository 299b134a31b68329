/** The fields of one condition: what is compared, how, and with what, by the attribute's own type. */
import { DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { UnitSelect } from '@console/app/units'
import { formatFigure } from '@kit/format'
import { EventFields } from './EventFields'
import { RankFields } from './RankFields'
import { SequenceFields } from './SequenceFields'
import { TagFields } from './TagFields'
import { UNIT, inUsualOrder, takesList, takesNoValue, type Attr, type AttributeType, type Bucket, type Leaf, type Measure, type Op, type Reference, type Upload } from './expression'

export interface AttributeChoice {
  name: string
  label: string
  type: AttributeType
  ops: Op[]
  deposit: boolean
  /** Values seen, where there are few: offered, never enforced. */
  values?: string[]
  /** What values are called that are keys of something with a name. */
  called?: Record<string, string>
}

export interface EventChoice {
  name: string
  label: string
  properties: AttributeChoice[]
}

export interface TagChoice {
  name: string
  label: string
  category: string
  /** One has it or has not. */
  boolean: boolean
  values: { value: string; label: string; count: number }[]
  standing: 'fresh' | 'last_good' | 'unknown' | 'blocked'
  dataAt: string | null
}

/** What conditions may name and how: all of it from the server's schema and vocabulary. */
export interface ConditionSources {
  leaves: Leaf['kind'][]
  attributes: AttributeChoice[]
  events: EventChoice[]
  tags: TagChoice[]
  measures: Measure[]
  measureOps: Op[]
  segments: { value: string; label: string }[]
  units: { value: number; label: string }[]
  uploads: { value: string; label: string }[]
  /** Why they could not be read, and how to ask again. */
  failed?: { error: unknown; refetch: () => unknown }
}

/** Whether it is known by now how things are called; until then a rule would show bare names. */
export const named = (sources: ConditionSources): boolean => sources.attributes.length > 0

export interface FieldsProps<L extends Leaf> {
  leaf: L
  sources: ConditionSources
  change: (leaf: L) => void
  readOnly?: boolean
}

export function ConditionFields({ leaf, ...rest }: FieldsProps<Leaf>) {
  if (leaf.kind === 'attr') return <AttrFields leaf={leaf} {...rest} />
  if (leaf.kind === 'bucket') return <BucketFields leaf={leaf} {...rest} />
  if (leaf.kind === 'event') return <EventFields leaf={leaf} {...rest} />
  if (leaf.kind === 'sequence') return <SequenceFields leaf={leaf} {...rest} />
  if (leaf.kind === 'rank') return <RankFields leaf={leaf} {...rest} />
  if (leaf.kind === 'tag') return <TagFields leaf={leaf} {...rest} />
  if (leaf.kind === 'segment') return <ReferenceFields leaf={leaf} {...rest} />
  return <UploadFields leaf={leaf} {...rest} />
}

function AttrFields({ leaf, sources, change, readOnly }: FieldsProps<Attr>) {
  const { t } = useTranslation()
  const attribute = sources.attributes.find((each) => each.name === leaf.name)
  const ops = inUsualOrder(attribute?.ops ?? [])
  const choose = (name: string) => {
    const next = sources.attributes.find((each) => each.name === name)
    if (next) change({ kind: 'attr', name, op: inUsualOrder(next.ops)[0] ?? '=' })
  }
  const chooseOp = (op: Op) => {
    const keeps = takesList(op) === takesList(leaf.op) && op !== 'between' && leaf.op !== 'between' && !takesNoValue(op)
    change({ ...leaf, op, value: keeps ? leaf.value : undefined })
  }
  return (
    <>
      <Select
        size="small"
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('segment.attribute')}
        placeholder={t('segment.attribute')}
        value={leaf.name || undefined}
        options={sources.attributes.map((each) => ({ value: each.name, label: each.label }))}
        onChange={choose}
        disabled={readOnly}
        popupMatchSelectWidth={false}
        style={{ minWidth: 132, fontWeight: 600 }}
      />
      {attribute && (
        <>
          <Select
            size="small"
            aria-label={t('segment.comparison')}
            value={leaf.op}
            options={ops.map((op) => ({ value: op, label: t(`segment.op.${opKeys[op]}`) }))}
            onChange={chooseOp}
            disabled={readOnly}
            popupMatchSelectWidth={false}
          />
          <ValueField attribute={attribute} leaf={leaf} change={change} readOnly={readOnly} />
        </>
      )}
    </>
  )
}

/** Names of the comparisons in the word lists. */
export const opKeys: Record<Op, string> = {
  '=': 'equal', '!=': 'notEqual', in: 'in', not_in: 'notIn', '<': 'less', '<=': 'atMost', '>': 'more', '>=': 'atLeast', between: 'between', begins: 'begins', not_begins: 'notBegins', is_known: 'isKnown', is_unknown: 'isUnknown',
}

export function ValueField({ attribute, leaf, change, readOnly }: Omit<FieldsProps<Attr>, 'sources'> & { attribute: AttributeChoice }) {
  const { t } = useTranslation()
  const put = (value: unknown) => change({ ...leaf, value })
  if (takesNoValue(leaf.op)) return null
  if (attribute.name === UNIT) {
    return (
      <UnitSelect
        size="small" mode="multiple" disabled={readOnly} style={{ minWidth: 180 }} aria-label={t('segment.value')} placeholder={t('form.choose')}
        value={(leaf.value as number[] | undefined) ?? []} onChange={put} maxTagCount="responsive"
      />
    )
  }
  if (attribute.type === 'boolean') {
    const options = [{ value: true, label: t('segment.yes') }, { value: false, label: t('segment.no') }]
    return <Select size="small" aria-label={t('segment.value')} placeholder={t('form.choose')} disabled={readOnly} value={leaf.value as boolean | undefined} options={options} onChange={put} />
  }
  if (takesList(leaf.op)) return <ListField attribute={attribute} value={leaf.value as unknown[] | undefined} put={put} readOnly={readOnly} />
  if (leaf.op === 'between') {
    const [low, high] = (leaf.value as unknown[] | undefined) ?? [undefined, undefined]
    return (
      <>
        <Scalar attribute={attribute} value={low} put={(value) => put([value, high ?? null])} label={t('segment.from')} readOnly={readOnly} />
        <span className="muted">–</span>
        <Scalar attribute={attribute} value={high} put={(value) => put([low ?? null, value])} label={t('segment.to')} readOnly={readOnly} />
      </>
    )
  }
  return <Scalar attribute={attribute} value={leaf.value} put={put} label={t('segment.value')} readOnly={readOnly} />
}

function ListField({ attribute, value, put, readOnly }: { attribute: AttributeChoice; value: unknown[] | undefined; put: (value: unknown) => void; readOnly?: boolean }) {
  const { t } = useTranslation()
  const numeric = attribute.type === 'integer' || attribute.type === 'decimal'
  const read = (words: string[]) => (numeric ? words.map(Number).filter((number) => Number.isFinite(number)) : words.map((word) => word.trim()).filter(Boolean))
  return (
    <Select
      size="small" mode="tags" tokenSeparators={[',', '，', ' ']} disabled={readOnly} style={{ minWidth: 180, maxWidth: 420 }} aria-label={t('segment.value')} placeholder={t('segment.values')}
      value={(value ?? []).map(String)} options={attribute.values?.map((word) => ({ value: word, label: attribute.called?.[word] ?? word }))} onChange={(words: string[]) => put(read(words))}
    />
  )
}

/** Separators while nobody types. */
const SEPARATED = {
  formatter: (value: number | string | undefined, { userTyping, input }: { userTyping: boolean; input: string }) => (userTyping ? input : formatFigure(value ?? '', true)),
  parser: (text: string | undefined) => (text ?? '').replaceAll(',', '') as unknown as number,
}

interface ScalarProps {
  attribute: AttributeChoice
  value: unknown
  put: (value: unknown) => void
  label: string
  readOnly?: boolean
}

function Scalar({ attribute, value, put, label, readOnly }: ScalarProps) {
  const { t } = useTranslation()
  const shared = { size: 'small' as const, disabled: readOnly, 'aria-label': label }
  if (attribute.type === 'date') {
    return <DatePicker {...shared} value={value ? dayjs(String(value)) : null} onChange={(day) => put(day ? day.format('YYYY-MM-DD') : null)} />
  }
  const called = Object.entries(attribute.called ?? {}).map(([key, name]) => ({ value: key, label: name }))
  if (called.length > 0) return <Select {...shared} style={{ width: 140 }} options={called} value={(value as string | undefined) ?? undefined} onChange={put} placeholder={t('form.choose')} />
  if (attribute.type === 'text') {
    return <Input {...shared} style={{ width: 140 }} value={(value as string | undefined) ?? ''} onChange={(event) => put(event.target.value)} />
  }
  return <InputNumber {...shared} {...SEPARATED} style={{ width: 96 }} precision={attribute.type === 'integer' ? 0 : undefined} value={value as number | null} onChange={put} controls={false} />
}

function BucketFields({ leaf, change, readOnly }: FieldsProps<Bucket>) {
  const { t } = useTranslation()
  const percent = (ppm: number) => ppm / 10_000
  const shared = { size: 'small' as const, min: 0, max: 100, precision: 2, controls: false, disabled: readOnly, style: { width: 72 } }
  return (
    <>
      <b className="s13">{t('segment.bucket')}</b>
      <InputNumber {...shared} aria-label={t('segment.from')} value={percent(leaf.low_ppm)} onChange={(value) => change({ ...leaf, low_ppm: Math.round((value ?? 0) * 10_000) })} />
      <span className="muted">–</span>
      <InputNumber {...shared} aria-label={t('segment.to')} value={percent(leaf.high_ppm)} onChange={(value) => change({ ...leaf, high_ppm: Math.round((value ?? 0) * 10_000) })} />
      <span className="second s12">%</span>
      <Input size="small" style={{ width: 120 }} aria-label={t('segment.salt')} placeholder={t('segment.salt')} value={leaf.salt} disabled={readOnly} onChange={(event) => change({ ...leaf, salt: event.target.value })} />
    </>
  )
}

function ReferenceFields({ leaf, sources, change, readOnly }: FieldsProps<Reference>) {
  const { t } = useTranslation()
  return (
    <>
      <span className="s13">{t('builder.inSegment')}</span>
      <Select
        size="small" showSearch={{ optionFilterProp: 'label' }} style={{ minWidth: 220, fontWeight: 600 }} aria-label={t('builder.segment')} placeholder={t('builder.segment')} disabled={readOnly}
        value={leaf.segment_id || undefined} options={sources.segments} onChange={(segment_id) => change({ ...leaf, segment_id })}
      />
    </>
  )
}

function UploadFields({ leaf, sources, change, readOnly }: FieldsProps<Upload>) {
  const { t } = useTranslation()
  return (
    <Select
      size="small" showSearch={{ optionFilterProp: 'label' }} style={{ minWidth: 220 }} aria-label={t('segment.upload')} placeholder={t('segment.upload')} disabled={readOnly}
      value={leaf.upload_id || undefined} options={sources.uploads} onChange={(upload_id) => change({ ...leaf, upload_id })}
    />
  )
}
