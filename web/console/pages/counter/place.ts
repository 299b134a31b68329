/** Where this person redeems, and which of several stores they chose; this browser remembers it. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getCounter, type CounterStore } from '@api/counter'
import { useSession } from '@console/app/session'

export const counterQuery = { queryKey: ['counter'], queryFn: getCounter, staleTime: 60_000 } as const

/** The store somebody is in: the only one, else the one chosen before, while it is open and theirs. */
export function storeOf(stores: CounterStore[], chosen: string | null): CounterStore | null {
  const open = stores.filter((store) => store.status === 'active')
  if (stores.length === 1) return stores[0] ?? null
  return open.find((store) => store.id === chosen) ?? null
}

export function usePlace() {
  const { session } = useSession()
  const kept = `huoke.counter.store.${session.staff_id}`
  const query = useQuery(counterQuery)
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept))
  const choose = (id: string | null) => {
    if (id) localStorage.setItem(kept, id)
    else localStorage.removeItem(kept)
    setChosen(id)
  }
  const stores = query.data?.stores ?? []
  return { query, stores, store: storeOf(stores, chosen), choose }
}
