/** The rule read aloud: the sentence a person would say. */
import { useTranslation } from 'react-i18next'
import { Note } from '@kit/layout'
import { opKeys, type ConditionSources } from './ConditionFields'
import { isFinished, isGroup, groupKind, partsOf, takesNoValue, takesProperty, UNIT, type Attr, type Behaviour, type Expression, type TagLeaf } from './expression'

export function useRuleSentence(sources: ConditionSources): (expression: Expression) => string {
  const { t } = useTranslation()
  const value = (leaf: Attr): string => {
    const shown = (each: unknown) => {
      if (leaf.name === UNIT) return sources.units.find((unit) => unit.value === each)?.label.trim() ?? String(each)
      if (typeof each === 'boolean') return t(each ? 'segment.yes' : 'segment.no')
      return String(each ?? '…')
    }
    if (leaf.op === 'between' && Array.isArray(leaf.value)) return `${shown(leaf.value[0])}–${shown(leaf.value[1])}`
    return Array.isArray(leaf.value) ? leaf.value.slice(0, 6).map(shown).join(t('list.comma')) + (leaf.value.length > 6 ? '…' : '') : shown(leaf.value)
  }
  const did = (leaf: Behaviour): string => {
    const event = sources.events.find((each) => each.name === leaf.name)
    if (!event) return t('segment.unfinishedPart')
    const label = (name: string) => event.properties.find((each) => each.name === name)?.label ?? name
    const money = takesProperty(leaf.measure) && leaf.property === 'amount_fen'
    const number = (each: unknown) => (each == null || each === '' ? '…' : money ? String(Number(each) / 100) : String(each))
    const amount = leaf.op === 'between' && Array.isArray(leaf.value) ? leaf.value.map(number).join('–') : number(leaf.value)
    const where = (leaf.where ?? []).filter((one) => one.property).map((one) => {
      const shown = Array.isArray(one.value) ? one.value.map(String).join(t('list.comma')) : String(one.value ?? '')
      return `${label(one.property)} ${t(`segment.op.${opKeys[one.op]}`)} ${typeof one.value === 'boolean' ? t(one.value ? 'segment.yes' : 'segment.no') : shown}`.trim()
    })
    return t(`builder.says.${leaf.measure}`, {
      window: leaf.window_days ? t('builder.within', { count: leaf.window_days }) : t('builder.everSays'),
      event: event.label + (where.length > 0 ? t('builder.whereSays', { where: where.join(t('list.comma')) }) : ''),
      property: money ? t('builder.amount') : label(leaf.property ?? ''),
      op: t(`segment.op.${opKeys[leaf.op]}`),
      value: `${amount}${money ? ` ${t('unit.yuan')}` : ''}`,
    })
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
  if (isGroup(root) && partsOf(root, '').length === 0) return <Note icon="info">{t('segment.emptyHint')}</Note>
  return <Note icon="eye"><b>{t('segment.readAloud')}</b> {sentence(root)}</Note>
}
