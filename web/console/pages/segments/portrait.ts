/** What of a portrait is shown: shares of those known, and the values by which a segment differs most. */
import type { Portrait } from '@api/segments'

export type Trait = Portrait['traits'][number]
type Value = Trait['values'][number]

export interface PortraitRow {
  trait: Trait
  value: Value
  /** Of those of whom the trait is known, 0 … 1. */
  share: number
  everyone: number
}

const SHOWN = 6
const shareOf = (count: number, known: number) => (known > 0 ? count / known : 0)
const difference = (row: PortraitRow) => Math.abs(row.share - row.everyone)

export const rowsOf = (trait: Trait): PortraitRow[] =>
  trait.values.map((value) => ({ trait, value, share: shareOf(value.count, trait.known), everyone: shareOf(value.universe, trait.known_universe) }))

/** The values that tell this segment from the bank, at most two of a trait; what the rule itself asks for says nothing new. */
export function mostDifferent(traits: Trait[], asked: ReadonlySet<string>, shown = SHOWN): PortraitRow[] {
  const telling = traits
    .filter((trait) => !asked.has(trait.name) && trait.known > 0)
    .flatMap((trait) => rowsOf(trait).sort((one, other) => difference(other) - difference(one)).slice(0, 2))
  return telling.sort((one, other) => difference(other) - difference(one)).slice(0, shown)
}

/** How a band reads: whole numbers with both ends, others up to the next one; an open end is null. */
export function bandOf(value: Value, whole: boolean): { low: string | null; high: string | null } {
  const high = value.high ?? null
  return { low: value.low ?? null, high: whole && high !== null && value.low != null ? String(Number(high) - 1) : high }
}
