/** Actions and subjects of the trail in the reader's language; what has no word yet shows its own name. */
import { useTranslation } from 'react-i18next'

export function useAuditWords() {
  const { t } = useTranslation()
  return {
    action: (action: string) => t(`audit.did.${action.replaceAll('.', '_')}`, { defaultValue: action }),
    subject: (kind: string) => t(`audit.subjects.${kind}`, { defaultValue: kind }),
  }
}
