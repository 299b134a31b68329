/** Runs the scans: asks the server, asks again when no answer came, and keeps open codes over a reload. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer } from 'react'
import { SESSION_RESUMED } from '@api/client'
import { lookUpCode, lookUpCoupon, redeemCode, useCoupon } from '@api/counter'
import { requestNo } from '@api/request'
import { problemOf } from '@kit/problem'
import { isCoupon, kept, nothing, revived, step, waitSeconds, type Scan, type Scans } from './scans'

const KEPT = 'huoke.counter.scans'

function read(): Scans {
  try {
    const scans: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')
    return Array.isArray(scans) ? revived(scans as Scan[], Date.now()) : nothing
  } catch {
    return nothing
  }
}

/** Nobody can say whether the server heard it: no answer, an outage, or a session that has ended meanwhile. */
const isUnanswered = (status: number) => status === 0 || status === 401 || status === 408 || status >= 500

export function useScans(storeId: string | undefined) {
  const [scans, tell] = useReducer(step, undefined, read)
  const cache = useQueryClient()
  const { current } = scans

  useEffect(() => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept(scans)))
    } catch {
      // Without storage a reload forgets open codes; the customer's phone still shows them.
    }
  }, [scans])

  const { no, code, phase, tries } = current ?? {}
  const where = current?.storeId
  useEffect(() => {
    if (!no || !code || tries === undefined || (phase !== 'looking' && phase !== 'redeeming')) return
    let over = false
    const ask = async () => {
      if (over) return
      over = true
      try {
        if (phase === 'looking') tell({ type: 'looked', no, meaning: await (isCoupon(code) ? lookUpCoupon : lookUpCode)(code, where) })
        else tell({ type: 'redeemed', no, redemptionId: await (isCoupon(code) ? useCoupon : redeemCode)(no, code, where) })
      } catch (error) {
        const problem = problemOf(error)
        tell(isUnanswered(problem.status) ? { type: 'unanswered', no } : { type: 'refused', no, problem })
      }
      if (phase === 'redeeming') await Promise.all(['redemptions', 'home'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
    }
    if (tries === 0) {
      void ask()
      return
    }
    const again = () => void ask()
    const timer = setTimeout(again, waitSeconds(tries) * 1000)
    window.addEventListener('online', again)
    window.addEventListener(SESSION_RESUMED, again)
    return () => {
      over = true
      clearTimeout(timer)
      window.removeEventListener('online', again)
      window.removeEventListener(SESSION_RESUMED, again)
    }
  }, [no, code, phase, tries, where, cache])

  const scan = useCallback((text: string) => tell({ type: 'scanned', code: text, no: requestNo(), at: Date.now(), storeId }), [storeId])
  return { scans, scan, tell }
}
