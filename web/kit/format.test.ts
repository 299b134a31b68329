import { describe, expect, it } from 'vitest'
import { elapsedShare, formatBytes, formatInstant, formatMoney, formatPoints, formatPpm, formatShare, formatWindow, formatYuan, headlineCount, headlineMoney, parseYuan, formatFigure } from './format'

describe('money', () => {
  it('writes fen as yuan with separators and two decimals', () => {
    expect(formatYuan(10324840)).toBe('103,248.40')
    expect(formatMoney(5)).toBe('¥0.05')
    expect(formatMoney(-610)).toBe('−¥6.10')
    expect(formatMoney(null)).toBe('—')
  })

  it('reads yuan back into fen exactly, and refuses anything else', () => {
    expect(parseYuan('103,248.40')).toBe(10324840)
    expect(parseYuan('0.07')).toBe(7)
    expect(parseYuan('19.9')).toBe(1990)
    for (const bad of ['', '-1', '1.234', '１２', '1e3', 'NaN', '12元']) expect(parseYuan(bad)).toBeNull()
  })
})

describe('values of conditions', () => {
  it('separate large numbers, leave years, and take digits for a number only where told so', () => {
    expect([formatFigure(6_000_000), formatFigure(2026), formatFigure('6000000'), formatFigure('6000000.5', true), formatFigure('', true), formatFigure('…')]).toEqual(['6,000,000', '2026', '6000000', '6,000,000.5', '', '…'])
  })
})

describe('headlines', () => {
  it('say great counts as the reader’s language does', () => {
    expect([99_999, 100_000, 123_456, 12_345_678, 99_999_999, 123_000_000].map((count) => headlineCount(count, 'zh-CN'))).toEqual(['99,999', '10 万', '12.3 万', '1,234.6 万', '1 亿', '1.23 亿'])
    expect([99_999, 100_000, 123_456, 999_999, 1_234_567, 1_200_000_000].map((count) => headlineCount(count, 'en'))).toEqual(['99,999', '100K', '123.5K', '1M', '1.23M', '1.2B'])
    expect([headlineCount(0, 'en'), headlineCount(null, 'zh-CN'), headlineCount(-250_000, 'zh-CN')]).toEqual(['0', '—', '−25 万'])
  })

  it('say great money in its unit, and keep the fen of what is small', () => {
    expect([9_999_999, 28_592_840, 12_000_000_000].map((fen) => headlineMoney(fen, 'zh-CN'))).toEqual(['¥99,999.99', '28.6 万元', '1.2 亿元'])
    expect([9_999_999, 28_592_840, 12_000_000_000, -28_592_840].map((fen) => headlineMoney(fen, 'en'))).toEqual(['¥99,999.99', '¥285.9K', '¥120M', '−¥285.9K'])
  })
})

describe('shares', () => {
  it('has no share of nothing', () => {
    expect(formatShare(3, 0)).toBe('—')
    expect(formatShare(3, 4)).toBe('75.0%')
    expect(formatPpm(100_000)).toBe('10.0%')
    expect([10.84, -19.36, 0.04].map(formatPoints)).toEqual(['+10.8', '−19.4', '0.0'])
  })
})

describe('time', () => {
  it('shows the bank’s own clock whatever zone the browser is in', () => {
    expect(formatInstant('2026-11-18T22:32:05Z')).toBe('2026-11-19 06:32')
  })

  it('keeps the year where a window leaves it', () => {
    expect(formatWindow('1999-12-30T16:00:00Z', '2000-01-30T16:00:00Z')).toBe('1999-12-31 → 2000-01-31')
  })

  it('never runs past the window', () => {
    const now = new Date('2026-11-20T00:00:00Z')
    expect(elapsedShare('2026-11-10T00:00:00Z', '2026-11-30T00:00:00Z', now)).toBe(0.5)
    expect(elapsedShare('2026-11-10T00:00:00Z', '2026-11-12T00:00:00Z', now)).toBe(1)
    expect(elapsedShare(null, null, now)).toBeNull()
  })
})

describe('bytes', () => {
  it('uses the unit a person would', () => {
    expect(formatBytes(512)).toBe('512 B')
    expect(formatBytes(4_404_019)).toBe('4.2 MB')
  })
})
