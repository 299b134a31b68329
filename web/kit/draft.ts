/** A form that survives: what was typed is kept in this browser until it is saved or thrown away. */
import { useCallback, useEffect, useRef, useState } from 'react'

interface Stored<T> {
  value: T
  at: string
}

const key = (name: string) => `huoke.draft.${name}`

export function readDraft<T>(name: string): Stored<T> | null {
  try {
    const text = localStorage.getItem(key(name))
    return text ? (JSON.parse(text) as Stored<T>) : null
  } catch {
    return null
  }
}

export const dropDraft = (name: string) => localStorage.removeItem(key(name))

export interface Draft<T> {
  /** What was found when the page opened; null when there was nothing. */
  found: Stored<T> | null
  savedAt: Date | null
  keep: (value: T) => void
  drop: () => void
}

/** Keeps at most one write every 400 ms, and writes what is waiting when the page is left. */
export function useDraft<T>(name: string): Draft<T> {
  const [found] = useState(() => readDraft<T>(name))
  const [savedAt, setSavedAt] = useState<Date | null>(null)
  const waiting = useRef<{ value: T; timer: number } | null>(null)

  const write = useCallback(() => {
    if (!waiting.current) return
    clearTimeout(waiting.current.timer)
    const at = new Date()
    try {
      localStorage.setItem(key(name), JSON.stringify({ value: waiting.current.value, at: at.toISOString() }))
      setSavedAt(at)
    } catch {
      // A full or forbidden storage costs the safety net, never the form itself.
    }
    waiting.current = null
  }, [name])

  const keep = useCallback(
    (value: T) => {
      if (waiting.current) clearTimeout(waiting.current.timer)
      waiting.current = { value, timer: window.setTimeout(write, 400) }
    },
    [write],
  )

  const drop = useCallback(() => {
    if (waiting.current) clearTimeout(waiting.current.timer)
    waiting.current = null
    dropDraft(name)
    setSavedAt(null)
  }, [name])

  useEffect(() => {
    window.addEventListener('pagehide', write)
    return () => {
      window.removeEventListener('pagehide', write)
      write()
    }
  }, [write])
  return { found, savedAt, keep, drop }
}

export type TabMessage = { kind: 'opened' | 'here' } | { kind: 'saved'; version: number }

/** Other tabs of this browser that have the same thing open: whether there are any, and what they say. */
export function useOtherTabs(name: string, hear: (message: TabMessage) => void): { others: boolean; tell: (message: TabMessage) => void } {
  const [others, setOthers] = useState(false)
  const line = useRef<BroadcastChannel | null>(null)
  const heard = useRef(hear)
  useEffect(() => {
    heard.current = hear
  }, [hear])
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return
    const channel = new BroadcastChannel(key(name))
    line.current = channel
    channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
      setOthers(true)
      if (data.kind === 'opened') channel.postMessage({ kind: 'here' } satisfies TabMessage)
      heard.current(data)
    }
    channel.postMessage({ kind: 'opened' } satisfies TabMessage)
    return () => {
      line.current = null
      channel.close()
    }
  }, [name])
  const tell = useCallback((message: TabMessage) => line.current?.postMessage(message), [])
  return { others, tell }
}
