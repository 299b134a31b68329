import { describe, expect, it } from 'vitest'
import { cellBeside } from './cellSteps'

const axes = [4, 7, 4].map((count) => ({ bands: Array.from({ length: count }, () => ({}) as never) }))

describe('the arrow keys on the map', () => {
  it('lead along a row and stop at its ends', () => {
    expect(cellBeside('2-3-1', 'ArrowRight', axes)).toBe('2-4-1')
    expect(cellBeside('2-1-1', 'ArrowLeft', axes)).toBeNull()
    expect(cellBeside('2-7-1', 'ArrowRight', axes)).toBeNull()
  })

  it('lead from the last row of a block to the first of the next, and stop at the ends of the map', () => {
    expect(cellBeside('1-3-4', 'ArrowDown', axes)).toBe('2-3-1')
    expect(cellBeside('2-3-1', 'ArrowUp', axes)).toBe('1-3-4')
    expect(cellBeside('4-3-4', 'ArrowDown', axes)).toBeNull()
    expect(cellBeside('1-3-1', 'ArrowUp', axes)).toBeNull()
  })

  it('leave every other key alone', () => {
    expect(cellBeside('2-3-1', 'Enter', axes)).toBeNull()
  })
})
