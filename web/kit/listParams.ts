/** What a list shows lives in its address: reload, back and a shared link all give the same list. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useState } from 'react'

export type ListParams = Record<string, string | undefined>

export interface ListState {
  params: ListParams
  /** Change filters; the page starts over at its first rows. */
  change: (changes: ListParams) => void
  next: (cursor: string) => void
  previous: (() => void) | null
}

export function useListState(): ListState {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const [before, setBefore] = useState<(string | undefined)[]>([])
  const params: ListParams = {}
  for (const [key, value] of Object.entries(search)) if (value != null && value !== '') params[key] = String(value)

  const put = useCallback(
    (changes: ListParams) =>
      void navigate({
        to: '.',
        search: ((old: Record<string, unknown>) => {
          const merged = { ...old, ...changes }
          return Object.fromEntries(Object.entries(merged).filter(([, value]) => value != null && value !== ''))
        }) as never,
        replace: true,
      }),
    [navigate],
  )

  const change = (changes: ListParams) => {
    setBefore([])
    put({ ...changes, cursor: undefined })
  }
  const next = (cursor: string) => {
    setBefore((stack) => [...stack, params.cursor])
    put({ cursor })
  }
  const previous =
    before.length > 0
      ? () => {
          setBefore((stack) => stack.slice(0, -1))
          put({ cursor: before.at(-1) })
        }
      : params.cursor
        ? () => put({ cursor: undefined })
        : null
  return { params, change, next, previous }
}
