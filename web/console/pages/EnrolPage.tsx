/** The first sign-in: a one-time code and a password go in, the second factor comes out, shown once. */
import { Link, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { completeEnrolment } from '@api/session'
import { DoorCard } from '@console/shell/Door'
import { PASSWORD_MIN } from '@console/shell/PasswordDialog'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

interface Values {
  tenant: string
  login: string
  enrolment_code: string
  password: string
}

type Enrolled = Awaited<ReturnType<typeof completeEnrolment>>

export default function EnrolPage() {
  const { t } = useTranslation()
  const [factor, setFactor] = useState<Enrolled | null>(null)
  return <DoorCard title={t('enrol.title')}>{factor ? <Factor factor={factor} /> : <EnrolForm done={setFactor} />}</DoorCard>
}

function EnrolForm({ done }: { done: (factor: Enrolled) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const search = useSearch({ strict: false }) as { bank?: string; login?: string }
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const submit = async (values: Values & { again?: string }) => {
    setBusy(true)
    setError(null)
    try {
      const { tenant, login, enrolment_code, password } = values
      done(await completeEnrolment({ tenant: tenant.trim(), login: login.trim(), enrolment_code: enrolment_code.trim(), password }))
    } catch (failure) {
      setError(say(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  const needed = (name: string) => [{ required: true, message: t('form.needed', { name }) }]
  return (
    <Form layout="vertical" requiredMark={false} initialValues={{ tenant: search.bank, login: search.login }} onFinish={(values: Values) => void submit(values)}>
      <p className="s13 second" style={{ marginBottom: 16 }}>{t('enrol.hint')}</p>
      <Form.Item name="tenant" label={t('signIn.bank')} rules={needed(t('signIn.bank'))}><Input autoComplete="organization" autoCapitalize="none" spellCheck={false} /></Form.Item>
      <Form.Item name="login" label={t('signIn.login')} rules={needed(t('signIn.login'))}><Input autoComplete="username" autoCapitalize="none" spellCheck={false} /></Form.Item>
      <Form.Item name="enrolment_code" label={t('enrol.code')} rules={needed(t('enrol.code'))}><Input autoComplete="off" spellCheck={false} /></Form.Item>
      <Form.Item name="password" label={t('enrol.password')} extra={t('enrol.passwordHint')} rules={[{ required: true, min: PASSWORD_MIN, message: t('enrol.passwordHint') }]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item
        name="again"
        label={t('enrol.again')}
        dependencies={['password']}
        rules={[({ getFieldValue }) => ({ validator: (_, value) => (value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('enrol.differs')))) })]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {error && <div style={{ marginBottom: 16 }}><Note kind="danger">{error}</Note></div>}
      <Button type="primary" htmlType="submit" size="large" block loading={busy}>{t('enrol.submit')}</Button>
    </Form>
  )
}

function Factor({ factor }: { factor: Enrolled }) {
  const { t } = useTranslation()
  return (
    <div className="stack" style={{ alignItems: 'center', textAlign: 'center' }}>
      <b>{t('enrol.scan')}</b>
      <img className="qr" src={`data:image/svg+xml;utf8,${encodeURIComponent(factor.totp_svg)}`} alt={t('enrol.scan')} width={200} height={200} />
      <div>
        <span className="second s12">{t('enrol.secret')}</span>
        <div className="mono wrap-any" style={{ fontSize: 14 }}>{factor.totp_secret.replace(/(.{4})/g, '$1 ').trim()}</div>
      </div>
      <Note icon="lock">{t('enrol.secretHint')}</Note>
      <Link to="/sign-in"><Button type="primary">{t('enrol.toSignIn')}</Button></Link>
    </div>
  )
}
