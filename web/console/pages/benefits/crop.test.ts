import { describe, expect, it } from 'vitest'
import { cropOf, fit, moved, zoomed, zoomMax } from './crop'

const wide = { width: 1200, height: 600 }

describe('the square that is kept', () => {
  it('is the middle at first', () => {
    expect(cropOf(wide, 288, fit(wide, 288))).toEqual({ left: 300, top: 0, side: 600 })
  })

  it('follows the finger and stops at the edge', () => {
    const left = moved(wide, 288, fit(wide, 288), 72, 0)
    expect(cropOf(wide, 288, left)).toEqual({ left: 150, top: 0, side: 600 })
    expect(cropOf(wide, 288, moved(wide, 288, left, 9_000, 9_000))).toEqual({ left: 0, top: 0, side: 600 })
    expect(cropOf(wide, 288, moved(wide, 288, left, -9_000, 0))).toEqual({ left: 600, top: 0, side: 600 })
  })

  it('zooms around the middle, and back out again without an empty edge', () => {
    const near = zoomed(wide, 288, fit(wide, 288), 2)
    expect(cropOf(wide, 288, near)).toEqual({ left: 450, top: 150, side: 300 })
    const corner = moved(wide, 288, near, 9_000, 9_000)
    expect(cropOf(wide, 288, zoomed(wide, 288, corner, 1))).toEqual({ left: 0, top: 0, side: 600 })
  })

  it('never keeps less than a phone shows', () => {
    expect(zoomMax(wide)).toBe(3.125)
    expect(zoomMax({ width: 200, height: 192 })).toBe(1)
    expect(cropOf(wide, 288, zoomed(wide, 288, fit(wide, 288), zoomMax(wide))).side).toBe(192)
  })
})
