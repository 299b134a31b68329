/** A list of customer numbers: pasted or from a text file, matched at once, used as a condition. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { createUpload } from '@api/segments'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'

interface Values {
  name: string
  numbers: string
}

/** Customer numbers out of what was pasted or read. */
export const listed = (text: string) => text.split(/[\s,;，；]+/).map((word) => word.trim()).filter(Boolean)

export function UploadDialog({ close, take }: { close: () => void; take: (uploadId: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const numbers = Form.useWatch('numbers', form) ?? ''
  const [no] = useState(requestNo)
  const submit = async (values: Values) => {
    const id = await createUpload({ name: values.name, customer_nos: listed(values.numbers), request_no: no })
    await cache.invalidateQueries({ queryKey: ['uploads'] })
    take(id)
    void message.success(t('segment.uploaded'))
  }
  const read = async (file: File) => {
    form.setFieldsValue({ numbers: await file.text(), name: form.getFieldValue('name') || file.name.replace(/\.\w+$/, '') })
  }
  return (
    <Ask<Values> form={form} title={t('segment.uploadList')} submit={submit} close={close} action={t('segment.match')} width={560}>
      <Form.Item name="name" label={t('segment.listName')} rules={[{ required: true, message: t('form.needed', { name: t('segment.listName') }) }]}><Input maxLength={60} /></Form.Item>
      <Form.Item name="numbers" label={t('segment.numbers')} extra={t('segment.numbersHint', { count: listed(numbers).length, shown: formatCount(listed(numbers).length) })} rules={[{ required: true, message: t('form.needed', { name: t('segment.numbers') }) }]}>
        <Input.TextArea rows={6} className="mono" />
      </Form.Item>
      <Upload accept=".txt,.csv" showUploadList={false} beforeUpload={(file) => { void read(file); return false }}>
        <Button icon={<Icon name="file" />} style={{ marginBottom: 16 }}>{t('segment.fromFile')}</Button>
      </Upload>
    </Ask>
  )
}
