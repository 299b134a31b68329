/** Where the nodes of a neighbourhood stand: the customer in the middle, one step away around it, two steps outside. */
import type { Neighbourhood, Node } from '@api/relations'

export interface Placed extends Node {
  x: number
  y: number
  /** Whether a name under it covers nobody else. */
  roomy: boolean
}

export const WIDTH = 720
export const HEIGHT = 400
const RADII = [0, 0.5, 0.92]
/** Radians below which neighbours on the inner ring would touch; every second one steps out. */
const NARROW = 0.25
const STEPPED_OUT = 0.74
const ROOM = 32

/** Every node once, in reading order: by step, then around. Who is two steps away stands behind whom they hang on. */
export function placed({ nodes, links }: Pick<Neighbourhood, 'nodes' | 'links'>): Placed[] {
  const [centre] = nodes
  if (!centre) return []
  const by = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map<string, string>()
  for (const step of [1, 2])
    for (const { source, target } of links)
      for (const [child, parent] of [[source, target], [target, source]] as const) {
        const between = (by.get(parent)?.step ?? 9) < step || (step === 1 && parent === centre.id) || isHubBetween(by.get(parent), by.get(child))
        if (by.get(child)?.step === step && child !== centre.id && between && !parents.has(child) && parent !== child) parents.set(child, parent)
      }
  const root = (id: string): string => {
    const seen = new Set<string>()
    let at = id
    for (let parent = parents.get(at); parent && parent !== centre.id && !seen.has(parent); parent = parents.get(at)) {
      seen.add(at)
      at = parent
    }
    return at
  }
  const branches = new Map<string, Node[]>()
  for (const node of nodes.slice(1)) branches.set(root(node.id), [...(branches.get(root(node.id)) ?? []), node])
  const weights = [...branches.values()].map((branch) => Math.max(1, branch.filter((node) => !parents.has(node.id) || parents.get(node.id) !== centre.id).length))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const found: Omit<Placed, 'roomy'>[] = [{ ...centre, x: WIDTH / 2, y: HEIGHT / 2 }]
  let from = -Math.PI / 2
  ;[...branches].forEach(([top, branch], index) => {
    const wide = ((weights[index] ?? 1) / whole) * 2 * Math.PI
    const outer = branch.filter((node) => node.id !== top)
    const put = (node: Node, share: number, out = 1) => {
      const angle = from + wide * share
      found.push({ ...node, x: WIDTH / 2 + Math.cos(angle) * out * (WIDTH / 2 - 46), y: HEIGHT / 2 + Math.sin(angle) * out * (HEIGHT / 2 - 26) })
    }
    for (const node of branch) if (node.id === top) put(node, 0.5, wide < NARROW && outer.length === 0 && index % 2 === 1 ? STEPPED_OUT : RADII[1])
    outer.forEach((node, place) => put(node, (place + 0.5) / outer.length, RADII[2]))
    from += wide
  })
  const roomy = (one: { x: number; y: number }) => found.every((other) => other === one || Math.hypot(other.x - one.x, other.y - one.y) >= ROOM)
  return found.map((one) => ({ ...one, roomy: roomy(one) })).sort((one, other) => one.step - other.step)
}

/** People at a hub hang on the hub, though they are no further away than it is. */
const isHubBetween = (parent: Node | undefined, child: Node | undefined) => parent?.kind != null && child?.kind == null && parent.step === child?.step
