/** The state of a group buy, a group or a seat, as a word with its shape. */
import { useTranslation } from 'react-i18next'

const tones: Record<string, string> = {
  submitted: 'info', live: 'run', stopped: 'warn', refused: 'bad',
  open: 'run', full: 'info', complete: 'ok', expired: '', refunded: '',
  reserved: 'info', paid: 'gold', delivered: 'ok', released: '', refunding: 'warn',
}

export function GroupTag({ value }: { value: string }) {
  const { t } = useTranslation()
  return <span className={`tag ${tones[value] ?? ''}`}>{t(`groupBuy.states.${value}`)}</span>
}
