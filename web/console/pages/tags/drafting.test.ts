import { describe, expect, it } from 'vitest'
import type { Definition } from '@api/tags'
import { asKind, countable, freshDefinition, freshStatistic, lacks, move, nextValue } from './drafting'

const rule = { kind: 'all', of: [{ kind: 'attr', name: 'age', op: '>=', value: 60 }] }
const whole: Definition = {
  ...freshDefinition, name: 'old', label: '长者', label_en: 'Senior', meaning: '六十岁以上', meaning_en: 'Sixty and over', category: 'basic/age', values: [{ name: 'yes', label: '是', label_en: 'Yes', expression: rule }],
}

describe('a definition while it is written', () => {
  it('says the first thing it lacks', () => {
    expect(lacks(freshDefinition)).toBe('label')
    expect(lacks({ ...whole, name: 'Old' })).toBe('name')
    expect(lacks({ ...whole, category: 'basic//age' })).toBe('category')
    expect(lacks({ ...whole, wording: '您已满六十岁' })).toBe('wording')
    expect(lacks({ ...whole, values: [{ name: 'yes', label: '是', label_en: 'Yes', expression: { kind: 'all', of: [] } }] })).toBe('values')
    expect(lacks(whole)).toBeNull()
  })

  it('can be counted once its rule is finished, whatever else is missing', () => {
    const half = { ...whole, name: '', label: '', category: '', wording: '只有中文' }
    expect(countable(half)).toMatchObject({ name: 'preview', label: '…', category: 'preview', wording: '', values: whole.values })
    expect(countable(freshDefinition)).toBeNull()
  })

  it('keeps the names of its values when it becomes a statistic, and asks for their bands anew', () => {
    const statistic = asKind(whole, 'statistic', null)
    expect(statistic.statistic).toEqual(freshStatistic)
    expect(statistic.values).toEqual([{ name: 'yes', label: '是', label_en: 'Yes', low: 0 }])
    expect(asKind(statistic, 'rule', null)).toMatchObject({ statistic: null, values: [{ name: 'yes', expression: { kind: 'all', of: [] } }] })
  })

  it('begins the next band where the last one ended, under a name no value has', () => {
    const banded: Definition = { ...asKind(whole, 'statistic', null), values: [{ name: 'v2', label: '少', label_en: 'few', low: 1, high: 5 }] }
    expect(nextValue(banded)).toEqual({ name: 'v3', label: '', label_en: '', low: 5 })
  })

  it('moves a value within the list and no further', () => {
    const values = ['a', 'b', 'c'].map((name) => ({ name, label: name, label_en: name }))
    expect(move(values, 2, -1).map((value) => value.name)).toEqual(['a', 'c', 'b'])
    expect(move(values, 0, -1).map((value) => value.name)).toEqual(['a', 'b', 'c'])
  })
})
