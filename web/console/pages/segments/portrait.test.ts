import { describe, expect, it } from 'vitest'
import { bandOf, mostDifferent, rowsOf, type Trait } from './portrait'

const trait = (name: string, known: number, known_universe: number, values: [string, number, number][]): Trait => ({
  name, label: name, label_en: name, type: 'text', known, known_universe, values: values.map(([value, count, universe]) => ({ value, count, universe })),
})

describe('a portrait', () => {
  it('takes shares of those of whom something is known', () => {
    const [row] = rowsOf(trait('city', 50, 400, [['滨海', 25, 100]]))
    expect([row?.share, row?.everyone]).toEqual([0.5, 0.25])
    expect(rowsOf(trait('city', 0, 0, [['滨海', 0, 0]]))[0]?.share).toBe(0)
  })

  it('shows what differs most first, at most two values of a trait, and nothing the rule asks for itself', () => {
    const city = trait('city', 100, 1000, [['a', 60, 200], ['b', 0, 300], ['c', 40, 500]])
    const job = trait('job', 100, 1000, [['x', 25, 200]])
    const asked = trait('age', 100, 1000, [['y', 100, 0]])
    expect(mostDifferent([city, job, asked], new Set(['age'])).map((row) => row.value.value)).toEqual(['a', 'b', 'x'])
  })

  it('closes the bands of whole numbers', () => {
    expect(bandOf({ low: '30', high: '40', count: 1, universe: 1 }, true)).toEqual({ low: '30', high: '39' })
    expect(bandOf({ low: '0.5', high: '1', count: 1, universe: 1 }, false)).toEqual({ low: '0.5', high: '1' })
    expect(bandOf({ high: '20', count: 1, universe: 1 }, true)).toEqual({ low: null, high: '20' })
  })
})
