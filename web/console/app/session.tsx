/** Who is signed in, and what they may: pages hide what a role never has. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { SESSION_ENDED, SESSION_RESUMED } from '@api/client'
import { forgetSession, readSession, signOut as askSignOut, type Session } from '@api/session'

interface SessionState {
  session: Session
  may: (permission: string) => boolean
  /** Whether this person redeems in a merchant's store: a clerk is nothing else. */
  inStore: boolean
  /** Whether this person sees only the customers they look after: a relationship manager is nothing else. */
  ownCustomers: boolean
  /** True once the server no longer knows the session; the page stays as it is until someone signs in again. */
  ended: boolean
  signedIn: () => Promise<void>
  signOut: () => Promise<void>
}

const Context = createContext<SessionState | null>(null)
export const sessionKey = ['session'] as const

export const useSessionQuery = () =>
  useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 60_000, retry: 1 })

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  const cache = useQueryClient()
  const [ended, setEnded] = useState(false)

  useEffect(() => {
    const end = () => setEnded(true)
    window.addEventListener(SESSION_ENDED, end)
    return () => window.removeEventListener(SESSION_ENDED, end)
  }, [])

  const value = useMemo<SessionState>(() => {
    const held = new Set(session.permissions)
    return {
      session,
      may: (permission) => held.has(permission),
      inStore: session.roles.some(({ role }) => role === 'merchant_clerk'),
      ownCustomers: session.roles.some(({ role }) => role === 'rm'),
      ended,
      signedIn: async () => {
        setEnded(false)
        window.dispatchEvent(new Event(SESSION_RESUMED))
        await cache.invalidateQueries()
      },
      signOut: async () => {
        await askSignOut().catch(forgetSession)
        window.location.assign('/console/sign-in')
      },
    }
  }, [session, ended, cache])
  return <Context value={value}>{children}</Context>
}

export function useSession(): SessionState {
  const value = use(Context)
  if (!value) throw new Error('useSession stands outside its provider')
  return value
}
