/** A list of customer numbers: pasted or from a text file, matched at once, used as a condition. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { createUpload, getUpload, type Upload } from '@api/segments'
import { Ask } from '@kit/ask'
import { listed } from './listed'
import { MatchReport, NumbersField } from './ListParts'

interface Values {
  name: string
  numbers: string
}

const MOST = 1_000_000

export function UploadDialog({ close, take }: { close: () => void; take: (uploadId: string) => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [no] = useState(requestNo)
  const [report, setReport] = useState<Upload | null>(null)
  const submit = async (values: Values) => {
    const id = await createUpload({ name: values.name.trim(), customer_nos: listed(values.numbers), request_no: no })
    await cache.invalidateQueries({ queryKey: ['uploads'] })
    setReport(await getUpload(id))
  }
  if (report) {
    const use = () => {
      take(report.id)
      close()
    }
    return (
      <Modal open title={t('upload.title', { name: report.name })} onCancel={close} footer={null} width={560}>
        <div className="stack" style={{ marginTop: 16 }}>
          <MatchReport report={report} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={close}>{t('upload.notNow')}</Button>
            <Button type="primary" disabled={report.matched === 0} onClick={use}>{t('upload.use')}</Button>
          </div>
        </div>
      </Modal>
    )
  }
  return (
    <Ask<Values> form={form} title={t('segment.uploadList')} submit={submit} close={close} stays action={t('segment.match')} width={560}>
      <Form.Item name="name" label={t('segment.listName')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('segment.listName') }) }]}><Input maxLength={60} /></Form.Item>
      <NumbersField form={form} most={MOST} read={(name) => form.setFieldsValue({ name: form.getFieldValue('name') || name.slice(0, 60) })} />
    </Ask>
  )
}
