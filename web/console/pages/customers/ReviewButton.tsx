/** A relationship manager records that a review was held with an own customer: what about, where, a note. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { holdReview, type NewReview } from '@api/customers'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { Icon } from '@kit/icons'

const TOPICS = ['assets', 'maturity', 'protection', 'credit', 'other'] as const
const CHANNELS = ['branch', 'phone', 'video', 'at_customer'] as const

interface Values {
  topic: NewReview['topic']
  channel: NewReview['channel']
  note?: string
}

export function ReviewButton({ seq, name, small = false }: { seq: number; name: string; small?: boolean }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  if (!may('review.hold')) return null
  const submit = async ({ topic, channel, note = '' }: Values) => {
    await holdReview({ seq, topic, channel, note })
    void message.success(t('review.done'))
    await client.invalidateQueries()
  }
  return (
    <>
      <Button size={small ? 'small' : undefined} icon={small ? undefined : <Icon name="check" />} onClick={() => setAsking(true)}>{t('review.hold')}</Button>
      {asking && (
        <Ask<Values> title={t('review.title', { name })} initial={{ topic: 'assets', channel: 'branch' }} submit={submit} close={() => setAsking(false)} action={t('action.save')}>
          <p className="second s13">{t('review.once')}</p>
          <Form.Item name="topic" label={t('review.topic')}><Select options={TOPICS.map((value) => ({ value, label: t(`review.topics.${value}`) }))} /></Form.Item>
          <Form.Item name="channel" label={t('review.channel')}><Segmented block options={CHANNELS.map((value) => ({ value, label: t(`review.channels.${value}`) }))} /></Form.Item>
          <Form.Item name="note" label={t('review.note')} extra={t('review.noteHint')}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
        </Ask>
      )}
    </>
  )
}
