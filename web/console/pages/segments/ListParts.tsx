/** A list of customer numbers in a dialog: pasted or from a file, and afterwards how it matched. */
import { Button, Form, Input, Upload, type FormInstance } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Facts } from '@kit/layout'
import { listed, listedIn, textOf } from './listed'

interface NumbersFieldProps {
  /** A form with a field `numbers`. */
  form: FormInstance
  most: number
  /** Told the name of a file that was read, without its ending. */
  read?: (name: string) => void
}

export function NumbersField({ form, most, read }: NumbersFieldProps) {
  const { t } = useTranslation()
  const count = listed(Form.useWatch('numbers', form) ?? '').length
  const take = async (file: File) => {
    form.setFieldsValue({ numbers: listedIn(await textOf(file)).join('\n') })
    read?.(file.name.replace(/\.\w+$/, ''))
    void form.validateFields(['numbers']).catch(() => undefined)
  }
  const fits = (_: unknown, text: string = '') => (listed(text).length > most ? Promise.reject(new Error(t('upload.tooMany', { most: formatCount(most) }))) : Promise.resolve())
  return (
    <Form.Item label={t('segment.numbers')} required htmlFor="numbers">
      <Form.Item name="numbers" noStyle rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('segment.numbers') }) }, { validator: fits }]}>
        <Input.TextArea id="numbers" rows={6} className="mono" spellCheck={false} />
      </Form.Item>
      <div className="between wrap" style={{ marginTop: 8, gap: 8 }}>
        <span className="s12 muted" aria-live="polite">{t('upload.counted', { count, shown: formatCount(count), most: formatCount(most) })}</span>
        <Upload accept=".txt,.csv" showUploadList={false} beforeUpload={(file) => { void take(file); return false }}>
          <Button size="small" icon={<Icon name="file" />} title={t('upload.fileHint')}>{t('segment.fromFile')}</Button>
        </Upload>
      </div>
    </Form.Item>
  )
}

export interface Matched {
  matched: number
  repeated: number
  unmatched: number
  unmatched_sample: string[]
}

/** How a list matched: whom it found, what it said twice, and the numbers nobody was found for. */
export function MatchReport({ report }: { report: Matched }) {
  const { t } = useTranslation()
  const left = report.unmatched - report.unmatched_sample.length
  return (
    <div className="stack tight">
      <Facts rows={[
        [t('upload.matched'), <b key="matched">{formatCount(report.matched)}</b>],
        [t('upload.repeated'), formatCount(report.repeated)],
        [t('upload.unmatched'), formatCount(report.unmatched)],
      ]} />
      {report.unmatched > 0 && (
        <section aria-label={t('upload.unmatched')}>
          <p className="s12 second">{t('upload.unmatchedHint')}</p>
          <p className="mono s12" style={{ overflowWrap: 'anywhere' }}>{report.unmatched_sample.join(' ')}{left > 0 && <span className="muted"> {t('upload.more', { count: left, shown: formatCount(left) })}</span>}</p>
        </section>
      )}
    </div>
  )
}
