import { describe, expect, it } from 'vitest'
import { addTo, asRoot, editAt, isComplete, normalise, partsOf, removeAt, setKind, type All, type Attr, type Expression } from './expression'

const age: Attr = { kind: 'attr', name: 'age', op: 'between', value: [25, 34] }
const job: Attr = { kind: 'attr', name: 'job', op: 'in', value: ['student'] }
const rule: All = { kind: 'all', of: [age, { kind: 'not', of: job }] }

describe('a rule', () => {
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
