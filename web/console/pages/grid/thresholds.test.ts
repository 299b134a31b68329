import { describe, expect, it } from 'vitest'
import { edgeOf, rangesOf, rangeText } from './thresholds'

const from = (value: string, name = 'wealth') => ({ kind: 'attr', name, op: '>=', value })
const known = { kind: 'attr', name: 'wealth', op: 'is_known' }

describe('thresholds of bands', () => {
  it('are the one number that every part of a rule asks for', () => {
    expect(edgeOf({ kind: 'any', of: [from('50000'), from('50000', 'deposit')] })).toBe(50_000)
    expect(edgeOf({ kind: 'any', of: [from('50000'), from('60000')] })).toBeNull()
    expect(edgeOf(known)).toBeNull()
  })

  it('end where the band before begins, and the last one takes what is left', () => {
    const bands = [{ name: 'rich', expression: from('500000') }, { name: 'growing', expression: from('50000') }, { name: 'mass', expression: known }]
    expect([...rangesOf(bands).values()]).toEqual([{ from: 500_000, below: null }, { from: 50_000, below: 500_000 }, { from: null, below: 50_000 }])
  })

  it('are said in the words of each language', () => {
    expect(rangeText({ from: 500_000, below: 6_000_000 }, 'zh-CN')).toBe('50–600 万')
    expect(rangeText({ from: 500_000, below: 6_000_000 }, 'en')).toBe('500K–6M')
    expect(rangeText({ from: null, below: 50_000 }, 'zh-CN')).toBe('< 5 万')
    expect(rangeText({ from: 6_000_000, below: null }, 'en')).toBe('≥ 6M')
    expect(rangeText({ from: 10, below: null }, 'zh-CN')).toBe('≥ 10')
  })

  it('are not told of an axis that divides by anything else', () => {
    expect(rangesOf([{ name: 'student', expression: { kind: 'attr', name: 'stage', op: '=', value: '学生' } }]).size).toBe(0)
    expect(rangesOf([{ name: 'low', expression: from('1') }, { name: 'high', expression: from('2') }]).size).toBe(0)
  })
})
