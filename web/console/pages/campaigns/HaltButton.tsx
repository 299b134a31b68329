/** One key for everything: pause, or stop for good, every live campaign of a unit and below. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { haltCampaigns } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { UnitSelect, unitsQuery, useUnitName } from '@console/app/units'
import { Ask } from '@kit/ask'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'

interface Halting {
  unit_id: number
  verb: 'pause' | 'stop'
  reason: string
}

export function HaltButton() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [open, setOpen] = useState(false)
  if (!may('campaign.halt')) return null
  return (
    <>
      <Button danger icon={<Icon name="pause" />} onClick={() => setOpen(true)}>{t('halt.button')}</Button>
      {open && <HaltDialog close={() => setOpen(false)} />}
    </>
  )
}

function HaltDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Halting>()
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const chosen = Form.useWatch('unit_id', form)
  const verb = Form.useWatch('verb', form) ?? 'pause'
  const unit = units.data?.items.find((each) => each.id === chosen)
  const top = units.data?.items.reduce((least, each) => (each.path.length < least.path.length ? each : least))
  if (!top) return null
  const halt = async (values: Halting) => {
    const done = await haltCampaigns({ ...values, name: nameOf(unit ?? top) })
    await cache.invalidateQueries({ queryKey: ['campaigns'] })
    void message.success(t('halt.done', { count: done.items.filter((each) => !each.error).length, all: done.items.length }))
  }
  return (
    <Ask<Halting> form={form} title={t('halt.title')} submit={halt} close={close} danger initial={{ verb: 'pause', unit_id: top.id }} action={t(`campaign.verbs.${verb}`)} typed={nameOf(unit ?? top)}>
      <div className="form-note"><Note kind="danger">{t(`halt.says.${verb}`)}</Note></div>
      <Form.Item name="unit_id" label={t('halt.unit')}><UnitSelect /></Form.Item>
      <Form.Item name="verb" label={t('halt.verb')}><Segmented options={(['pause', 'stop'] as const).map((value) => ({ value, label: t(`campaign.verbs.${value}`) }))} /></Form.Item>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}
