import { describe, expect, it } from 'vitest'
import type { Day } from '@api/imports'
import { calendar, markOf } from './feedDays'

const day = (status: Day['status'], late = false) => ({ status, late }) as Day

describe('a feed’s days', () => {
  it('are marked by what became of them', () => {
    expect([day('done'), day('done', true), day('cancelled'), day('running'), day('missing'), undefined].map(markOf)).toEqual(['done', 'late', 'failed', 'open', 'missing', 'none'])
  })

  it('stand in whole weeks from Monday to today', () => {
    const days = calendar(2, new Date('2026-03-04T12:00:00Z'))
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-02-23', '2026-03-04', 10])
  })
})
