/** How far a kit is, as a word with its shape. */
import { useTranslation } from 'react-i18next'

const tones: Record<string, string> = { draft: 'draft', submitted: 'info', running: 'run', ended: '' }

export function StageTag({ value }: { value: string }) {
  const { t } = useTranslation()
  return <span className={`tag ${tones[value] ?? ''}`}>{t(`kits.stages.${value}`)}</span>
}
