/** The columns of a fixed-width file, as lines of `name,width in bytes`. */
import { Button, Input, Upload } from 'antd'
import { useTranslation } from 'react-i18next'
import { Card } from '@kit/layout'

export interface FixedColumn {
  column: string
  bytes: number
}

/** Lines that read `name,width`; a line that does not is left out, and so nothing is taken before all are right. */
export function readLayout(text: string): FixedColumn[] | null {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'))
  const columns = lines.map((line) => /^(.*\S)\s*[,，\t]\s*(\d{1,4})$/.exec(line)).map((found) => (found ? { column: found[1] ?? '', bytes: Number(found[2]) } : null))
  return columns.length > 0 && columns.every((column) => column !== null && column.bytes > 0) ? (columns as FixedColumn[]) : null
}

export function LayoutCard({ text, change }: { text: string; change: (text: string) => void }) {
  const { t } = useTranslation()
  const layout = readLayout(text)
  const bytes = layout?.reduce((sum, column) => sum + column.bytes, 0)
  const take = async (file: File) => change(await file.text())
  return (
    <Card title={t('source.layout')} hint={t('source.layoutHint')} right={<Upload showUploadList={false} accept=".csv,.txt" beforeUpload={(file) => { void take(file); return false }}><Button size="small">{t('source.layoutFrom')}</Button></Upload>}>
      <Input.TextArea className="mono" aria-label={t('source.layout')} rows={6} spellCheck={false} value={text} onChange={(event) => change(event.target.value)} placeholder={'客户号,10\n姓名,20\n机构号,6\n开户日,8'} />
      <p className="second s12" style={{ marginTop: 8 }} role="status">{bytes ? t('source.lineBytes', { count: bytes }) : t('source.layoutNeeded')}</p>
      {layout && <div className="ruler" aria-hidden>{layout.map((column) => <span key={column.column} style={{ flexGrow: column.bytes }}><b>{column.column}</b><i>{column.bytes}</i></span>)}</div>}
    </Card>
  )
}
