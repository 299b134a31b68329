/** Taking a redemption back: why, who may, until when. */
import { useQueryClient } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { undoRedemption } from '@api/counter'
import { Ask } from '@kit/ask'
import { formatSeconds } from '@kit/format'
import { Note } from '@kit/layout'

interface UndoDialogProps {
  id: string
  title: string
  until?: string
  close: () => void
  undone?: (id: string) => void
}

export function UndoDialog({ id, title, until, close, undone }: UndoDialogProps) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await undoRedemption(id, reason)
    undone?.(id)
    await Promise.all(['redemptions', 'home'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
  }
  return (
    <Ask<{ reason: string }> title={`${t('counter.undo')} · ${title}`} action={t('counter.undo')} danger close={close} submit={submit}>
      <div style={{ marginBottom: 16 }}><Note>{until && t('counter.undoUntil', { time: formatSeconds(until) })}{t('counter.undoHint')}</Note></div>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, whitespace: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
    </Ask>
  )
}
