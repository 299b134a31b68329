/** The rule read aloud: the sentence a person would say. */
import { useTranslation } from 'react-i18next'
import { formatFigure } from '@kit/format'
import { Note } from '@kit/layout'
import { named, opKeys, type ConditionSources } from './ConditionFields'
import { isFinished, isGroup, groupKind, partsOf, takesNoValue, takesProperty, UNIT, type Attr, type Behaviour, type EventSequence, type Expression, type Rank, type Step, type TagLeaf, type Where } from './expression'

export function useRuleSentence(sources: ConditionSources): (expression: Expression) => string {
  const { t } = useTranslation()
  const value = (leaf: Attr): string => {
    const attribute = sources.attributes.find((each) => each.name === leaf.name)
    const type = attribute?.type
    const numeric = type === 'integer' || type === 'decimal'
    const shown = (each: unknown) => {
      if (leaf.name === UNIT) return sources.units.find((unit) => unit.value === each)?.label.trim() ?? String(each)
      if (typeof each === 'boolean') return t(each ? 'segment.yes' : 'segment.no')
      return attribute?.called?.[String(each)] ?? formatFigure(each ?? '…', each != null && numeric)
    }
    if (leaf.op === 'between' && Array.isArray(leaf.value)) return `${shown(leaf.value[0])}–${shown(leaf.value[1])}`
    return Array.isArray(leaf.value) ? leaf.value.slice(0, 6).map(shown).join(t('list.comma')) + (leaf.value.length > 6 ? '…' : '') : shown(leaf.value)
  }
  const windowOf = (days: number | null | undefined) => (days ? t('builder.within', { count: days }) : t('builder.everSays'))
  const happening = (name: string, conditions: Where[] | undefined): string | null => {
    const event = sources.events.find((each) => each.name === name)
    if (!event) return null
    const label = (property: string) => event.properties.find((each) => each.name === property)?.label ?? property
    const where = (conditions ?? []).filter((one) => one.property).map((one) => {
      const shown = Array.isArray(one.value) ? one.value.map((each) => formatFigure(each)).join(t('list.comma')) : formatFigure(one.value ?? '')
      return `${label(one.property)} ${t(`segment.op.${opKeys[one.op]}`)} ${typeof one.value === 'boolean' ? t(one.value ? 'segment.yes' : 'segment.no') : shown}`.trim()
    })
    return event.label + (where.length > 0 ? t('builder.whereSays', { where: where.join(t('list.comma')) }) : '')
  }
  const propertyOf = (leaf: Pick<Behaviour, 'name' | 'property'>): string => {
    if (leaf.property === 'amount_fen') return t('builder.amount')
    return sources.events.find((each) => each.name === leaf.name)?.properties.find((each) => each.name === leaf.property)?.label ?? leaf.property ?? ''
  }
  const did = (leaf: Behaviour): string => {
    const event = happening(leaf.name, leaf.where)
    if (event === null) return t('segment.unfinishedPart')
    const money = takesProperty(leaf.measure) && leaf.property === 'amount_fen'
    const number = (each: unknown) => (each == null || each === '' ? '…' : formatFigure(money ? Number(each) / 100 : each))
    const amount = leaf.op === 'between' && Array.isArray(leaf.value) ? leaf.value.map(number).join('–') : number(leaf.value)
    return t(`builder.says.${leaf.measure}`, {
      window: windowOf(leaf.window_days), event, property: propertyOf(leaf), op: t(`segment.op.${opKeys[leaf.op]}`), value: `${amount}${money ? ` ${t('unit.yuan')}` : ''}`,
    })
  }
  const chained = (leaf: EventSequence): string => {
    const step = (one: Step) => happening(one.name, one.where) ?? '…'
    return t('rule.sequenceSays', {
      window: windowOf(leaf.window_days), steps: leaf.steps.map(step).join(' → '), days: leaf.within_days ?? '…', never: leaf.never ? t('rule.neverSays', { event: step(leaf.never) }) : '',
    })
  }
  const ranked = ({ by, direction, take, within }: Rank): string => {
    if (!by.name) return t('segment.unfinishedPart')
    const what = by.kind === 'attr'
      ? (sources.attributes.find((each) => each.name === by.name)?.label ?? by.name)
      : t(`rule.measured.${by.measure}`, { window: windowOf(by.window_days), event: happening(by.name, by.where) ?? '…', property: propertyOf(by) })
    const most = take.count == null ? `${take.percent ?? '…'}%` : t('rule.customers', { shown: take.count })
    return t(`rule.rankSays.${direction}`, { what, take: most, within: t(`rule.withinSays.${within}`) })
  }
  const tagged = (leaf: TagLeaf): string => {
    const tag = sources.tags.find((each) => each.name === leaf.name)
    if (!leaf.name) return t('segment.unfinishedPart')
    const name = tag?.label ?? leaf.name
    if (takesNoValue(leaf.op)) return `${name} ${t(`segment.op.${opKeys[leaf.op]}`)}`
    if (tag?.boolean) return t(leaf.op === 'in' ? 'tag.has' : 'tag.hasNot', { name })
    const values = (leaf.value ?? []).map((value) => tag?.values.find((each) => each.value === value)?.label ?? value)
    return `${name} ${t(`segment.op.${opKeys[leaf.op]}`)} ${values.join(t('list.comma')) || '…'}`
  }
  const say = (node: Expression, nested = false): string => {
    if (node.kind === 'event') return did(node)
    if (node.kind === 'sequence') return chained(node)
    if (node.kind === 'rank') return ranked(node)
    if (node.kind === 'tag') return tagged(node)
    if (node.kind === 'segment') return t('builder.segmentSays', { name: sources.segments.find((each) => each.value === node.segment_id)?.label ?? '…' })
    if (node.kind === 'attr') {
      if (!node.name) return t('segment.unfinishedPart')
      const name = sources.attributes.find((each) => each.name === node.name)?.label ?? node.name
      return takesNoValue(node.op) ? `${name} ${t(`segment.op.${opKeys[node.op]}`)}` : `${name} ${t(`segment.op.${opKeys[node.op]}`)} ${isFinished(node) ? value(node) : '…'}`
    }
    if (node.kind === 'bucket') return t('segment.bucketSays', { low: node.low_ppm / 10_000, high: node.high_ppm / 10_000 })
    if (node.kind === 'upload') return t('segment.uploadSays', { name: sources.uploads.find((each) => each.value === node.upload_id)?.label ?? '…' })
    const kind = groupKind(node)
    const joined = partsOf(node, '').map(({ part }) => say(part, true)).join(` ${t(kind === 'all' ? 'segment.and' : 'segment.or')} `)
    if (kind === 'none') return t('segment.noneOf', { parts: joined })
    return nested && isGroup(node) ? `(${joined})` : joined
  }
  return (expression) => say(expression)
}

export function RuleText({ root, sources }: { root: Expression; sources: ConditionSources }) {
  const { t } = useTranslation()
  const sentence = useRuleSentence(sources)
  if (!named(sources)) return null
  if (isGroup(root) && partsOf(root, '').length === 0) return <Note icon="info">{t('segment.emptyHint')}</Note>
  return <Note icon="eye"><b>{t('segment.readAloud')}</b> {sentence(root)}</Note>
}
