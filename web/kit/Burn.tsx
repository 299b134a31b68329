/** Budget or stock: solid is spent, hatched is held, the tick is the time that has passed. */
import { useTranslation } from 'react-i18next'
import { formatShare } from './format'

interface BurnProps {
  spent: number
  held?: number
  limit: number
  /** 0 … 1, or null where there is no time to compare with. */
  elapsed?: number | null
  label: string
}

const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0)

/** Spending runs ahead of time when it is a fifth, and a tenth of the whole, beyond what the clock allows. */
export const burnsFast = (spent: number, limit: number, elapsed: number | null | undefined) =>
  elapsed != null && elapsed < 1 && limit > 0 && spent / limit > elapsed * 1.2 + 0.1

export function Burn({ spent, held = 0, limit, elapsed, label }: BurnProps) {
  const { t } = useTranslation()
  const [solid, hatched] = [share(spent, limit), share(held, limit)]
  const fast = burnsFast(spent, limit, elapsed) ? ' fast' : ''
  const said = t('burn.said', { label, spent: formatShare(spent, limit), held: formatShare(held, limit) })
  return (
    <span className="bar" role="img" aria-label={said}>
      <i className={fast} style={{ width: `${solid * 100}%` }} />
      {hatched > 0 && (
        <i className={`held${fast}`} style={{ left: `${solid * 100}%`, width: `${Math.min(hatched, 1 - solid) * 100}%` }} />
      )}
      {elapsed != null && <s style={{ left: `calc(${elapsed * 100}% - 1px)` }} />}
    </span>
  )
}

/** A plain share of a whole, for counts per branch or per condition. */
export function ShareBar({ part, whole, tone = '', label }: { part: number; whole: number; tone?: 'gold' | 'soft' | ''; label: string }) {
  return (
    <span className="bar" role="img" aria-label={`${label} ${formatShare(part, whole)}`}>
      <i className={tone} style={{ width: `${share(part, whole) * 100}%` }} />
    </span>
  )
}
