import { describe, expect, it } from 'vitest'
import { exactPercent, percentOf, ppmOf } from './shapes'

describe('odds', () => {
  it('go to percent and back without losing a part of a million', () => {
    for (const ppm of [0, 1, 15, 120_000, 333_333, 1_000_000]) expect(ppmOf(percentOf(ppm))).toBe(ppm)
  })
  it('are written exactly', () => {
    expect([1_000_000, 120_000, 1_000, 15, 0].map(exactPercent)).toEqual(['100%', '12%', '0.1%', '0.0015%', '0%'])
  })
})
