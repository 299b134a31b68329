/** Saying of a ring that it is one, that it is innocent, or that it is open again: with a reason that is kept. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { judgeRing, type Ring } from '@api/relations'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

export function RingVerdict({ ring, state, close }: { ring: Ring; state: Ring['state']; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const submit = async ({ note }: { note: string }) => {
    await judgeRing({ ring_id: ring.id, state, note })
    void message.success(t('rings.judged'))
    void client.invalidateQueries()
  }
  return (
    <Ask<{ note: string }> title={t(`rings.asks.${state}`, { count: ring.facts.members })} submit={submit} close={close} action={t(`rings.verbs.${state}`)} danger={state === 'ring'}>
      <Note>{t(`rings.consequences.${state}`)}</Note>
      <Form.Item name="note" label={t('rings.note')} rules={[{ required: true, min: 2, message: t('identity.reasonNeeded') }]} style={{ marginTop: 16 }}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
    </Ask>
  )
}
