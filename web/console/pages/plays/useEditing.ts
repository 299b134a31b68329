/** A draft under the hands of its maker: what it is now, what it was before, and what was taken back. */
import { useCallback, useEffect, useState } from 'react'
import type { PlayDraft } from '@api/plays'

const STEPS_MAX = 50
/** Changes within this time are one step: a word, not a letter. */
const STEP_MS = 800

export interface Editing {
  draft: PlayDraft
  put: (changes: Partial<PlayDraft>) => void
  dirty: boolean
  undo: (() => void) | null
  redo: (() => void) | null
}

interface History {
  past: PlayDraft[]
  now: PlayDraft
  next: PlayDraft[]
  at: number
}

export function after(history: History, changes: Partial<PlayDraft>, at: number): History {
  const now = { ...history.now, ...changes }
  const joined = at - history.at < STEP_MS && history.past.length > 0
  return { past: joined ? history.past : [...history.past, history.now].slice(-STEPS_MAX), now, next: [], at }
}

export function back(history: History): History {
  const before = history.past.at(-1)
  return before ? { past: history.past.slice(0, -1), now: before, next: [history.now, ...history.next], at: 0 } : history
}

export function forth(history: History): History {
  const [again, ...next] = history.next
  return again ? { past: [...history.past, history.now], now: again, next, at: 0 } : history
}

export function useEditing(saved: PlayDraft, may: boolean): Editing {
  const [history, setHistory] = useState<History>({ past: [], now: saved, next: [], at: 0 })
  const put = useCallback((changes: Partial<PlayDraft>) => setHistory((one) => after(one, changes, Date.now())), [])
  useEffect(() => {
    if (!may) return
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || (event.target as HTMLElement).closest('input, textarea')) return
      event.preventDefault()
      setHistory(event.shiftKey ? forth : back)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [may])
  return {
    draft: history.now,
    put,
    dirty: JSON.stringify(history.now) !== JSON.stringify(saved),
    undo: may && history.past.length ? () => setHistory(back) : null,
    redo: may && history.next.length ? () => setHistory(forth) : null,
  }
}
