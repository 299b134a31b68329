import { describe, expect, it } from 'vitest'
import type { Held } from '@api/tags'
import { mostTelling } from './telling'

const held = (name: string, category: string, share: number, more: Partial<Held> = {}): Held => ({ name, label: name, label_en: name, category, value: 'yes', share, ...more }) as Held
const now = new Date('2026-11-22T04:00:00Z')
const names = (tags: Held[]) => mostTelling(tags, now).map((each) => each.name)

describe('the tags that say most of a customer', () => {
  it('are those few others have, and what is new before what is as rare', () => {
    expect(names([held('usual', 'a', 0.5), held('rare', 'b', 0.01), held('new', 'c', 0.3, { since: '2026-11-10' }), held('old', 'd', 0.3, { since: '2026-01-10' })])).toEqual(['rare', 'new', 'old', 'usual'])
  })

  it('do not call new what is only as old as its history', () => {
    expect(names([held('kept', 'a', 0.3, { since: '2026-11-10', at_least: true }), held('rarer', 'b', 0.2)])).toEqual(['rarer', 'kept'])
  })

  it('are at most three of a category and twelve in all, and none that says nothing', () => {
    const many = Array.from({ length: 20 }, (_, place) => held(`t${String(place).padStart(2, '0')}`, `c${place % 5}/x`, 0.1 + place / 1000))
    expect(names(many)).toHaveLength(12)
    expect(names([held('student', 'job/a', 0.059), held('is_student', 'job/b', 0.059), held('other', 'age', 0.059)])).toEqual(['is_student', 'other'])
    expect(names([held('a', 'c/x', 0.1), held('b', 'c/y', 0.2), held('c', 'c', 0.3), held('d', 'c', 0.4), held('none', 'd', 0.01, { value: '' }), held('unknown', 'd', 0.01, { value: null })])).toEqual(['a', 'b', 'c'])
  })
})
