/** A scanner gun types like a very fast keyboard and ends with Enter, wherever the focus is: what it types is a scan. */
import { useEffect } from 'react'

/** Twelve bare digits are a gun's when they come this fast; with the QR code's prefix nobody but a gun types them. */
const DIGITS_MS = 900
const KEPT = 60

type Field = HTMLInputElement | HTMLTextAreaElement

export interface Key {
  key: string
  at: number
  field: Field | null
  /** What stood in the field before this key. */
  before: string
}

/** Where in these keys the scan begins that ends them; -1 when a person typed them. */
export function beginOfScan(keys: Key[]): number {
  const text = keys.map((each) => each.key).join('').normalize('NFKC')
  if (text.length !== keys.length) return -1
  const prefixed = /HUOKE:R:\d{12}$/i.exec(text)
  if (prefixed) return prefixed.index
  const digits = /\d{12}$/.exec(text)
  const [first, last] = [keys[digits?.index ?? -1], keys[keys.length - 1]]
  return digits && first && last && last.at - first.at <= DIGITS_MS ? digits.index : -1
}

const fieldOf = (target: EventTarget | null): Field | null => (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null)

/** React hears of a value only through the setter it replaced. */
function putBack(field: Field, value: string) {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** What each field held before the first of these keys: the focus may move while a scan is being typed. */
export function fieldsBefore(keys: Key[]): Map<Field, string> {
  const before = new Map<Field, string>()
  for (const { field, before: held } of keys) if (field && !before.has(field)) before.set(field, held)
  return before
}

export function useScanner(scan: (code: string) => void) {
  useEffect(() => {
    let keys: Key[] = []
    const hear = (event: KeyboardEvent) => {
      if (event.key === 'Enter') {
        const begin = beginOfScan(keys)
        if (begin >= 0) {
          const scanned = keys.slice(begin)
          event.preventDefault()
          event.stopImmediatePropagation()
          fieldsBefore(scanned).forEach((value, field) => putBack(field, value))
          scan(scanned.map((each) => each.key).join(''))
        }
        keys = []
        return
      }
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return
      const field = fieldOf(event.target)
      keys = [...keys.slice(-KEPT), { key: event.key, at: event.timeStamp, field, before: field?.value ?? '' }]
    }
    window.addEventListener('keydown', hear, true)
    return () => window.removeEventListener('keydown', hear, true)
  }, [scan])
}
