import { describe, expect, it } from 'vitest'
import { daysOf, lanesOf, startOf } from './calendarLanes'

const row = (name: string, opens: string, closes: string, unit_id = 1) => ({ name, unit_id, unit: `U${unit_id}`, opens_at: `${opens}T04:00:00Z`, closes_at: `${closes}T04:00:00Z` })

describe('a calendar', () => {
  it('begins a month on its first and a week on Monday', () => {
    expect([startOf('2026-11-22', 'month'), startOf('2026-11-22', 'week'), startOf('2026-11-23', 'week')]).toEqual(['2026-11-01', '2026-11-16', '2026-11-23'])
    expect([daysOf('2026-02-01', 'month').length, daysOf('2026-11-01', 'month').at(-1)]).toEqual([28, '2026-11-30'])
  })

  it('lays campaigns that meet under each other, and those that do not into one line', () => {
    const days = daysOf('2026-11-01', 'month')
    const [lane, other] = lanesOf([row('a', '2026-10-20', '2026-11-05'), row('b', '2026-11-05', '2026-11-09'), row('c', '2026-11-10', '2026-12-24'), row('d', '2026-11-02', '2026-11-02', 2)], days)
    expect(lane?.lines.map((line) => line.map((cell) => [cell.row?.name ?? null, cell.days]))).toEqual([
      [['a', 5], [null, 4], ['c', 21]],
      [[null, 4], ['b', 5], [null, 21]],
    ])
    expect(other?.lines[0]?.map((cell) => cell.days)).toEqual([1, 1, 28])
  })
})
