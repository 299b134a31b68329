/** Budgets and pools are trees: rows read from the top, each under its parent. */
export interface Branch {
  id: string
  parent_id: string | null
}

export interface Placed<T> {
  node: T
  depth: number
}

export function placed<T extends Branch>(nodes: T[]): Placed<T>[] {
  const ids = new Set(nodes.map((node) => node.id))
  const below = (parent: string | null, depth: number): Placed<T>[] =>
    nodes
      .filter((node) => (parent === null ? node.parent_id === null || !ids.has(node.parent_id) : node.parent_id === parent))
      .flatMap((node) => [{ node, depth }, ...below(node.id, depth + 1)])
  return below(null, 0)
}
