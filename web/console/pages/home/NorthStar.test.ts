import { describe, expect, it } from 'vitest'
import { ticksFor } from './NorthStar'

describe('the ticks of a chart', () => {
  it('begin at zero, go in round steps and cover the greatest value', () => {
    expect(ticksFor(586)).toEqual([0, 200, 400, 600])
    expect(ticksFor(3)).toEqual([0, 1, 2, 3])
    expect(ticksFor(487_216)).toEqual([0, 200_000, 400_000, 600_000])
  })

  it('stand even where there is nothing', () => {
    expect(ticksFor(0)).toEqual([0, 1])
  })
})
