/** The fields of a tag's definition as people read them: rules as sentences, bands with their ends. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Definition } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { asRoot, type Expression } from '@console/pages/segments/expression'
import { useRuleSentence } from '@console/pages/segments/RuleText'
import { useSources } from '@console/pages/segments/useSources'
import { useCategoryName } from './categories'
import { useBand, useStatisticSentence } from './tagWords'

/** A field of a definition as people read it: rules as sentences, bands with their ends. */
export function useShownField(): (definition: Partial<Definition>, name: keyof Definition) => ReactNode {
  const { t } = useTranslation()
  const say = useBilingual()
  const sources = useSources('selection', null)
  const sentence = useRuleSentence(sources)
  const measured = useStatisticSentence(sources)
  const band = useBand()
  const category = useCategoryName()
  return (definition, name) => {
    const value = definition[name]
    if (value == null || value === '') return null
    if (name === 'statistic' && definition.statistic) return measured(definition.statistic)
    if (name === 'values')
      return definition.values?.map((one) => (
        <span key={one.name} style={{ display: 'block' }}><b>{say(one.label, one.label_en)}</b> {one.expression ? sentence(asRoot(one.expression as unknown as Expression)) : definition.statistic ? band(one, definition.statistic) : ''}</span>
      ))
    if (name === 'kind' && definition.kind) return t(`tag.kinds.${definition.kind}`)
    if (name === 'category') return category(definition.category ?? '')
    if (name === 'purposes') return definition.purposes?.map((each) => t(`tag.purposeNames.${each}`, { defaultValue: each })).join(t('list.comma')) || t('tag.anyPurpose')
    if (name === 'schedule') return t(`tag.schedules.${definition.schedule ?? 'daily'}`)
    if (name === 'when_stale') return t(`tag.whenStale.${definition.when_stale ?? 'last_good'}`)
    if (typeof value === 'boolean') return t(value ? 'segment.yes' : 'segment.no')
    return Array.isArray(value) ? value.map(String).join(t('list.comma')) : String(value as string | number)
  }
}

/** One field as an approval keeps it, or with many tags in one approval the fields of one tag, a line each. */
export function useShownTag(): (path: string, value: unknown, beside: Partial<Definition>) => ReactNode {
  const { t } = useTranslation()
  const show = useShownField()
  return (path, value, beside) => {
    if (value == null) return null
    if (typeof value === 'object' && !Array.isArray(value) && path !== 'statistic') {
      const part = value as Partial<Definition>
      return (Object.keys(part) as (keyof Definition)[])
        .filter((name) => name !== 'name' && name !== 'label' && name !== 'label_en')
        .map((name) => <span key={name} style={{ display: 'block' }}><span className="second">{t(`tag.fields.${name}`)}</span> {show(part, name)}</span>)
    }
    return show({ ...beside, [path]: value }, path as keyof Definition)
  }
}
