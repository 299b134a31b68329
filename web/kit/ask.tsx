/** A small question in a dialog: a form, a refusal beside the button, one thing done. */
import { Button, Form, Input, Modal, type FormInstance } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from './layout'
import { problemOf } from './problem'
import { useProblemText } from './problemText'

interface AskProps<T extends object> {
  title: string
  submit: (values: T) => Promise<unknown>
  close: () => void
  children: ReactNode
  form?: FormInstance<T>
  initial?: Partial<T>
  action?: string
  danger?: boolean
  /** What one must type before something that cannot be taken back: the name of the thing. */
  typed?: string
  width?: number
  /** What came of it is shown in the form's place; the caller closes. */
  stays?: boolean
}

export function Ask<T extends object>({ title, submit, close, children, form, initial, action, danger, typed, width = 480, stays }: AskProps<T>) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [own] = Form.useForm<T>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const send = async (values: T) => {
    setBusy(true)
    setError(null)
    try {
      await submit(values)
      if (!stays) close()
    } catch (failure) {
      setError(say(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open title={title} onCancel={close} footer={null} width={width} destroyOnHidden>
      <Form<T> form={form ?? own} layout="vertical" initialValues={initial} onFinish={(values) => void send(values)} style={{ marginTop: 16 }}>
        {children}
        {typed && (
          <Form.Item name="typed" label={t('confirm.type', { name: typed })} rules={[{ required: true, validator: (_, value) => (value === typed ? Promise.resolve() : Promise.reject(new Error(t('confirm.mismatch')))) }]}>
            <Input autoComplete="off" spellCheck={false} />
          </Form.Item>
        )}
        {error && <div style={{ marginBottom: 16 }}><Note kind="danger">{error}</Note></div>}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button type="primary" danger={danger} htmlType="submit" loading={busy}>{action ?? t('action.confirm')}</Button>
        </div>
      </Form>
    </Modal>
  )
}
