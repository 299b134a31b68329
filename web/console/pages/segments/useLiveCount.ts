/** Counts what is finished of a rule, a moment after the last change; an answer that was overtaken is dropped. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { countSegment, type Count } from '@api/segments'
import { isFinished, isGroup, groupKind, makeGroup, partsOf, type Expression } from './expression'
import type { NodeCounts } from './RuleTree'

export interface LiveCount {
  count: Count | undefined
  error: unknown
  counting: boolean
  /** Milliseconds the last count took. */
  took: number | null
  nodes: NodeCounts
  /** The total before the last one, to show what an edit changed. */
  before: number | null
  again: () => void
}

interface Pruned {
  expression: Expression
  /** From the pointer in what was sent to the pointer on the page. */
  paths: Map<string, string>
}

/** The rule without unfinished conditions and empty groups, so that half a rule can be counted. */
export function prune(root: Expression): Pruned | null {
  const paths = new Map<string, string>()
  const visit = (node: Expression, from: string, to: string): Expression | null => {
    if (!isGroup(node)) {
      if (!isFinished(node)) return null
      paths.set(to, from)
      return node
    }
    const kind = groupKind(node)
    const base = kind === 'none' ? `${to}/of/of` : `${to}/of`
    const kept: Expression[] = []
    for (const { part, path } of partsOf(node, from)) {
      const inner = visit(part, path, `${base}/${kept.length}`)
      if (inner) kept.push(inner)
    }
    if (kept.length === 0) return null
    paths.set(to, from)
    return makeGroup(kind, kept)
  }
  const expression = visit(root, '', '')
  return expression && { expression, paths }
}

const PAUSE_MS = 250

export function useLiveCount(root: Expression, scope: { serves: 'selection' | 'condition'; basis: string }, segmentId: string | null = null): LiveCount {
  const asked = useMemo(() => ({ root, serves: scope.serves, basis: scope.basis.trim() }), [root, scope.serves, scope.basis])
  const [settled, setSettled] = useState(asked)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [asked])
  const pruned = useMemo(() => prune(settled.root), [settled.root])
  const query = useQuery({
    queryKey: ['segment-count', pruned?.expression, settled.serves, settled.basis],
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const question = { expression: pruned?.expression as unknown as Record<string, unknown>, purpose: 'marketing', serves: settled.serves, basis: settled.basis || null, segment_id: segmentId }
      return { count: await countSegment(question, signal), took: performance.now() - began }
    },
    enabled: pruned !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const count = pruned ? query.data?.count : undefined
  const [totals, setTotals] = useState<{ last: number | null; before: number | null }>({ last: null, before: null })
  if (count && !query.isPlaceholderData && count.total !== totals.last) setTotals({ last: count.total, before: totals.last })
  const nodes = useMemo<NodeCounts>(() => {
    const byPath = new Map<string, number>()
    for (const node of count?.nodes ?? []) {
      const at = pruned?.paths.get(node.path)
      if (at !== undefined) byPath.set(at, node.count)
    }
    return { universe: count?.universe ?? 0, byPath }
  }, [count, pruned])
  return { count, error: pruned ? query.error : null, counting: query.isFetching, took: query.data?.took ?? null, nodes, before: totals.before, again: () => void query.refetch() }
}
