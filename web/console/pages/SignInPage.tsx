/** The door for those who have their two factors. */
import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { lastTenant } from '@api/session'
import { sessionKey } from '@console/app/session'
import { DoorCard } from '@console/shell/Door'
import { SignInForm } from '@console/shell/SignInForm'

export default function SignInPage() {
  const { t } = useTranslation()
  const search = useSearch({ strict: false }) as { next?: string; bank?: string }
  const router = useRouter()
  const cache = useQueryClient()
  const enter = () => {
    cache.removeQueries({ queryKey: sessionKey })
    // Only an address of this console: a `next` from elsewhere must not lead away.
    const next = search.next?.startsWith('/') && !search.next.startsWith('//') ? search.next : '/'
    router.history.replace(`/console${next}`)
  }
  return (
    <DoorCard title={t('signIn.title')}>
      <SignInForm known={{ tenant: search.bank ?? lastTenant() }} done={enter} />
      <p className="s12" style={{ textAlign: 'center', marginTop: 12 }}><Link to="/enrol">{t('enrol.link')}</Link></p>
    </DoorCard>
  )
}
