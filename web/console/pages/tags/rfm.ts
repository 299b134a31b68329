/** Recency, frequency, money: three statistics of one event, cut into even bands of the customers who have it. */
import type { Definition, Statistic, TagValue } from '@api/tags'
import { asKind, freshStatistic } from './drafting'
import { AMOUNT } from './tagWords'

export type Rfm = 'recency' | 'frequency' | 'monetary'
export const rfms: readonly Rfm[] = ['recency', 'frequency', 'monetary']
export const STEPS = [2, 3, 4, 5, 10] as const
const TAKES: Record<Rfm, NonNullable<Statistic['take']>> = { recency: 'last_days_ago', frequency: 'count', monetary: 'sum' }
const WINDOW_DAYS = 365
const EVENLY = 5

/** Which of the three a statistic is, if its bands are shares of the customers; null for any other. */
export function rfmOf(one: Definition): Rfm | null {
  const { statistic } = one
  if (one.kind !== 'statistic' || !statistic?.ranked) return null
  return rfms.find((each) => TAKES[each] === statistic.take && (each !== 'monetary' || statistic.property === AMOUNT)) ?? null
}

/**
 * The definition as one of the three, its bands even and the best first: fewest days since, most often, most money.
 * Event, window and conditions stay; one that has not named its window looks back a year.
 */
export function asRfm(one: Definition, rfm: Rfm, steps = EVENLY): Definition {
  const now = one.statistic ?? { ...freshStatistic, window_days: WINDOW_DAYS }
  const statistic: Statistic = { ...now, window_days: now.window_days ?? WINDOW_DAYS, take: TAKES[rfm], property: rfm === 'monetary' ? AMOUNT : null, percent: null, ranked: true }
  return { ...asKind(one, 'statistic', statistic), values: scores(rfm, steps) }
}

/** Bands from the best score down. Of days since the last time few are best, so the lowest shares score most. */
export function scores(rfm: Rfm, steps: number): TagValue[] {
  const letter = rfm.charAt(0)
  return Array.from({ length: steps }, (_, place) => {
    const score = steps - place
    const edge = (share: number) => Math.round((share * 100) / steps)
    const [low, high] = rfm === 'recency' ? [edge(place), edge(place + 1)] : [edge(score - 1), edge(score)]
    return { name: `${letter}${score}`, label: `${letter.toUpperCase()}${score}`, label_en: `${letter.toUpperCase()}${score}`, low, high }
  })
}
