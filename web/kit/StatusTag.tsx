/** A state as a word with a shape before it: dot normal, diamond warning, square stopped, ring draft. */
import { useTranslation } from 'react-i18next'

export type Tone = 'run' | 'ok' | 'warn' | 'bad' | 'info' | 'gold' | 'draft' | ''

const tones: Record<string, Tone> = {
  draft: 'draft', submitted: 'info', pending: 'info', reviewing: 'info', approved: 'ok', scheduled: 'draft', running: 'run', paused: 'warn', ended: '',
  stopped: 'bad', rejected: 'bad', returned: 'warn', withdrawn: '', applied: 'ok', failed: 'bad', stale: 'warn', expired: '',
  queued: 'draft', done: 'ok', succeeded: 'ok', cancelled: '', cancelling: 'warn', active: 'ok', published: 'ok', archived: '', disabled: 'bad',
  missing: 'bad', waiting: 'info', excused: '', undoing: 'warn', undone: '', locked: 'bad', left: '', suspended: 'warn', closed: '', open: 'run', confirmed: 'ok', granted: 'gold', reserved: 'gold', issued: 'run', fulfilling: 'run',
  fulfilled: 'run', used: 'ok', revoked: 'bad', withdrawn_consent: '', dissolved: '', withdrawnByCustomer: '', frozen: 'ok', sending: 'info', sent: 'run', unknown: 'warn', delivered: 'ok', withheld: '', live: 'ok', refused: 'bad', taken_back: 'warn', returning: 'warn', read: 'ok', requested: 'info', in_force: 'ok', replaced: '',
}

/** `kind` names the family of words: status.<kind>.<value>. */
export function StatusTag({ kind, value, tone }: { kind: string; value: string; tone?: Tone }) {
  const { t } = useTranslation()
  return <span className={`tag ${tone ?? tones[value] ?? ''}`}>{t(`status.${kind}.${value}`, { defaultValue: value })}</span>
}
