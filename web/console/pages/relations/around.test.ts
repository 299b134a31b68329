import { expect, it } from 'vitest'
import { HEIGHT, placed, WIDTH } from './around'

const person = (id: string, step: number) => ({ id, step, seq: Number(id.slice(1)), customer_no: id, name: '张*', kind: null, shared_by: 0 })
const hub = (id: string, step: number) => ({ id, step, seq: null, customer_no: null, name: null, kind: 'device' as const, shared_by: 3 })
const link = (source: string, target: string) => ({ kind: 'device' as const, source, target, since: '2026-01-01', weight: 1 })

const nodes = [person('n0', 0), hub('n1', 1), person('n2', 1), person('n3', 1), person('n4', 1), person('n5', 2)]
const links = [link('n0', 'n1'), link('n2', 'n1'), link('n3', 'n1'), link('n0', 'n4'), link('n4', 'n5')]

it('puts everybody somewhere, once, and the customer in the middle', () => {
  const found = placed({ nodes, links })
  expect(found.map((node) => node.id).sort()).toEqual(nodes.map((node) => node.id).sort())
  expect(found[0]).toMatchObject({ id: 'n0', x: WIDTH / 2, y: HEIGHT / 2 })
  expect(new Set(found.map((node) => `${node.x.toFixed(1)} ${node.y.toFixed(1)}`)).size).toBe(nodes.length)
  for (const { x, y } of found) expect(x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT).toBe(true)
})

it('lets those at a hub stand behind it', () => {
  const found = new Map(placed({ nodes, links }).map((node) => [node.id, node]))
  const far = (id: string) => {
    const { x, y } = found.get(id) ?? { x: NaN, y: NaN }
    return Math.hypot((x - WIDTH / 2) / WIDTH, (y - HEIGHT / 2) / HEIGHT)
  }
  expect(far('n2')).toBeGreaterThan(far('n1'))
  expect(far('n5')).toBeGreaterThan(far('n4'))
})

it('has nothing to place where there is nobody', () => {
  expect(placed({ nodes: [], links: [] })).toEqual([])
})

it('names those who have room and lets a crowd step apart', () => {
  const guests = Array.from({ length: 40 }, (_, place) => person(`n${place + 1}`, 1))
  const crowd = placed({ nodes: [person('n0', 0), ...guests], links: guests.map((guest) => link('n0', guest.id)) })
  expect(new Set(crowd.slice(1).map(({ x, y }) => Math.round(Math.hypot((x - WIDTH / 2) / (WIDTH / 2 - 46), (y - HEIGHT / 2) / (HEIGHT / 2 - 26)) * 100)))).toEqual(new Set([50, 74]))
  expect(crowd.slice(1).some((node) => !node.roomy)).toBe(true)
  expect(placed({ nodes, links }).every((node) => node.roomy)).toBe(true)
})
