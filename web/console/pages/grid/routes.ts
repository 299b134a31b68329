/** The ways of arrows over the map: from cell to cell through the gutters between columns. */

export interface Box { left: number; top: number; right: number; bottom: number }
export interface Route {
  path: string
  /** Where the arrow ends, and which way it points. */
  tip: { x: number; y: number; to: 'left' | 'right' }
  /** Where its number stands. */
  label: { x: number; y: number }
}

const GUTTER = 5

/**
 * A way from one cell to another of the same or the next column; null where it would run across other cells.
 * `side` chooses the gutter beside the chosen cell, so that what comes and what goes do not lie on each other.
 */
export function route(from: Box, to: Box, side: 'left' | 'right', shift = 0): Route | null {
  const width = from.right - from.left
  const apart = Math.abs(from.left - to.left)
  if (apart > width * 1.8) return null
  const middle = (box: Box) => (box.top + box.bottom) / 2
  if (Math.abs(from.top - to.top) < 2) {
    const right = to.left > from.left
    const [x1, x2] = right ? [from.right, to.left] : [from.left, to.right]
    return { path: `M${x1} ${middle(from)}H${x2}`, tip: { x: x2, y: middle(to), to: right ? 'right' : 'left' }, label: { x: (x1 + x2) / 2, y: middle(from) } }
  }
  const edge = side === 'left' ? Math.min(from.left, to.left) - GUTTER + shift : Math.max(from.right, to.right) + GUTTER - shift
  const gutter = apart < 2 ? edge : (Math.max(from.left, to.left) + Math.min(from.right, to.right)) / 2 + shift
  const out = gutter > (from.left + from.right) / 2 ? from.right : from.left
  const right = gutter < (to.left + to.right) / 2
  const into = right ? to.left : to.right
  return {
    path: `M${out} ${middle(from) + shift}H${gutter}V${middle(to) + shift}H${into}`,
    tip: { x: into, y: middle(to) + shift, to: right ? 'right' : 'left' },
    label: { x: gutter, y: (Math.max(from.top, to.top) + Math.min(from.bottom, to.bottom)) / 2 },
  }
}
