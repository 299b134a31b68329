import { describe, expect, it } from 'vitest'
import { addTo, asRoot, editAt, isComplete, leavesOf, normalise, partsOf, removeAt, setKind, type All, type Attr, type Expression, moveTo, nudge } from './expression'

const age: Attr = { kind: 'attr', name: 'age', op: 'between', value: [25, 34] }
const job: Attr = { kind: 'attr', name: 'job', op: 'in', value: ['student'] }
const rule: All = { kind: 'all', of: [age, { kind: 'not', of: job }] }

describe('a rule', () => {
  it('gives its conditions by their pointers, however deep', () => {
    expect(leavesOf(asRoot(rule))).toEqual([['/of/0', age], ['/of/1/of/of/0', job]])
  })

  it('shows a bare "not" as a group that can be added to', () => {
    expect(normalise(rule)).toEqual({ kind: 'all', of: [age, { kind: 'not', of: { kind: 'any', of: [job] } }] })
    expect(asRoot(age)).toEqual({ kind: 'all', of: [age] })
  })

  it('gives each part the pointer the server counts it by', () => {
    const root = asRoot(rule)
    const none = partsOf(root, '')[1]
    expect(none?.path).toBe('/of/1')
    expect(partsOf(none?.part as All, '/of/1').map((each) => each.path)).toEqual(['/of/1/of/of/0'])
  })

  it('changes, adds and removes exactly the node at a pointer', () => {
    const root: Expression = asRoot(rule)
    const changed = editAt(root, '/of/1/of/of/0', () => ({ ...job, value: ['retired'] }))
    expect(changed).toEqual({ kind: 'all', of: [age, { kind: 'not', of: { kind: 'any', of: [{ ...job, value: ['retired'] }] } }] })
    expect(addTo(root, '/of/1', age)).toEqual({ kind: 'all', of: [age, { kind: 'not', of: { kind: 'any', of: [job, age] } }] })
    expect(removeAt(root, '/of/0')).toEqual({ kind: 'all', of: [{ kind: 'not', of: { kind: 'any', of: [job] } }] })
    expect(root).toEqual(asRoot(rule))
  })

  it('turns a group into another kind without losing its parts', () => {
    expect(setKind(asRoot(rule), '/of/1', 'any')).toEqual({ kind: 'all', of: [age, { kind: 'any', of: [job] }] })
    expect(setKind(asRoot(age), '', 'none')).toEqual({ kind: 'not', of: { kind: 'any', of: [age] } })
  })

  it('is complete only when every condition has its value', () => {
    expect(isComplete(rule)).toBe(true)
    expect(isComplete({ kind: 'all', of: [] })).toBe(false)
    expect(isComplete({ kind: 'all', of: [age, { kind: 'attr', name: 'age', op: 'between', value: [25, null] }] })).toBe(false)
    expect(isComplete({ kind: 'attr', name: 'age', op: 'is_known' })).toBe(true)
  })
})

describe('a sequence and a rank', () => {
  const chain: Expression = { kind: 'sequence', steps: [{ name: 'app.login' }, { name: 'payment.made' }], within_days: 7, never: null }
  const first: Expression = { kind: 'rank', by: { kind: 'attr', name: 'age' }, direction: 'top', take: { percent: 20 }, within: 'branch' }

  it('are complete once every step, span and number is there', () => {
    expect(isComplete(chain)).toBe(true)
    expect(isComplete({ ...chain, within_days: null })).toBe(false)
    expect(isComplete({ ...chain, steps: [{ name: 'app.login' }, { name: '' }] })).toBe(false)
    expect(isComplete({ ...chain, never: { name: '' } })).toBe(false)
    expect(isComplete({ ...chain, never: { name: 'branch.visited', where: [{ property: 'outlet', op: '=' }] } })).toBe(false)
    expect(isComplete(first)).toBe(true)
    expect(isComplete({ ...first, take: { percent: null } })).toBe(false)
    expect(isComplete({ ...first, by: { kind: 'event', name: 'payment.made', measure: 'sum', property: null } })).toBe(false)
  })
})

describe('moving a part', () => {
  const one: Expression = { kind: 'upload', upload_id: '1' }
  const two: Expression = { kind: 'upload', upload_id: '2' }
  const three: Expression = { kind: 'upload', upload_id: '3' }
  const root: All = { kind: 'all', of: [one, { kind: 'not', of: { kind: 'any', of: [two] } }, three] }

  it('goes before another, out of its group, and into the group before it', () => {
    expect(nudge(root, '/of/2', 'up')).toEqual({ kind: 'all', of: [one, three, root.of[1]] })
    expect(nudge(root, '/of/0', 'down')).toEqual({ kind: 'all', of: [root.of[1], one, three] })
    expect(nudge(root, '/of/1/of/of/0', 'left')).toEqual({ kind: 'all', of: [one, { kind: 'not', of: { kind: 'any', of: [] } }, two, three] })
    expect(nudge(root, '/of/2', 'right')).toEqual({ kind: 'all', of: [one, { kind: 'not', of: { kind: 'any', of: [two, three] } }] })
  })

  it('never goes into itself, nor loses anything', () => {
    expect(moveTo(root, '/of/1', '/of/1', 0)).toBe(root)
    expect(moveTo(root, '', '/of/1', 0)).toBe(root)
  })
})
