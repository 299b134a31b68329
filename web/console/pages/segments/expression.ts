/** The rule of a segment as a tree, and the edits a person makes to it. Paths are JSON pointers; the root's is "". */

export type Op = '=' | '!=' | 'in' | 'not_in' | '<' | '<=' | '>' | '>=' | 'between' | 'is_known' | 'is_unknown'

export interface All { kind: 'all'; of: Expression[] }
export interface Any { kind: 'any'; of: Expression[] }
export interface Not { kind: 'not'; of: Expression }
export interface Attr { kind: 'attr'; name: string; op: Op; value?: unknown }
export interface Bucket { kind: 'bucket'; salt: string; low_ppm: number; high_ppm: number }
export interface Upload { kind: 'upload'; upload_id: string }

export type Leaf = Attr | Bucket | Upload
export type Expression = All | Any | Not | Leaf
/** Groups as a person sees them: all of these, any of these, none of these. */
export type GroupKind = 'all' | 'any' | 'none'

export type AttributeType = 'text' | 'integer' | 'decimal' | 'date' | 'boolean'

const presence: Op[] = ['is_known', 'is_unknown']
const equality: Op[] = ['=', '!=', 'in', 'not_in']
const order: Op[] = ['<', '<=', '>', '>=', 'between']

export const UNIT = 'unit'

/** Which comparisons an attribute of this type allows, the usual one first. */
export function opsOf(type: AttributeType, name: string): Op[] {
  if (name === UNIT) return ['in', 'not_in']
  if (type === 'text') return ['in', 'not_in', ...presence]
  if (type === 'boolean') return ['=', ...presence]
  return [...order.slice(3, 4), 'between', '<=', '>', '<', ...equality, ...presence]
}

export const takesNoValue = (op: Op) => presence.includes(op)
export const takesList = (op: Op) => op === 'in' || op === 'not_in'

/** "None of these" is written not(any(…)); a bare not is brought to that form so that all groups edit alike. */
export function normalise(expression: Expression): Expression {
  switch (expression.kind) {
    case 'all':
    case 'any':
      return { ...expression, of: expression.of.map(normalise) }
    case 'not': {
      const inner = normalise(expression.of)
      return { kind: 'not', of: inner.kind === 'any' ? inner : { kind: 'any', of: [inner] } }
    }
    default:
      return expression
  }
}

export const isGroup = (expression: Expression): expression is All | Any | Not =>
  expression.kind === 'all' || expression.kind === 'any' || expression.kind === 'not'

export function groupKind(group: All | Any | Not): GroupKind {
  return group.kind === 'not' ? 'none' : group.kind
}

/** The parts of a group, each with its pointer. */
export function partsOf(group: All | Any | Not, path: string): { path: string; part: Expression }[] {
  if (group.kind === 'not' && group.of.kind !== 'any') return [{ part: group.of, path: `${path}/of` }]
  const [parts, base] = group.kind === 'not' ? [(group.of as Any).of, `${path}/of/of`] : [group.of, `${path}/of`]
  return parts.map((part, index) => ({ part, path: `${base}/${index}` }))
}

export function makeGroup(kind: GroupKind, parts: Expression[]): All | Any | Not {
  return kind === 'none' ? { kind: 'not', of: { kind: 'any', of: parts } } : { kind, of: parts }
}

type Change = (node: Expression) => Expression | null

/** The tree with the node at `path` changed; null takes it out of its group. */
export function editAt(root: Expression, path: string, change: Change): Expression {
  const steps = path.split('/').filter((step) => step !== '' && step !== 'of')
  return step(root, steps.map(Number), change) ?? { kind: 'all', of: [] }
}

function step(node: Expression, steps: number[], change: Change): Expression | null {
  const [index, ...rest] = steps
  if (index === undefined) return change(node)
  if (!isGroup(node)) return node
  const parts = partsOf(node, '').flatMap(({ part }, at) => {
    if (at !== index) return [part]
    const changed = step(part, rest, change)
    return changed ? [changed] : []
  })
  return makeGroup(groupKind(node), parts)
}

export const addTo = (root: Expression, path: string, part: Expression) =>
  editAt(root, path, (node) => (isGroup(node) ? makeGroup(groupKind(node), [...partsOf(node, '').map((each) => each.part), part]) : node))

export const removeAt = (root: Expression, path: string) => editAt(root, path, () => null)

export const setKind = (root: Expression, path: string, kind: GroupKind) =>
  editAt(root, path, (node) => (isGroup(node) ? makeGroup(kind, partsOf(node, '').map((each) => each.part)) : node))

/** A leaf is finished when it could be sent: an unfinished one is left out of the live count. */
export function isFinished(leaf: Leaf): boolean {
  if (leaf.kind === 'upload') return leaf.upload_id !== ''
  if (leaf.kind === 'bucket') return leaf.salt !== '' && leaf.low_ppm < leaf.high_ppm
  if (!leaf.name) return false
  if (takesNoValue(leaf.op)) return true
  if (leaf.op === 'between') return Array.isArray(leaf.value) && leaf.value.length === 2 && leaf.value.every((end) => end != null && end !== '')
  if (takesList(leaf.op)) return Array.isArray(leaf.value) && leaf.value.length > 0
  return leaf.value != null && leaf.value !== ''
}

/** Whether every leaf is finished and there is at least one. */
export function isComplete(expression: Expression): boolean {
  if (!isGroup(expression)) return isFinished(expression)
  const parts = partsOf(expression, '')
  return parts.length > 0 && parts.every(({ part }) => isComplete(part))
}

/** A root is always a group, so that there is somewhere to add to. */
export function asRoot(expression: Expression | undefined): All | Any | Not {
  if (!expression) return { kind: 'all', of: [] }
  const normal = normalise(expression)
  return isGroup(normal) ? normal : { kind: 'all', of: [normal] }
}
