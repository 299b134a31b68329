import { expect, test } from 'vitest'
import type { Block } from '@api/plays'
import { moved } from './Blocks'

const blocks = (['hero', 'board', 'prizes', 'footer'] as const).map((kind): Block => ({ kind, zh: '', en: '' }))
const kinds = (of: Block[]) => of.map((one) => one.kind)

test('a block moves to its place and the others keep their order', () => {
  expect(kinds(moved(blocks, 0, 2))).toEqual(['board', 'prizes', 'hero', 'footer'])
  expect(kinds(moved(blocks, 3, 0))).toEqual(['footer', 'hero', 'board', 'prizes'])
})

test('nothing moves past an end', () => {
  expect(kinds(moved(blocks, 0, -1))).toEqual(kinds(blocks))
  expect(kinds(moved(blocks, 3, 9))).toEqual(kinds(blocks))
})
