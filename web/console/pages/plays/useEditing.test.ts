import { expect, test } from 'vitest'
import type { PlayDraft } from '@api/plays'
import { after, back, forth } from './useEditing'

const begin = { past: [], now: { name: 'a' } as PlayDraft, next: [], at: 0 }

test('a step back and forth lands where it was', () => {
  const two = after(after(begin, { name: 'b' }, 10_000), { name: 'c' }, 20_000)
  expect(back(two).now.name).toBe('b')
  expect(back(back(two)).now.name).toBe('a')
  expect(back(back(back(two))).now.name).toBe('a')
  expect(forth(back(two))).toMatchObject({ now: { name: 'c' }, next: [] })
})

test('letters typed in one go are one step', () => {
  const typed = after(after(begin, { name: 'ab' }, 10_000), { name: 'abc' }, 10_200)
  expect(typed.past).toHaveLength(1)
  expect(back(typed).now.name).toBe('a')
})

test('a new change forgets what was taken back', () => {
  const changed = after(back(after(begin, { name: 'b' }, 10_000)), { name: 'z' }, 20_000)
  expect(forth(changed).now.name).toBe('z')
})
