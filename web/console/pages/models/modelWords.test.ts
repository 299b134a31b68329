import { expect, test } from 'vitest'
import { formatApart } from './modelWords'

test('what was seen above what was told bears a plus, below it a minus, beside it neither', () => {
  expect(formatApart(0.0123, 'share')).toBe('+1.2')
  expect(formatApart(-0.0123, 'share')).toBe('−1.2')
  expect(formatApart(-0.0001, 'share')).toBe('0.0')
})

test('money apart is said in yuan', () => {
  expect(formatApart(-123456, 'fen')).toBe('−¥1,234.56')
})
