import { expect, test } from 'vitest'
import { route, type Box } from './routes'

const cell = (column: number, row: number): Box => ({ left: column * 90, right: column * 90 + 80, top: row * 30, bottom: row * 30 + 25 })

test('beside each other it is a line through the gutter', () => {
  expect(route(cell(0, 0), cell(1, 0), 'left')?.path).toBe('M80 12.5H90')
  expect(route(cell(1, 0), cell(0, 0), 'left')?.tip).toEqual({ x: 80, y: 12.5, to: 'left' })
})

test('in one column it goes around, on the side that is asked for', () => {
  expect(route(cell(1, 3), cell(1, 0), 'right')?.path).toBe('M170 102.5H175V12.5H170')
  expect(route(cell(1, 0), cell(1, 3), 'left')?.path).toBe('M90 12.5H85V102.5H90')
})

test('between columns it takes the gutter between them', () => {
  expect(route(cell(0, 0), cell(1, 2), 'left')?.path).toBe('M80 12.5H85V72.5H90')
})

test('farther than the next column there is no way that crosses nobody', () => {
  expect(route(cell(0, 0), cell(2, 1), 'left')).toBeNull()
})
