/** Names that the server sends in both languages, in the reader's. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

export function useBilingual(): (chinese: string | null | undefined, english: string | null | undefined) => string {
  const { i18n } = useTranslation()
  const english = i18n.language === 'en'
  return useCallback((zh, en) => (english ? en || zh : zh) || '', [english])
}

/** A benefit by brand and name, the brand only once where the name begins with it. */
export const benefitName = (brand: string, name: string) => (name.startsWith(brand) ? name : `${brand} ${name}`)
