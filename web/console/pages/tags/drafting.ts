/** A definition while it is written: how it begins, when it could be asked about, what a value of it looks like. */
import type { Definition, Statistic, TagValue } from '@api/tags'
import { asRoot, isComplete, type Expression } from '@console/pages/segments/expression'
import { ruled, takesNumber } from './tagWords'

export const freshStatistic: Statistic = { event: '', take: 'count', window_days: 30, where: [], ranked: false }

export const freshDefinition: Definition = {
  name: '', label: '', label_en: '', meaning: '', meaning_en: '', category: '', kind: 'rule', values: [{ name: 'yes', label: '是', label_en: 'Yes', expression: { kind: 'all', of: [] } }],
  wording: '', wording_en: '', owner: '', steward: '', purposes: [], risk: false, schedule: 'daily', fresh_hours: 36, when_stale: 'last_good', history: false, announce: false,
}

/** The next value of a tag: of one that was only yes or no, the first of several. */
export function nextValue(one: Definition): TagValue {
  const used = new Set(one.values.map((value) => value.name))
  let number = one.values.length + 1
  while (used.has(`v${number}`)) number += 1
  return { name: `v${number}`, label: '', label_en: '', ...emptyOf(one) }
}

function emptyOf(one: Definition): Partial<TagValue> {
  if (ruled(one)) return { expression: { kind: 'all', of: [] } }
  if (one.statistic?.take === 'top') return { equals: '' }
  return { low: one.values.at(-1)?.high ?? 0 }
}

/** Another kind, or another measure, keeps what the values are called and forgets how they were told apart. */
export function asKind(one: Definition, kind: Definition['kind'], statistic: Statistic | null): Definition {
  const next: Definition = { ...one, kind, statistic: kind === 'statistic' ? (statistic ?? freshStatistic) : null }
  const values = one.values.map(({ name, label, label_en, ...how }) => {
    const kept = keeps(next, how)
    return { name, label, label_en, ...(kept ? how : emptyOf({ ...next, values: [] })) }
  })
  return { ...next, values }
}

function keeps(next: Definition, how: Partial<TagValue>): boolean {
  if (ruled(next)) return how.expression != null
  if (next.statistic?.take === 'top') return how.equals != null
  return how.low != null || how.high != null
}

export const move = (values: TagValue[], place: number, by: number): TagValue[] => {
  const next = [...values]
  const [taken] = next.splice(place, 1)
  if (taken) next.splice(Math.max(0, Math.min(next.length, place + by)), 0, taken)
  return next
}

const measurable = (one: Statistic | null | undefined): boolean =>
  Boolean(one?.event) && (!(takesNumber(one?.take) || one?.take === 'top') || Boolean(one?.property)) && (one?.take !== 'percentile' || one.percent != null)

/** What keeps a definition from being counted or saved: the key of the first thing that is missing. */
export function lacks(one: Definition): 'label' | 'name' | 'meaning' | 'category' | 'statistic' | 'values' | 'wording' | null {
  if (!one.label.trim() || !one.label_en.trim()) return 'label'
  if (!/^[a-z][a-z0-9_]{1,62}$/.test(one.name)) return 'name'
  if (!one.meaning.trim() || !one.meaning_en.trim()) return 'meaning'
  if (!/^[a-z][a-z0-9_]{0,31}(\/[a-z][a-z0-9_]{0,31}){0,3}$/.test(one.category)) return 'category'
  if (Boolean(one.wording?.trim()) !== Boolean(one.wording_en?.trim())) return 'wording'
  return uncounted(one)
}

/** What keeps it from being counted alone. */
export function uncounted(one: Definition): 'statistic' | 'values' | null {
  if (one.kind === 'statistic' && !measurable(one.statistic)) return 'statistic'
  return one.values.length > 0 && one.values.every((value) => finished(one, value)) ? null : 'values'
}

function finished(one: Definition, value: TagValue): boolean {
  if (!value.name.trim() || !value.label.trim() || !value.label_en.trim()) return false
  if (ruled(one)) return isComplete(asRoot(value.expression as unknown as Expression))
  if (one.statistic?.take === 'top') return Boolean(value.equals)
  return one.kind !== 'statistic' || value.low != null || value.high != null
}

/** What is asked about while it is written: fields that do not touch the count are filled in, so that half a form can be counted. */
export function countable(one: Definition): Definition | null {
  if (uncounted(one)) return null
  const said = (text: string | undefined) => text?.trim() || '…'
  return {
    ...one, name: /^[a-z][a-z0-9_]{1,62}$/.test(one.name) ? one.name : 'preview', label: said(one.label), label_en: said(one.label_en), meaning: said(one.meaning), meaning_en: said(one.meaning_en),
    category: /^[a-z][a-z0-9_]*(\/[a-z][a-z0-9_]*){0,3}$/.test(one.category) ? one.category : 'preview', wording: '', wording_en: '',
  }
}
