import { describe, expect, it } from 'vitest'
import type { Expression } from './expression'
import { prune } from './useLiveCount'

const done: Expression = { kind: 'attr', name: 'age', op: '>=', value: 30 }
const half: Expression = { kind: 'attr', name: 'job', op: 'in' }

describe('what is counted of an unfinished rule', () => {
  it('leaves out what has no value yet and says where the rest stands on the page', () => {
    const pruned = prune({ kind: 'all', of: [half, done, { kind: 'not', of: { kind: 'any', of: [half, done] } }] })
    expect(pruned?.expression).toEqual({ kind: 'all', of: [done, { kind: 'not', of: { kind: 'any', of: [done] } }] })
    expect(pruned?.paths.get('/of/0')).toBe('/of/1')
    expect(pruned?.paths.get('/of/1/of/of/0')).toBe('/of/2/of/of/1')
  })

  it('is nothing when nothing is finished', () => {
    expect(prune({ kind: 'all', of: [half, { kind: 'any', of: [] }] })).toBeNull()
  })
})
