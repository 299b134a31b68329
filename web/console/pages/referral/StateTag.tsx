/** The state of a programme, or of an accepted invitation, as a word with its shape. */
import { useTranslation } from 'react-i18next'

const tones: Record<string, string> = {
  submitted: 'info', live: 'run', paused: 'warn', stopped: '', refused: 'bad',
  bound: 'info', qualified: 'gold', rewarded: 'ok', lapsed: '', blocked: 'bad', clawed_back: 'warn',
}

export function StateTag({ value }: { value: string }) {
  const { t } = useTranslation()
  return <span className={`tag ${tones[value] ?? ''}`}>{t(`referral.states.${value}`)}</span>
}
