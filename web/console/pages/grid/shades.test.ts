import { expect, test } from 'vitest'
import { limits, limitsOf, round, shadeOf } from './shades'

test('limits are round numbers', () => {
  expect([300, 312, 1_498, 5_004, 11_980, 0.4].map(round)).toEqual([300, 300, 1_500, 5_000, 10_000, 0.4])
  expect(limits([46_812, 12, 900], 'customers')).toEqual([300, 1_500, 5_000, 10_000, 25_000])
})

test('a small bank has fewer shades, an empty one none', () => {
  expect(limits([12, 1], 'customers')).toEqual([2, 3, 6])
  expect(limits([0, 0], 'customers')).toEqual([])
  expect(limits([], 'temperature')).toEqual([])
})

test('where few are not told no shade begins below ten', () => {
  const cells = [4, null, 40].map((customers) => ({ customers }) as never)
  expect(limitsOf(cells, 'customers')).toEqual([10, 20])
})

test('shares and degrees are cut evenly between the least and the most', () => {
  expect(limits([0.2, 0.8], 'active')).toEqual([0.3, 0.4, 0.5, 0.6, 0.7])
  expect(limits([40, 40], 'temperature')).toEqual([])
})

test('a value on a limit belongs to the darker shade', () => {
  expect([null, 0, 299, 300, 25_000].map((value) => shadeOf(value, [300, 1_500, 25_000]))).toEqual([0, 0, 0, 1, 3])
})
