/** A scanner gun types like a very fast keyboard and ends with Enter, wherever the focus is: what it types is a scan. */
import { useEffect } from 'react'
import { isCode } from './scans'

/** Between two keys of a gun; a person who types twelve digits and Enter into another field rests longer at least once. */
const GAP_MS = 250

interface Burst {
  text: string
  at: number
  field: HTMLInputElement | HTMLTextAreaElement | null
  before: string
}

const fieldOf = (target: EventTarget | null) => (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null)

/** React hears of a value only through the setter it replaced. */
function putBack(field: HTMLInputElement | HTMLTextAreaElement, value: string) {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement
  Object.getOwnPropertyDescriptor(kind.prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** `own` is the id of the field that reads codes by itself. */
export function useScanner(own: string, scan: (code: string) => void) {
  useEffect(() => {
    let burst: Burst | null = null
    const hear = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.id === own) return
      if (event.key === 'Enter') {
        if (burst && event.timeStamp - burst.at < GAP_MS && isCode(burst.text)) {
          event.preventDefault()
          event.stopImmediatePropagation()
          if (burst.field) putBack(burst.field, burst.before)
          scan(burst.text)
        }
        burst = null
        return
      }
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return
      const field = fieldOf(event.target)
      if (!burst || event.timeStamp - burst.at >= GAP_MS || burst.field !== field) burst = { text: '', at: 0, field, before: field?.value ?? '' }
      burst.text += event.key
      burst.at = event.timeStamp
    }
    window.addEventListener('keydown', hear, true)
    return () => window.removeEventListener('keydown', hear, true)
  }, [own, scan])
}
