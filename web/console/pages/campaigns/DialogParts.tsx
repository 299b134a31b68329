/** What the dialogs of a live campaign share. */
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Campaign } from '@api/campaigns'

export interface DialogProps {
  campaign: Campaign
  close: () => void
}

export function Reason() {
  const { t } = useTranslation()
  return <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
}
