/** What became of the points of each month, as parts of what was given in it: the points of a breakage curve. */
import type { PointsReport } from '@api/points'

type Row = PointsReport['breakage'][number]

export const PARTS = ['spent', 'clawed', 'expired', 'remaining'] as const
export type Part = (typeof PARTS)[number]
export type Month = { month: string; credited: number } & Record<Part, number>

/** The types of which anything was given, most first. */
export function typesOf(rows: Row[]): string[] {
  const given = new Map<string, number>()
  for (const row of rows) given.set(row.currency, (given.get(row.currency) ?? 0) + row.credited)
  return [...given].filter(([, points]) => points > 0).sort((one, other) => other[1] - one[1]).map(([currency]) => currency)
}

/** The months of a type in which anything was given, earliest first; the parts of each are shares of it. */
export function monthsOf(rows: Row[], currency: string): Month[] {
  return rows
    .filter((row) => row.currency === currency && row.credited > 0)
    .sort((one, other) => one.month.localeCompare(other.month))
    .map((row) => ({ month: row.month, credited: row.credited, spent: row.spent / row.credited, clawed: row.clawed / row.credited, expired: row.expired / row.credited, remaining: row.remaining / row.credited }))
}

/** The top of the scale of a share: the next of 5, 10, 20, 50 and 100 percent. */
export const topOf = (most: number) => [0.05, 0.1, 0.2, 0.5].find((top) => most <= top) ?? 1
