/** Which of a customer's many tags say the most of them: what few others have, and what is new. */
import type { Held } from '@api/tags'

const SHOWN = 12
const OF_CATEGORY = 3
const NEW_DAYS = 30
const DAY_MS = 86_400_000

const isNew = (held: Held, now: Date) => held.since != null && !held.at_least && now.getTime() - Date.parse(held.since) < NEW_DAYS * DAY_MS

/** How rare the value is, in doublings; what came within a month counts as rare as one more doubling and a half. */
const weight = (held: Held, now: Date) => -Math.log2(Math.max(held.share ?? 1, 1e-7)) + (isNew(held, now) ? 1.5 : 0)

/** At most twelve, no more than three of a category, most telling first; of tags of one category that as many have, which say the same in other words, the first. */
export function mostTelling(tags: Held[], now = new Date()): Held[] {
  const taken = new Map<string, number>()
  const said = new Set<string>()
  const root = (held: Held) => held.category.split('/')[0] ?? ''
  return tags
    .filter((held) => held.value)
    .sort((one, other) => weight(other, now) - weight(one, now) || one.name.localeCompare(other.name))
    .filter((held) => {
      const set = `${root(held)} ${held.share}`
      const again = held.share != null && said.has(set)
      said.add(set)
      return !again
    })
    .filter((held) => {
      const before = taken.get(root(held)) ?? 0
      taken.set(root(held), before + 1)
      return before < OF_CATEGORY
    })
    .slice(0, SHOWN)
}
