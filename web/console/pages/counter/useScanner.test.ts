import { describe, expect, it } from 'vitest'
import { beginOfScan, fieldsBefore, type Key } from './useScanner'

const typed = (text: string, gapMs: number, from = 0, field: Key['field'] = null, held = ''): Key[] =>
  [...text].map((key, place) => ({ key, at: from + place * gapMs, field, before: held + text.slice(0, place) }))
const code = '123456789012'

describe('keys', () => {
  it('that carry the prefix are a scan, however slow the machine', () => {
    expect(beginOfScan(typed(`HUOKE:R:${code}`, 400))).toBe(0)
    expect(beginOfScan(typed(`ＨＵＯＫＥ：Ｒ：${code}`, 5))).toBe(0)
  })
  it('of twelve fast digits are a scan, of twelve slow ones a person', () => {
    expect(beginOfScan(typed(code, 20))).toBe(0)
    expect(beginOfScan(typed(code, 120))).toBe(-1)
  })
  it('before the scan are the field’s own', () => {
    const keys = [...typed('why ', 150), ...typed(`HUOKE:R:${code}`, 10, 700)]
    expect(beginOfScan(keys)).toBe(4)
    expect(beginOfScan([...typed('9', 0), ...typed(code, 20, 500)])).toBe(1)
  })
  it('leave every field as it was, also where the focus moved under the scanner', () => {
    const [own, other] = [{}, {}] as [HTMLInputElement, HTMLInputElement]
    const scan = `HUOKE:R:${code}`
    const keys = [...typed(scan.slice(0, 9), 10, 0, own, '4711'), ...typed(scan.slice(9), 10, 90, other)]
    expect(beginOfScan(keys)).toBe(0)
    expect([...fieldsBefore(keys)]).toEqual([[own, '4711'], [other, '']])
  })
  it.each(['', 'hello', '12345678901', `${code}x`])('are no scan: %s', (text) => expect(beginOfScan(typed(text, 10))).toBe(-1))
})
