/** How dark a cell of the map is: round limits between six shades, and what a cell says of a measure. */
import type { GridCell } from '@api/grid'

export const MEASURES = ['customers', 'aum_fen', 'active', 'temperature', 'cost_fen'] as const
export type Measure = (typeof MEASURES)[number]

/** Of amounts, shares of the largest: most cells are small, and a linear scale would leave them all alike. */
const PARTS = [0.0065, 0.032, 0.107, 0.256, 0.51]
const SHADES = 6

export const valueOf = (cell: GridCell, measure: Measure): number | null => cell[measure]

/** The nearest number of one digit, or one and a half: 1, 1.5, 2, 2.5, 3, 4, 5 … times a power of ten. */
export function round(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  const steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
  const nearest = steps.reduce((best, step) => (Math.abs(step - value / power) < Math.abs(best - value / power) ? step : best), 1)
  return Number((nearest * power).toPrecision(3))
}

/** Where each of the five darker shades begins, ascending; fewer where the values are too alike, none without any. */
export function limits(values: readonly number[], measure: Measure): number[] {
  const most = Math.max(0, ...values)
  if (most === 0) return []
  if (measure === 'active' || measure === 'temperature') {
    const least = Math.min(...values)
    const step = (most - least) / SHADES
    const digits = measure === 'active' ? 2 : 0
    return [...new Set(PARTS.map((_, place) => Number((least + step * (place + 1)).toFixed(digits))))].filter((limit) => limit > least)
  }
  const [least, whole] = measure === 'customers' ? [1, Math.ceil] : [100, (limit: number) => limit]
  return [...new Set(PARTS.map((part) => whole(round(part * most))))].filter((limit) => limit > least)
}

const TOLD_MIN = 10
/** The same of a map's cells: where few are not told, no shade begins below what is told. */
export function limitsOf(cells: readonly GridCell[], measure: Measure): number[] {
  const found = limits(cells.map((cell) => valueOf(cell, measure)).filter((value) => value !== null), measure)
  if (measure !== 'customers' || !cells.some((cell) => cell.customers === null)) return found
  return [...new Set([TOLD_MIN, ...found.filter((limit) => limit > TOLD_MIN)])]
}

/** From 0, the lightest, to the number of limits. */
export const shadeOf = (value: number | null, found: readonly number[]): number => (value === null ? 0 : found.filter((limit) => value >= limit).length)

/** What a shade is called in the stylesheet: fewer limits take the darker end away, never the contrast. */
export const shadeClass = (shade: number): string => `h${shade}`
