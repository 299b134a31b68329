/** A scanner gun types like a very fast keyboard and ends with Enter, wherever the focus is: what it types is a scan. */
import { useEffect } from 'react'

/** Twelve bare digits are a gun's when they come this fast; with the QR code's prefix nobody but a gun types them. */
const DIGITS_MS = 900
const KEPT = 60

type Field = HTMLInputElement | HTMLTextAreaElement

export interface Key {
  key: string
  at: number
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

/** `own` is the id of the field that reads codes by itself. */
export function useScanner(own: string, scan: (code: string) => void) {
  useEffect(() => {
    let keys: Key[] = []
    let into: Field | null = null
    const hear = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.id === own) return
      const field = fieldOf(event.target)
      if (event.key === 'Enter') {
        const begin = beginOfScan(keys)
        const first = keys[begin]
        if (first && field === into) {
          event.preventDefault()
          event.stopImmediatePropagation()
          if (field) putBack(field, first.before)
          scan(keys.slice(begin).map((each) => each.key).join(''))
        }
        keys = []
        return
      }
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return
      if (field !== into) keys = []
      into = field
      keys = [...keys.slice(-KEPT), { key: event.key, at: event.timeStamp, before: field?.value ?? '' }]
    }
    window.addEventListener('keydown', hear, true)
    return () => window.removeEventListener('keydown', hear, true)
  }, [own, scan])
}
