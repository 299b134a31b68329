/** When the session ends the page stays, half-written forms and all: signing in again carries on where one was. */
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSession } from '@console/app/session'
import { Note } from '@kit/layout'
import { SignInForm } from './SignInForm'

export function SessionEnded() {
  const { t } = useTranslation()
  const { ended, session, signedIn } = useSession()
  return (
    <Modal open={ended} title={t('signIn.ended')} closable={false} footer={null} width={400} keyboard={false}>
      <div className="stack">
        <Note icon="lock">{t('signIn.endedHint')}</Note>
        <SignInForm known={{ tenant: session.tenant.code, login: session.login }} done={signedIn} />
      </div>
    </Modal>
  )
}
