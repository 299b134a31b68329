/** What becomes of scanned codes: one at a time, none lost, none redeemed twice. Pure; `useScans` asks the server. */
import type { CodeMeaning } from '@api/counter'
import type { Problem } from '@kit/problem'

/** looking → found → redeeming → done; refused at any time. What has no answer yet is asked again under the same number. */
export type Phase = 'looking' | 'found' | 'redeeming' | 'done' | 'refused'

export interface Scan {
  /** The number of its redemption: a retry carries the same one. */
  no: string
  code: string
  /** When it was scanned, in milliseconds: a code of another hour is not asked for again. */
  at: number
  storeId?: string
  phase: Phase
  /** How often the server could not be reached in this phase. */
  tries: number
  meaning?: CodeMeaning
  problem?: Problem
  redemptionId?: string
  /** The same code came again after it was redeemed. */
  again?: boolean
}

export interface Scans {
  current: Scan | null
  /** Codes that came while another was being worked on, the first first. */
  waiting: Scan[]
  /** What was redeemed here, the latest first. */
  done: Scan[]
}

export type Step =
  | { type: 'scanned'; code: string; no: string; at: number; storeId?: string }
  | { type: 'looked'; no: string; meaning: CodeMeaning }
  | { type: 'redeem' }
  | { type: 'redeemed'; no: string; redemptionId: string }
  | { type: 'refused'; no: string; problem: Problem }
  | { type: 'unanswered'; no: string }
  | { type: 'undone'; redemptionId: string }
  | { type: 'next' }

export const nothing: Scans = { current: null, waiting: [], done: [] }
const REMEMBERED = 30

/** Digits of what was scanned or typed: a keyboard may make wide letters of them, a scanner puts its prefix before. */
export function codeOf(text: string): string {
  const plain = text.normalize('NFKC').trim()
  return plain.slice(plain.lastIndexOf(':') + 1).replace(/[\s-]/g, '')
}

/** Whether this is the code of a payment platform's coupon, which the platform knows and not the bank alone. */
export const isCoupon = (code: string): boolean => /^[0-9A-Z]{26}$/i.test(code)

/** Whether a scanner could have sent this. */
export const isCode = (text: string): boolean => /^\d{12}$/.test(codeOf(text)) || isCoupon(codeOf(text))

const isSettled = (scan: Scan | null) => scan === null || scan.phase === 'done' || scan.phase === 'refused'

export function step(scans: Scans, happened: Step): Scans {
  const { current, waiting, done } = scans
  switch (happened.type) {
    case 'scanned':
      return scanned(scans, happened)
    case 'redeem':
      return current?.phase === 'found' && current.meaning?.redeemable ? { ...scans, current: { ...current, phase: 'redeeming', tries: 0 } } : scans
    case 'next':
      return { ...scans, current: waiting[0] ?? null, waiting: waiting.slice(1) }
    case 'undone':
      return { ...scans, current: current?.redemptionId === happened.redemptionId ? null : current, done: done.filter((each) => each.redemptionId !== happened.redemptionId) }
    default:
      // An answer to what is shown no longer changes nothing.
      return current?.no === happened.no ? answered(scans, current, happened) : scans
  }
}

function answered(scans: Scans, current: Scan, happened: Exclude<Step, { type: 'scanned' | 'redeem' | 'next' | 'undone' }>): Scans {
  switch (happened.type) {
    case 'looked':
      return current.phase === 'looking' ? { ...scans, current: { ...current, phase: 'found', tries: 0, meaning: happened.meaning } } : scans
    case 'redeemed': {
      const redeemed: Scan = { ...current, phase: 'done', tries: 0, redemptionId: happened.redemptionId }
      return { ...scans, current: redeemed, done: [redeemed, ...scans.done].slice(0, REMEMBERED) }
    }
    case 'refused':
      return { ...scans, current: { ...current, phase: 'refused', tries: 0, problem: happened.problem } }
    case 'unanswered':
      return { ...scans, current: { ...current, tries: current.tries + 1 } }
  }
}

function scanned(scans: Scans, { code: text, no, at, storeId }: Extract<Step, { type: 'scanned' }>): Scans {
  const { current, waiting, done } = scans
  const code = codeOf(text)
  if (!isSettled(current) && current?.code === code) return scans
  if (waiting.some((each) => each.code === code)) return scans
  const before = done.find((each) => each.code === code)
  const scan: Scan = before ? { ...before, again: true } : { no, code, at, storeId, phase: 'looking', tries: 0 }
  return isSettled(current) ? { ...scans, current: scan } : { ...scans, waiting: [...waiting, scan] }
}

/** Seconds until the server is asked again. */
export const waitSeconds = (tries: number): number => Math.min(8, 2 ** (tries - 1))

/** What must survive a reload: codes without an answer; what was found is looked up anew, for its code may have changed. */
export function kept({ current, waiting }: Scans): Scan[] {
  const open = isSettled(current) || current === null ? [] : [current]
  return [...open, ...waiting].map(({ no, code, at, storeId, phase }) => ({ no, code, at, storeId, phase: phase === 'redeeming' ? 'redeeming' : 'looking', tries: 0 }))
}

/** Codes live a minute; a redemption without its answer is asked for until there is one. */
const LIFE_MS = 90_000

export function revived(scans: Scan[], now: number): Scans {
  const [current = null, ...waiting] = scans.filter((scan) => scan.phase === 'redeeming' || now - scan.at < LIFE_MS)
  return { ...nothing, current, waiting }
}
