/** Bank, login, password and the second factor; a refusal is said beside the button. */
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn, type SignIn } from '@api/session'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

interface SignInFormProps {
  known?: { tenant?: string; login?: string }
  done: () => Promise<void> | void
}

export function SignInForm({ known, done }: SignInFormProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [form] = Form.useForm<SignIn>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = async (values: SignIn) => {
    setBusy(true)
    setError(null)
    try {
      await signIn(values)
      await done()
    } catch (failure) {
      setError(say(problemOf(failure)))
      form.setFieldValue('code', '')
    } finally {
      setBusy(false)
    }
  }
  const needed = (name: string) => [{ required: true, message: t('form.needed', { name }) }]
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={known} onFinish={(values) => void submit(values)}>
      <Form.Item name="tenant" label={t('signIn.bank')} rules={needed(t('signIn.bank'))}>
        <Input autoComplete="organization" autoCapitalize="none" spellCheck={false} autoFocus={!known?.tenant} disabled={Boolean(known?.login)} />
      </Form.Item>
      <Form.Item name="login" label={t('signIn.login')} rules={needed(t('signIn.login'))}>
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} disabled={Boolean(known?.login)} />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')} rules={needed(t('signIn.password'))}>
        <Input.Password autoComplete="current-password" autoFocus={Boolean(known?.login)} />
      </Form.Item>
      <Form.Item
        name="code"
        label={t('signIn.code')}
        extra={t('signIn.codeHint')}
        rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.codeNeeded') }]}
      >
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
      </Form.Item>
      {error && <div style={{ marginBottom: 16 }}><Note kind="danger">{error}</Note></div>}
      <Button type="primary" htmlType="submit" size="large" block loading={busy}>{t('signIn.submit')}</Button>
    </Form>
  )
}
