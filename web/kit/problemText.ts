/** A refusal in the reader's language: by its stable code, else the server's own sentence. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from './problem'
import { REFUSALS } from './refusals'

export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation()
  return useCallback(
    (problem: Problem) => {
      const key = `problem.${problem.code.replaceAll('.', '_')}`
      if (i18n.exists(key)) return t(key, { ...problem.data })
      const known = i18n.language.startsWith('zh') ? REFUSALS[problem.code] : undefined
      if (known) return problem.status === 422 ? `${known}（${problem.detail}）` : known
      return problem.status === 422 || problem.status === 409 ? problem.detail : t('problem.other', { detail: problem.detail })
    },
    [t, i18n],
  )
}
