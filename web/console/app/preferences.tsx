/** Colours and language: chosen once, kept in this browser, applied before the first paint by index.html. */
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { setLanguage, type Language } from '@console/i18n'

type Colours = 'light' | 'dark'

interface Preferences {
  colours: Colours
  language: Language
  setColours: (colours: Colours) => void
  setLanguage: (language: Language) => void
}

const Context = createContext<Preferences | null>(null)

function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const root = document.documentElement
  const [colours, putColours] = useState<Colours>(root.classList.contains('dark') ? 'dark' : 'light')
  const [language, putLanguage] = useState<Language>(root.lang === 'en' ? 'en' : 'zh-CN')

  useEffect(() => {
    root.classList.toggle('dark', colours === 'dark')
  }, [root, colours])

  const setColours = useCallback((next: Colours) => {
    keep('huoke.theme', next)
    putColours(next)
  }, [])
  const changeLanguage = useCallback(
    (next: Language) => {
      keep('huoke.language', next)
      void setLanguage(next).then(() => {
        root.lang = next
        putLanguage(next)
      })
    },
    [root],
  )
  const value = useMemo(
    () => ({ colours, language, setColours, setLanguage: changeLanguage }),
    [colours, language, setColours, changeLanguage],
  )
  return <Context value={value}>{children}</Context>
}

export function usePreferences(): Preferences {
  const value = use(Context)
  if (!value) throw new Error('usePreferences stands outside its provider')
  return value
}
