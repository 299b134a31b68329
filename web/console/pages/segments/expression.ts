/** The rule of a segment as a tree, and the edits a person makes to it. Paths are JSON pointers; the root's is "". */

export type Op = '=' | '!=' | 'in' | 'not_in' | '<' | '<=' | '>' | '>=' | 'between' | 'begins' | 'not_begins' | 'is_known' | 'is_unknown'

export interface All { kind: 'all'; of: Expression[] }
export interface Any { kind: 'any'; of: Expression[] }
export interface Not { kind: 'not'; of: Expression }
export interface Attr { kind: 'attr'; name: string; op: Op; value?: unknown }
export interface Bucket { kind: 'bucket'; salt: string; low_ppm: number; high_ppm: number }
export interface Upload { kind: 'upload'; upload_id: string }
export interface Where { property: string; op: Op; value?: unknown }
export type Measure = 'count' | 'days' | 'sum' | 'max' | 'last_days_ago'
/** What a customer did: a measure of their events of one name, in a window of days, compared with a number. */
export interface Behaviour { kind: 'event'; name: string; measure: Measure; property?: string | null; op: Op; value?: unknown; window_days?: number | null; where?: Where[] }
/** An event of one name that fulfils every `where`. */
export interface Step { name: string; where?: Where[] }
/** Events one after the other: the last so many days after the first at most, and something never between the two. */
export interface EventSequence { kind: 'sequence'; steps: Step[]; within_days: number | null; window_days?: number | null; never?: Step | null }
export interface ByAttr { kind: 'attr'; name: string }
export interface ByEvent { kind: 'event'; name: string; measure: Measure; property?: string | null; window_days?: number | null; where?: Where[] }
/** The first of each group by a value: a share in percent, or a number of customers. */
export interface Rank { kind: 'rank'; by: ByAttr | ByEvent; direction: 'top' | 'bottom'; take: { percent?: number | null; count?: number | null }; within: 'bank' | 'branch' | 'unit' }
/** A tag's values; who is unknown to the tag is in none of them, nor among those who are not in them. */
export interface TagLeaf { kind: 'tag'; name: string; op: Op; value?: string[] }
/** The rule of another segment. */
export interface Reference { kind: 'segment'; segment_id: string }

export type Leaf = Attr | Behaviour | EventSequence | Rank | TagLeaf | Reference | Bucket | Upload
export type Expression = All | Any | Not | Leaf
/** Groups as a person sees them: all of these, any of these, none of these. */
export type GroupKind = 'all' | 'any' | 'none'

export type AttributeType = 'text' | 'integer' | 'decimal' | 'date' | 'boolean'

const presence: Op[] = ['is_known', 'is_unknown']
/** The usual comparison first: what a new condition begins with. */
const usual: Op[] = ['in', '>=', '=', 'between', '<=', '>', '<', '!=', 'not_in', 'begins', 'not_begins', 'is_known', 'is_unknown']
export const inUsualOrder = (ops: readonly Op[]): Op[] => usual.filter((op) => ops.includes(op))

export const UNIT = 'unit'

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

/** Every condition below a group, by its pointer. */
export const leavesOf = (group: All | Any | Not, path = ''): [string, Leaf][] =>
  partsOf(group, path).flatMap(({ part, path: at }) => (isGroup(part) ? leavesOf(part, at) : [[at, part] as [string, Leaf]]))

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
  if (leaf.kind === 'segment') return leaf.segment_id !== ''
  if (leaf.kind === 'sequence') return leaf.within_days != null && leaf.steps.length >= STEPS_MIN && [...leaf.steps, ...(leaf.never ? [leaf.never] : [])].every(isStepFinished)
  if (leaf.kind === 'rank') return isRankFinished(leaf)
  if (leaf.kind === 'event' && !areFinished(leaf.where)) return false
  if (leaf.kind === 'event' && takesProperty(leaf.measure) && !leaf.property) return false
  if (leaf.kind === 'bucket') return leaf.salt !== '' && leaf.low_ppm < leaf.high_ppm
  if (!leaf.name) return false
  return hasValue(leaf.op, leaf.value)
}

const areFinished = (where: Where[] | undefined) => (where ?? []).every((one) => one.property !== '' && hasValue(one.op, one.value))
const isStepFinished = (step: Step) => step.name !== '' && areFinished(step.where)

function isRankFinished({ by, take }: Rank): boolean {
  if (by.name === '' || (take.percent == null && take.count == null)) return false
  return by.kind === 'attr' || (areFinished(by.where) && (!takesProperty(by.measure) || Boolean(by.property)))
}

export const STEPS_MIN = 2
export const STEPS_MAX = 5
export const takesProperty = (measure: Measure) => measure === 'sum' || measure === 'max'

function hasValue(op: Op, value: unknown): boolean {
  if (takesNoValue(op)) return true
  if (op === 'between') return Array.isArray(value) && value.length === 2 && value.every((end) => end != null && end !== '')
  if (takesList(op)) return Array.isArray(value) && value.length > 0
  return value != null && value !== ''
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

const at = (root: Expression, path: string): Expression | undefined => {
  if (path === '') return root
  let node: unknown = root
  for (const step of path.split('/').slice(1)) node = (node as Record<string, unknown> | undefined)?.[step]
  return node as Expression | undefined
}

/** The pointer of the group a part stands in, and its place there. */
export function placeOf(root: Expression, path: string): { group: string; index: number } {
  const cut = path.replace(/\/of\/(\d+)$/, '')
  const index = Number(/(\d+)$/.exec(path)?.[1] ?? 0)
  const holder = cut.endsWith('/of') ? cut.slice(0, -3) : cut
  return { group: at(root, holder)?.kind === 'not' ? holder : cut, index }
}

/** The tree with the part at `from` taken out and put into `group` before `index`; itself where that would be inside it. */
export function moveTo(root: All | Any | Not, from: string, group: string, index: number): Expression {
  const part = at(root, from)
  if (!part || from === '' || group === from || group.startsWith(`${from}/`)) return root
  const marker: Upload = { kind: 'upload', upload_id: '__from__' }
  const marked = editAt(root, from, () => marker)
  const placed = editAt(marked, group, (node) => {
    if (!isGroup(node)) return node
    const parts = partsOf(node, '').map((each) => each.part)
    return makeGroup(groupKind(node), [...parts.slice(0, index), part, ...parts.slice(index)])
  })
  return without(placed, marker)
}

function without(node: Expression, marker: Expression): Expression {
  if (!isGroup(node)) return node
  return makeGroup(groupKind(node), partsOf(node, '').filter(({ part }) => part !== marker).map(({ part }) => without(part, marker)))
}

/** One step by keyboard: up and down within the group, left out of it, right into the group before it. */
export function nudge(root: All | Any | Not, path: string, key: 'up' | 'down' | 'left' | 'right'): Expression {
  const { group, index } = placeOf(root, path)
  const holder = at(root, group)
  if (!holder || !isGroup(holder)) return root
  if (key === 'up') return index > 0 ? moveTo(root, path, group, index - 1) : root
  if (key === 'down') return moveTo(root, path, group, index + 2)
  if (key === 'left') {
    if (group === '') return root
    const outer = placeOf(root, group)
    return moveTo(root, path, outer.group, outer.index + 1)
  }
  const before = partsOf(holder, group)[index - 1]
  return before && isGroup(before.part) ? moveTo(root, path, before.path, partsOf(before.part, '').length) : root
}
