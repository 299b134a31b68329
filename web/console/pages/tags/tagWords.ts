/** How definitions, kinds and values of tags read. */
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { getVocabulary } from '@api/segments'
import type { Definition, Failure, Statistic, TagValue } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { opKeys, type ConditionSources } from '@console/pages/segments/ConditionFields'
import { formatCount } from '@kit/format'
import { useProblemText } from '@kit/problemText'

export const kinds: Definition['kind'][] = ['rule', 'derived', 'statistic', 'model', 'manual', 'imported']
export const measures: NonNullable<Statistic['take']>[] = ['count', 'days', 'sum', 'average', 'max', 'min', 'percentile', 'interval', 'last_days_ago', 'first_days_ago', 'top']
/** What a measure takes of a property's numbers. */
const ofNumbers: ReadonlySet<string> = new Set(['sum', 'average', 'max', 'min', 'percentile'])
export const takesNumber = (take: string | undefined) => ofNumbers.has(take ?? 'count')
export const AMOUNT = 'amount_fen'

export const ruled = (one: Definition) => one.kind === 'rule' || one.kind === 'derived'
/** Amounts stand in fen in a definition and in yuan on the page; shares stand as they are. */
export const inYuan = (one: Statistic | null | undefined) => Boolean(one && !one.ranked && takesNumber(one.take) && one.property === AMOUNT)
export const isBoolean = (values: readonly { name: string }[]) => values.length === 1 && values[0]?.name === 'yes'

/** Why a tag could not be filled, in the reader's language. */
export function useFailure(): (failure: Failure) => string {
  const say = useProblemText()
  return useCallback(({ code, detail, facts }: Failure) => say({ status: 409, code, detail, data: facts }), [say])
}

/** The way to a deposit fact in words, as far as there are any for its steps. */
export function usePathWords(known: readonly { name: string; label?: string | null; label_en?: string | null }[]): (path: readonly string[]) => string {
  const say = useBilingual()
  const words = new Map(known.map((one) => [one.name, say(one.label, one.label_en)]))
  return (path) => path.map((step) => words.get(step) || step).join(' → ')
}

/** Labels of a tag's value by the names of both, from what conditions may name. */
export function useTagValues(): (name: string, value: unknown) => string {
  const { t } = useTranslation()
  const say = useBilingual()
  const words = useQuery({ queryKey: ['segment-vocabulary'], queryFn: getVocabulary, staleTime: 300_000 })
  const tags = words.data?.tags
  return useCallback(
    (name, value) => {
      if (value == null) return t('tag.unknown')
      if (value === '') return t('tag.noValue')
      const known = tags?.find((each) => each.name === name)?.values ?? []
      const label = (one: unknown) => {
        const found = known.find((each) => each.name === one)
        return found ? say(found.label, found.label_en) : String(one)
      }
      return [value].flat().map(label).join(t('list.comma'))
    },
    [tags, say, t],
  )
}

/** What a statistic measures, as a sentence. */
export function useStatisticSentence(sources: ConditionSources): (one: Statistic) => string {
  const { t } = useTranslation()
  return (one) => {
    const event = sources.events.find((each) => each.name === one.event)
    const label = (name: string) => (name === AMOUNT ? t('builder.amount') : (event?.properties.find((each) => each.name === name)?.label ?? name))
    const where = (one.where ?? []).map((each) => `${label(each.property)} ${t(`segment.op.${opKeys[each.op]}`)} ${[each.value ?? ''].flat().map(String).join(t('list.comma'))}`.trim())
    return t(`tag.says.${one.take ?? 'count'}`, {
      window: one.window_days ? t('builder.within', { count: one.window_days }) : t('builder.everSays'),
      event: (event?.label ?? one.event) + (where.length > 0 ? t('builder.whereSays', { where: where.join(t('list.comma')) }) : ''),
      property: one.property ? label(one.property) : '',
      percent: one.percent ?? '',
    })
  }
}

/** The band of a value: from its low end on, below its high end. */
export function useBand(): (value: TagValue, one: Statistic) => string {
  const { t } = useTranslation()
  return (value, one) => {
    if (value.equals != null) return t('tag.equals', { text: value.equals })
    const money = inYuan(one)
    const number = (each: number) => (money ? formatCount(each / 100) : formatCount(each)) + (one.ranked ? '%' : money ? ` ${t('unit.yuan')}` : '')
    if (value.low == null) return value.high == null ? '' : t('tag.below', { high: number(value.high) })
    return value.high == null ? t('tag.from', { low: number(value.low) }) : t('tag.between', { low: number(value.low), high: number(value.high) })
  }
}
