/** What stands at the door: water, mark, a card, language and colours. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '@console/app/preferences'
import { Mark } from '@kit/icons'

export function DoorCard({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation()
  const { colours, language, setColours, setLanguage } = usePreferences()
  return (
    <main className="sign-in">
      <title>{`${title} · Huoke`}</title>
      <svg className="water" viewBox="0 0 1440 300" preserveAspectRatio="none" fill="currentColor" aria-hidden>
        <path d="M0 90q180-60 360 0t360 0 360 0 360 0v210H0z" opacity=".7" />
        <path d="M0 150q240-50 480 0t480 0 480 0v150H0z" />
      </svg>
      <section className="card">
        <div className="lockup">
          <Mark size={44} />
          <div>
            <h1 style={{ fontSize: 'inherit' }}><b>Huoke</b></h1>
            <span className="muted s12">{t('signIn.motto')}</span>
          </div>
        </div>
        {children}
        <div className="choices">
          <button type="button" lang={language === 'en' ? 'zh-CN' : 'en'} onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
            {language === 'en' ? '中文' : 'English'}
          </button>
          <button type="button" onClick={() => setColours(colours === 'dark' ? 'light' : 'dark')}>
            {t(colours === 'dark' ? 'shell.light' : 'shell.dark')}
          </button>
        </div>
      </section>
    </main>
  )
}
