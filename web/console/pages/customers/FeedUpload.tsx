/** One day of a feed by hand: its file, and what its sender says of it. */
import { Button, DatePicker, Form, Input, InputNumber, Upload } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadFile } from '@api/files'
import { uploadDay, type Feed } from '@api/imports'
import { requestNo } from '@api/request'
import { Ask } from '@kit/ask'
import { Icon } from '@kit/icons'

interface Values {
  business_on: Dayjs
  rows: number
  sum: string
}

export function FeedUpload({ feed, close, done }: { feed: Feed; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  const submit = async (values: Values) => {
    if (!file) throw new Error(t('feed.needed'))
    const stored = await uploadFile(file, () => undefined).done
    const sum = values.sum.trim().toLowerCase()
    const control = { rows: values.rows, sha256: sum.length === 64 ? sum : '', md5: sum.length === 32 ? sum : '' }
    await uploadDay(feed.id, { business_on: values.business_on.format('YYYY-MM-DD'), file_id: stored.id, control, request_no: requestNo() })
    done()
  }
  const needed = [{ required: true, message: t('feed.needed') }]
  return (
    <Ask<Values> title={t('feed.upload')} initial={{ business_on: dayjs().subtract(1, 'day') }} submit={submit} close={close}>
      <Form.Item name="business_on" label={t('feed.day')} rules={needed}><DatePicker allowClear={false} disabledDate={(day) => day.isAfter(dayjs(), 'day')} /></Form.Item>
      <Form.Item label={t('feed.file')} required extra={file ? t('feed.chosen', { name: file.name }) : undefined}>
        <Upload showUploadList={false} beforeUpload={(chosen) => { setFile(chosen); return false }}><Button icon={<Icon name="upload" />}>{t('feed.choose')}</Button></Upload>
      </Form.Item>
      <Form.Item name="rows" label={t('feed.rowsSay')} rules={needed}><InputNumber min={0} precision={0} style={{ width: 200 }} /></Form.Item>
      <Form.Item name="sum" label={t('feed.sum')} extra={t('feed.sumHint')} rules={[{ required: true, pattern: /^\s*([0-9a-fA-F]{64}|[0-9a-fA-F]{32})\s*$/, message: t('feed.sumUnfit') }]}><Input className="mono" spellCheck={false} autoComplete="off" /></Form.Item>
    </Ask>
  )
}
