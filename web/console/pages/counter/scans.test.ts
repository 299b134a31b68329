import { describe, expect, it } from 'vitest'
import type { CodeMeaning } from '@api/counter'
import { codeOf, isCode, isCoupon, kept, nothing, revived, step, type Scans, type Step } from './scans'

const meaning = { redeemable: true, title: '咖啡券' } as CodeMeaning
const after = (...steps: Step[]): Scans => steps.reduce(step, nothing)
const scan = (code: string, no = code): Step => ({ type: 'scanned', code, no, at: 0 })
const [one, two] = ['111111111111', '222222222222']
const found: Step[] = [scan(one), { type: 'looked', no: one, meaning }]
const redeemed: Step[] = [...found, { type: 'redeem' }, { type: 'redeemed', no: one, redemptionId: 'r-1' }]

describe('a code', () => {
  it.each([
    ['HUOKE:R:123456789012', '123456789012'],
    ['ＨＵＯＫＥ：Ｒ：１２３４５６７８９０１２', '123456789012'],
    [' 1234 5678 9012 ', '123456789012'],
    ['1234-5678-9012', '123456789012'],
  ])('is read out of %s', (text, code) => {
    expect(codeOf(text)).toBe(code)
    expect(isCode(text)).toBe(true)
  })
  it.each([' 01K8Z3T6YQ9W5V8S0R4N2M7P1A ', '01k8z3t6yq9w5v8s0r4n2m7p1a'])('of a platform\'s coupon is read out of %s', (text) => {
    expect(isCode(text)).toBe(true)
    expect(isCoupon(codeOf(text))).toBe(true)
    expect(isCoupon('123456789012')).toBe(false)
  })
  it.each(['', '12345678901', '1234567890123', 'HUOKE:R:', '12345678901a'])('is none: %s', (text) => expect(isCode(text)).toBe(false))
})

describe('scans', () => {
  it('are looked up, found, redeemed', () => {
    expect(after(...found).current?.phase).toBe('found')
    const end = after(...redeemed)
    expect([end.current?.phase, end.done.length]).toEqual(['done', 1])
  })
  it('of the same code change nothing while it is worked on', () => {
    const shown = after(...found)
    expect(step(shown, scan(one, 'other'))).toBe(shown)
    const asking = after(...found, { type: 'redeem' })
    expect(step(asking, scan(one, 'other'))).toBe(asking)
  })
  it('of a code that was redeemed show that, under its first number', () => {
    const again = after(...redeemed, { type: 'next' }, scan(one, 'other')).current
    expect([again?.phase, again?.no, again?.again]).toEqual(['done', one, true])
  })
  it('that come while another is open wait, each once, and are next', () => {
    const open = after(...found, scan(two), scan(two, 'other'))
    expect([open.current?.code, open.waiting.map((each) => each.no)]).toEqual([one, [two]])
    expect(step(open, { type: 'next' }).current?.code).toBe(two)
  })
  it('follow at once where the last is settled', () => {
    expect(after(...redeemed, scan(two)).current?.code).toBe(two)
    expect(after(scan(one), { type: 'refused', no: one, problem: { status: 404, code: 'grants.unknown_code', detail: '' } }, scan(two)).current?.code).toBe(two)
  })
  it('without an answer keep their number and phase', () => {
    const lost = after(...found, { type: 'redeem' }, { type: 'unanswered', no: one }, { type: 'unanswered', no: one }).current
    expect([lost?.no, lost?.phase, lost?.tries]).toEqual([one, 'redeeming', 2])
  })
  it('do not mind a late answer to another', () => {
    const next = after(...redeemed, scan(two))
    expect(step(next, { type: 'refused', no: one, problem: { status: 409, code: 'x', detail: '' } })).toBe(next)
  })
  it('that cannot be redeemed are not', () => {
    const closed = after(scan(one), { type: 'looked', no: one, meaning: { ...meaning, redeemable: false } })
    expect(step(closed, { type: 'redeem' })).toBe(closed)
  })
  it('survive a reload: a redemption without its answer is asked again under its number, the rest is looked up anew', () => {
    const before = after(...found, { type: 'redeem' }, scan(two))
    const next = revived(kept(before), 1_000)
    expect([next.current?.no, next.current?.phase, next.waiting.map((each) => each.phase)]).toEqual([one, 'redeeming', ['looking']])
    expect(kept(after(...redeemed))).toEqual([])
    expect(revived(kept(after(...found)), 1_000).current?.phase).toBe('looking')
  })
  it('of another hour are forgotten, but never a redemption whose answer is missing', () => {
    expect(revived(kept(after(...found)), 3_600_000).current).toBe(null)
    expect(revived(kept(after(...found, { type: 'redeem' })), 3_600_000).current?.phase).toBe('redeeming')
  })
  it('that were undone can be scanned and redeemed again', () => {
    const undone = after(...redeemed, { type: 'undone', redemptionId: 'r-1' })
    expect([undone.current, undone.done]).toEqual([null, []])
    expect(step(undone, scan(one, 'fresh')).current?.phase).toBe('looking')
  })
})
