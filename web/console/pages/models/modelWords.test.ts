import { expect, test } from 'vitest'
import { formatApart, formatTick, roundTop } from './modelWords'

test('what was seen above what was told bears a plus, below it a minus, beside it neither', () => {
  expect(formatApart(0.0123, 'share')).toBe('+1.2')
  expect(formatApart(-0.0123, 'share')).toBe('−1.2')
  expect(formatApart(-0.0001, 'share')).toBe('0.0')
})

test('money apart is said in yuan', () => {
  expect(formatApart(-123456, 'fen')).toBe('−¥1,234.56')
})

test('an axis ends beyond what it shows, in four round steps', () => {
  expect([573_345, 0.94, 0.3, 0.06, 0.01].map(roundTop)).toEqual([600_000, 1, 0.3, 0.06, 0.01])
  expect([0.25, 0.075, 0.015].map(formatTick)).toEqual(['25%', '7.5%', '1.5%'])
})
