import { expect, test } from 'vitest'
import { laidOut } from './flow'

test('the largest side fills the middle, and its bands touch there', () => {
  const [first, second] = laidOut([75, 25], 100, 112)
  expect(first?.inner).toEqual({ top: 6, height: 75 })
  expect(second?.inner).toEqual({ top: 81, height: 25 })
})

test('outer ends stay within the picture and do not meet', () => {
  const laid = laidOut([900, 50, 30, 20], 1_000, 132)
  for (const [place, { outer }] of laid.entries()) {
    expect(outer.top).toBeGreaterThanOrEqual(0)
    expect(outer.top + outer.height).toBeLessThanOrEqual(132)
    expect(outer.top).toBeGreaterThan(place === 0 ? -1 : (laid[place - 1]?.outer.top ?? 0) + (laid[place - 1]?.outer.height ?? 0) - 0.01)
  }
})

test('a smaller side stands in the middle of the own height', () => {
  const [only] = laidOut([50], 100, 112)
  expect(only?.inner).toEqual({ top: 31, height: 50 })
})
