/** How a tag is kept, what it may be used for, and what its customers read of it. */
import { Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { Card } from '@kit/layout'
import type { PartProps } from './BasicsCard'

const schedules = ['daily', 'hourly', 'on_demand'] as const
const whenStale = ['last_good', 'unknown', 'block'] as const
const purposes = ['marketing', 'service', 'profiling', 'marketing_sms', 'marketing_call']

export function MannersCard({ one, put }: PartProps) {
  const { t } = useTranslation()
  return (
    <Card title={t('tag.manners')}>
      <Form layout="vertical" component="div">
        <div className="tag-form three">
          <Form.Item label={t('tag.fields.schedule')} htmlFor="tag-schedule"><Select id="tag-schedule" value={one.schedule} options={schedules.map((value) => ({ value, label: t(`tag.schedules.${value}`) }))} onChange={(schedule) => put({ schedule })} /></Form.Item>
          <Form.Item label={t('tag.fields.fresh_hours')} htmlFor="tag-fresh" extra={t('tag.freshHint')}><InputNumber id="tag-fresh" min={0} precision={0} value={one.fresh_hours} onChange={(value) => put({ fresh_hours: value ?? 0 })} style={{ width: '100%' }} /></Form.Item>
          <Form.Item label={t('tag.fields.when_stale')} htmlFor="tag-stale"><Select id="tag-stale" value={one.when_stale} options={whenStale.map((value) => ({ value, label: t(`tag.whenStale.${value}`) }))} onChange={(when_stale) => put({ when_stale })} /></Form.Item>
        </div>
        <div className="tag-form">
          <Form.Item label={t('tag.fields.purposes')} htmlFor="tag-purposes" extra={t('tag.purposesHint')}><Select id="tag-purposes" mode="multiple" value={one.purposes} options={purposes.map((value) => ({ value, label: t(`tag.purposeNames.${value}`) }))} placeholder={t('tag.anyPurpose')} onChange={(chosen: string[]) => put({ purposes: chosen })} /></Form.Item>
          <Form.Item label={t('tag.fields.sunset_on')} htmlFor="tag-sunset" extra={t('tag.sunsetHint')}><DatePicker id="tag-sunset" style={{ width: '100%' }} value={one.sunset_on ? dayjs(one.sunset_on) : null} onChange={(day) => put({ sunset_on: day ? day.format('YYYY-MM-DD') : null })} /></Form.Item>
          <Form.Item label={t('tag.fields.wording')} htmlFor="tag-wording" extra={t('tag.wordingHint')}><Input id="tag-wording" value={one.wording} maxLength={200} disabled={one.risk} onChange={(event) => put({ wording: event.target.value })} /></Form.Item>
          <Form.Item label={t('tag.fields.wording_en')} htmlFor="tag-wording-en"><Input id="tag-wording-en" value={one.wording_en} maxLength={200} disabled={one.risk} onChange={(event) => put({ wording_en: event.target.value })} /></Form.Item>
        </div>
        <div className="row wrap" style={{ gap: 16 }}>
          <Checkbox checked={one.history} onChange={(event) => put({ history: event.target.checked })}>{t('tag.historyBox')}</Checkbox>
          <Checkbox checked={one.announce} onChange={(event) => put({ announce: event.target.checked })}>{t('tag.announceBox')}</Checkbox>
          <Checkbox checked={one.risk} onChange={(event) => put({ risk: event.target.checked, ...(event.target.checked ? { wording: '', wording_en: '' } : {}) })}>{t('tag.riskBox')}</Checkbox>
        </div>
      </Form>
    </Card>
  )
}
