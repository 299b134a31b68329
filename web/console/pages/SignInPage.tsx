/** The door: mark, form, language and colours. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '@console/app/preferences'
import { sessionKey } from '@console/app/session'
import { SignInForm } from '@console/shell/SignInForm'
import { Mark } from '@kit/icons'

const TENANT = 'huoke.tenant'

export default function SignInPage() {
  const { t } = useTranslation()
  const { colours, language, setColours, setLanguage } = usePreferences()
  const search = useSearch({ strict: false }) as { next?: string; bank?: string }
  const navigate = useNavigate()
  const cache = useQueryClient()
  const known = { tenant: search.bank ?? localStorage.getItem(TENANT) ?? undefined }

  const enter = async () => {
    cache.removeQueries({ queryKey: sessionKey })
    // Only an address of this console: a `next` from elsewhere must not lead away.
    const next = search.next?.startsWith('/') && !search.next.startsWith('//') ? search.next : '/'
    await navigate({ href: next, replace: true })
  }
  return (
    <main className="sign-in">
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
        <SignInForm known={known} done={enter} />
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
