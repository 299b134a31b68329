/** Another password of one's own: the present one and a fresh code show that it is really its owner. */
import { App, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changePassword } from '@api/session'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

interface Values {
  current: string
  password: string
  again?: string
  code: string
}

export const PASSWORD_MIN = 10

export function PasswordDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ current, password, code }: Values) => {
    await changePassword({ current, password, code })
    void message.success(t('password.changed'))
  }
  const needed = (name: string) => [{ required: true, message: t('form.needed', { name }) }]
  return (
    <Ask<Values> title={t('password.title')} submit={submit} close={close} action={t('action.save')} width={420}>
      <Form.Item name="current" label={t('password.current')} rules={needed(t('password.current'))}><Input.Password autoComplete="current-password" autoFocus /></Form.Item>
      <Form.Item name="password" label={t('enrol.password')} extra={t('enrol.passwordHint')} rules={[{ required: true, min: PASSWORD_MIN, message: t('enrol.passwordHint') }]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item
        name="again"
        label={t('enrol.again')}
        dependencies={['password']}
        rules={[({ getFieldValue }) => ({ validator: (_, value) => (value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('enrol.differs')))) })]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="code" label={t('signIn.code')} extra={t('signIn.codeHint')} rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.codeNeeded') }]}><Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} /></Form.Item>
      <div style={{ marginBottom: 16 }}><Note icon="lock">{t('password.hint')}</Note></div>
    </Ask>
  )
}
