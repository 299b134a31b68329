/** Asking for a customer's personal data to be erased: another person decides under approvals. */
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestErasure } from '@api/customers'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

export function EraseButton({ seq, customerNo }: { seq: number; customerNo: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [asking, setAsking] = useState(false)
  const submit = async ({ reason }: { reason: string }) => {
    await requestErasure(seq, reason)
    void message.success(t('customer.erase.asked'))
  }
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>{t('customer.erase.title')}</Button>
      {asking && (
        <Ask<{ reason: string }> title={t('customer.erase.title')} submit={submit} close={() => setAsking(false)} action={t('customer.erase.ask')} danger typed={customerNo}>
          <Note kind="warning">{t('customer.erase.what')}</Note>
          <Form.Item name="reason" label={t('customer.erase.reason')} extra={t('customer.erase.reasonHint')} rules={[{ required: true, min: 4, message: t('customer.erase.reasonNeeded') }]} style={{ marginTop: 16 }}>
            <Input.TextArea rows={2} maxLength={200} showCount />
          </Form.Item>
        </Ask>
      )}
    </>
  )
}
