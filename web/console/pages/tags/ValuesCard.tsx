/** The values of a tag: for a rule an expression each, the first that is true counts; for a statistic a band each. */
import { Button, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TagValue } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import type { ConditionSources } from '@console/pages/segments/ConditionFields'
import { addTo, asRoot, type Expression } from '@console/pages/segments/expression'
import { AddPart, NO_COUNTS, RuleTree } from '@console/pages/segments/RuleTree'
import { RuleText } from '@console/pages/segments/RuleText'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import type { PartProps } from './BasicsCard'
import { move, nextValue } from './drafting'
import { inYuan, isBoolean, ruled } from './tagWords'

export function ValuesCard({ one, put, sources }: PartProps & { sources: ConditionSources }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { values } = one
  const change = (place: number, next: TagValue) => put({ values: values.map((value, at) => (at === place ? next : value)) })
  return (
    <Card title={t('tag.values')} hint={t(ruled(one) ? 'tag.orderHint' : one.kind === 'statistic' ? 'tag.bandHint' : 'tag.valuesHint')}>
      <div className="stack">
        {values.map((value, place) => (
          <section key={place} className="tag-value" aria-label={say(value.label, value.label_en) || t('tag.valueNo', { number: place + 1 })}>
            <div className="tag-value-head">
              <Names one={value} place={place} yes={isBoolean(values)} change={(next) => change(place, next)} />
              {one.kind === 'statistic' && <Band one={one} value={value} change={(next) => change(place, next)} />}
              <span className="row">
                <Button type="text" size="small" disabled={place === 0} aria-label={t('tag.up')} icon={<Icon name="down" style={{ transform: 'rotate(180deg)' }} />} onClick={() => put({ values: move(values, place, -1) })} />
                <Button type="text" size="small" disabled={place === values.length - 1} aria-label={t('tag.down')} icon={<Icon name="down" />} onClick={() => put({ values: move(values, place, 1) })} />
                <Button type="text" size="small" disabled={values.length === 1} aria-label={t('tag.removeValue')} icon={<Icon name="close" />} onClick={() => put({ values: values.filter((_, at) => at !== place) })} />
              </span>
            </div>
            {ruled(one) && <RuleOf value={value} sources={sources} change={(next) => change(place, next)} />}
          </section>
        ))}
        <div><Button icon={<Icon name="plus" />} onClick={() => put({ values: [...values, nextValue(one)] })}>{t('tag.addValue')}</Button></div>
      </div>
    </Card>
  )
}

function Names({ one, place, yes, change }: { one: TagValue; place: number; yes: boolean; change: (next: TagValue) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <Input size="small" aria-label={t('tag.valueLabel', { number: place + 1 })} placeholder={t('tag.fields.label')} value={one.label} maxLength={60} onChange={(event) => change({ ...one, label: event.target.value })} />
      <Input size="small" aria-label={t('tag.valueLabelEn', { number: place + 1 })} placeholder={t('tag.fields.label_en')} value={one.label_en} maxLength={60} onChange={(event) => change({ ...one, label_en: event.target.value })} />
      <Input size="small" className="mono" aria-label={t('tag.valueName', { number: place + 1 })} title={yes ? t('tag.yesHint') : undefined} value={one.name} maxLength={60} spellCheck={false} onChange={(event) => change({ ...one, name: event.target.value.trim() })} />
    </>
  )
}

function RuleOf({ value, sources, change }: { value: TagValue; sources: ConditionSources; change: (next: TagValue) => void }) {
  const root = asRoot(value.expression as unknown as Expression | undefined)
  const put = (next: Expression) => change({ ...value, expression: asRoot(next) as unknown as Record<string, unknown> })
  return (
    <>
      <RuleTree root={root} change={put} counts={NO_COUNTS} sources={sources} />
      <div className="row wrap"><AddPart leaves={sources.leaves} add={(part) => put(addTo(root, '', part))} /></div>
      <RuleText root={root} sources={sources} />
    </>
  )
}

/** Amounts are typed in yuan and kept in fen. */
function Band({ one, value, change }: Pick<PartProps, 'one'> & { value: TagValue; change: (next: TagValue) => void }) {
  const { t } = useTranslation()
  if (one.statistic?.take === 'top') return <Input size="small" aria-label={t('tag.equalsLabel')} placeholder={t('tag.equalsLabel')} value={value.equals ?? ''} maxLength={200} onChange={(event) => change({ ...value, equals: event.target.value })} />
  const money = inYuan(one.statistic)
  const shown = (fen: number | null | undefined) => (fen == null ? null : money ? fen / 100 : fen)
  const kept = (typed: number | null) => (typed == null ? null : money ? Math.round(typed * 100) : typed)
  const shared = { size: 'small' as const, controls: false, style: { width: 96 } }
  return (
    <span className="row">
      <InputNumber {...shared} aria-label={t('tag.lowEnd')} placeholder={t('tag.lowEnd')} value={shown(value.low)} onChange={(low) => change({ ...value, low: kept(low) })} />
      <span className="muted">≤ x &lt;</span>
      <InputNumber {...shared} aria-label={t('tag.highEnd')} placeholder={t('tag.highEnd')} value={shown(value.high)} onChange={(high) => change({ ...value, high: kept(high) })} />
      <span className="second s12">{one.statistic?.ranked ? '%' : money ? t('unit.yuan') : ''}</span>
    </span>
  )
}
