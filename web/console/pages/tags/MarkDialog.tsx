/** Customers of a list get a value of a tag that people put, or lose the one they have. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select, Upload } from 'antd'
import { useTranslation } from 'react-i18next'
import { markCustomers, type TagPage } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { listed } from '@console/pages/segments/UploadDialog'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'

interface Values {
  value: string
  numbers: string
  source: string
}

const NONE = ''
const MOST = 10_000

export function MarkDialog({ page, close }: { page: TagPage; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const numbers = listed(Form.useWatch('numbers', form) ?? '')
  const values = [
    ...page.definition.values.map((one) => ({ value: one.name, label: one.name === 'yes' ? t('tag.mark.yes') : say(one.label, one.label_en) || one.name })),
    { value: NONE, label: t('tag.mark.none') },
  ]
  const submit = async (asked: Values) => {
    const done = await markCustomers(page.tag.id, { value: asked.value || null, customer_nos: listed(asked.numbers), source: asked.source.trim() })
    await cache.invalidateQueries({ queryKey: ['tags'] })
    const says = t('tag.mark.done', { count: done.marked, shown: formatCount(done.marked) })
    if (done.unmatched === 0) void message.success(says)
    else void modal.warning({ title: says, content: t('tag.mark.unmatched', { count: done.unmatched, shown: formatCount(done.unmatched), numbers: done.unmatched_sample.slice(0, 10).join(t('list.comma')) }), okText: t('action.close') })
  }
  const read = async (file: File) => {
    form.setFieldsValue({ numbers: await file.text(), source: form.getFieldValue('source') || file.name.replace(/\.\w+$/, '') })
  }
  return (
    <Ask<Values> form={form} title={t('tag.verbs.mark')} action={t('tag.verbs.mark')} submit={submit} close={close} width={560}>
      <p className="second s13" style={{ marginBottom: 12 }}>{t('tag.mark.hint')}</p>
      <Form.Item name="value" label={t('segment.value')} initialValue={values[0]?.value}><Select options={values} /></Form.Item>
      <Form.Item
        name="numbers" label={t('segment.numbers')} extra={t('tag.mark.numbersHint', { count: numbers.length, shown: formatCount(numbers.length), most: formatCount(MOST) })}
        rules={[{ required: true, message: t('form.needed', { name: t('segment.numbers') }) }, { validator: () => (numbers.length > MOST ? Promise.reject(new Error(t('tag.mark.tooMany', { most: formatCount(MOST) }))) : Promise.resolve()) }]}
      >
        <Input.TextArea rows={6} className="mono" />
      </Form.Item>
      <Upload accept=".txt,.csv" showUploadList={false} beforeUpload={(file) => { void read(file); return false }}>
        <Button icon={<Icon name="file" />} style={{ marginBottom: 16 }}>{t('segment.fromFile')}</Button>
      </Upload>
      <Form.Item name="source" label={t('tag.mark.source')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('tag.mark.source') }) }]}><Input maxLength={80} placeholder={t('tag.mark.sourceHint')} /></Form.Item>
    </Ask>
  )
}
