import { describe, expect, it } from 'vitest'
import { monthsOf, topOf, typesOf } from './breakageShares'

const row = (month: string, credited: number, expired: number, currency = 'POINTS') =>
  ({ currency, month, credited, spent: credited / 2, clawed: 0, expired, remaining: credited / 2 - expired })

describe('the breakage curve', () => {
  it('has a point for each month in which anything was given, earliest first', () => {
    const months = monthsOf([row('2026-03', 200, 20), row('2025-12', 400, 100), row('2026-01', 0, 0), row('2026-02', 10, 1, 'MILES')], 'POINTS')
    expect(months.map((one) => [one.month, one.expired, one.spent, one.remaining])).toEqual([['2025-12', 0.25, 0.5, 0.25], ['2026-03', 0.1, 0.5, 0.4]])
  })

  it('begins with the type most was given of and leaves out what was never given', () => {
    expect(typesOf([row('2026-01', 10, 0), row('2026-01', 30, 0, 'MILES'), row('2026-02', 10, 0), row('2026-01', 0, 0, 'NONE')])).toEqual(['MILES', 'POINTS'])
  })

  it('has a scale that holds its highest point', () => {
    expect([0, 0.05, 0.051, 0.3, 0.5, 0.9].map(topOf)).toEqual([0.05, 0.05, 0.1, 0.5, 0.5, 1])
  })
})
