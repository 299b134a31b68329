/** Where the arrow keys lead on the map: along a row, and from row to row whatever block they lie in. */
import type { GridAxis } from '@api/grid'
import { placesOf } from './words'

const ACROSS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }
const DOWN: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 }

export const cellOf = (wealth: number, life: number, occupation: number): string => `${wealth}-${life}-${occupation}`

/** The cell beside this one in the direction of the key; null at the edge, and for other keys. */
export function cellBeside(code: string, key: string, axes: readonly Pick<GridAxis, 'bands'>[]): string | null {
  const [wealth = 1, life = 1, occupation = 1] = placesOf(code)
  const [riches = 0, stages = 0, jobs = 0] = axes.map((axis) => axis.bands.length)
  const column = life + (ACROSS[key] ?? 0)
  const row = (wealth - 1) * jobs + occupation - 1 + (DOWN[key] ?? 0)
  if (!(key in ACROSS || key in DOWN) || column < 1 || column > stages || row < 0 || row >= riches * jobs) return null
  return cellOf(Math.floor(row / jobs) + 1, column, (row % jobs) + 1)
}
