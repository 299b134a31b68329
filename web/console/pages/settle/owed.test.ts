import { describe, expect, it } from 'vitest'
import { isOwed } from './owed'

const confirmed = { state: 'confirmed', payable_fen: 2690, paid_at: null } as const

describe('a statement that waits to be paid', () => {
  it('is confirmed and comes to money', () => {
    expect(isOwed(confirmed)).toBe(true)
    expect(isOwed({ ...confirmed, state: 'draft' })).toBe(false)
    expect(isOwed({ ...confirmed, state: 'reversed' })).toBe(false)
  })
  it('is not paid before, and owes the bank nothing', () => {
    expect(isOwed({ ...confirmed, paid_at: '2026-11-24T04:34:00Z' })).toBe(false)
    expect(isOwed({ ...confirmed, payable_fen: 0 })).toBe(false)
    expect(isOwed({ ...confirmed, payable_fen: -100 })).toBe(false)
  })
})
