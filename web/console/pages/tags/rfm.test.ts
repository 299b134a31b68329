import { describe, expect, it } from 'vitest'
import { freshDefinition, freshStatistic, uncounted } from './drafting'
import { asRfm, rfmOf, scores } from './rfm'

const paid = { ...freshDefinition, kind: 'statistic' as const, statistic: { ...freshStatistic, event: 'payment.made', window_days: 90 } }

describe('recency, frequency, money', () => {
  it('bands cover all shares once, the best score first', () => {
    expect(scores('frequency', 5).map((one) => [one.name, one.low, one.high])).toEqual([['f5', 80, 100], ['f4', 60, 80], ['f3', 40, 60], ['f2', 20, 40], ['f1', 0, 20]])
    expect(scores('monetary', 3).map((one) => [one.low, one.high])).toEqual([[67, 100], [33, 67], [0, 33]])
  })

  it('scores most who came last: few days since are the lowest shares', () => {
    expect(scores('recency', 4).map((one) => [one.name, one.low, one.high])).toEqual([['r4', 0, 25], ['r3', 25, 50], ['r2', 50, 75], ['r1', 75, 100]])
  })

  it('keeps the event, its window and its conditions', () => {
    const money = asRfm(paid, 'monetary')
    expect(money.statistic).toEqual({ ...paid.statistic, take: 'sum', property: 'amount_fen', percent: null, ranked: true })
    expect(asRfm(money, 'recency').statistic).toMatchObject({ event: 'payment.made', window_days: 90, take: 'last_days_ago', property: null })
    expect(uncounted(money)).toBeNull()
  })

  it('looks back a year where no window was named', () => {
    expect(asRfm({ ...paid, statistic: { ...paid.statistic, window_days: null } }, 'frequency').statistic?.window_days).toBe(365)
  })

  it('is known again, and forgotten once its bands are no shares', () => {
    for (const rfm of ['recency', 'frequency', 'monetary'] as const) expect(rfmOf(asRfm(paid, rfm))).toBe(rfm)
    expect(rfmOf(paid)).toBeNull()
    const money = asRfm(paid, 'monetary')
    expect(rfmOf({ ...money, statistic: { ...paid.statistic, ...money.statistic, ranked: false } })).toBeNull()
    expect(rfmOf({ ...money, statistic: { ...paid.statistic, ...money.statistic, property: 'points' } })).toBeNull()
  })
})
