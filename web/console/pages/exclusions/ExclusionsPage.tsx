/** Lists whose customers are left out of every audience and every message; lifting one takes two people. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, DatePicker, Form, Input, Radio, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { createExclusion, liftExclusion, listExclusions, type Exclusion } from '@api/segmentLife'
import { listUploads } from '@api/segments'
import { useSession } from '@console/app/session'
import { useSegmentChoices } from '@console/pages/segments/useSegmentChoices'
import { UploadDialog } from '@console/pages/segments/UploadDialog'
import '@console/pages/segments/segments.css'
import { Ask } from '@kit/ask'
import { formatCount, formatDay, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'

const KINDS = ['complaint', 'staff', 'legal', 'risk', 'other'] as const
const TONES: Record<string, string> = { in_force: 'ok', lifting: 'draft', ended: 'plain', lifted: 'plain' }

export default function ExclusionsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [adding, setAdding] = useState(false)
  const [lifting, setLifting] = useState<Exclusion | null>(null)
  const query = useQuery({ queryKey: ['exclusions'], queryFn: listExclusions })
  const add = may('exclusion.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('exclusion.add')}</Button>
  return (
    <>
      <PageHead crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.exclusions') }]} title={t('menu.exclusions')} meta={<span>{t('exclusion.hint')}</span>} actions={query.data?.items.length !== 0 && add} />
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <Card><Empty title={t('exclusion.none')} actions={add}>{t('exclusion.noneHint')}</Empty></Card>
          ) : (
            <div className="exclusions">{page.items.map((one) => <One key={one.id} one={one} lift={() => setLifting(one)} />)}</div>
          )
        }
      </Loaded>
      {adding && <Add close={() => setAdding(false)} />}
      {lifting && <Lift one={lifting} close={() => setLifting(null)} />}
    </>
  )
}

function One({ one, lift }: { one: Exclusion; lift: () => void }) {
  const { t } = useTranslation()
  const counts = one.state === 'in_force' || one.state === 'lifting'
  return (
    <Card className={counts ? '' : 'over'}>
      <div className="between">
        <span className="row wrap"><b className="s14">{one.name}</b><span className="tag plain">{t(`exclusion.kinds.${one.kind}`)}</span></span>
        <span className={`tag ${TONES[one.state]}`}>{t(`exclusion.states.${one.state}`)}</span>
      </div>
      <p className="s13">{one.reason}</p>
      <p className="s12 second">
        {counts && one.members != null && <><b>{formatCount(one.members)}</b> {t('exclusion.members')} · </>}
        {one.segment_id ? <Link to={`/segments/${one.segment_id}`}>{t('exclusion.ofSegment')}</Link> : t('exclusion.ofList')}
        {' · '}{one.until_on ? t('exclusion.until', { day: formatDay(one.until_on) }) : t('exclusion.untilLifted')}
      </p>
      <div className="between">
        <small className="muted">{t('exclusion.owner', { name: one.owner })} · {formatRecent(one.created_at)}</small>
        {one.state === 'lifting' && one.change_id ? <Link className="s12" to={`/approvals/${one.change_id}`}>{t('exclusion.seeChange')}</Link> : one.can?.includes('lift') && <Button size="small" onClick={lift}>{t('exclusion.lift')}</Button>}
      </div>
    </Card>
  )
}

interface Values {
  name: string
  kind: (typeof KINDS)[number]
  reason: string
  from: 'list' | 'segment'
  upload_id?: string
  segment_id?: string
  until_on?: Dayjs | null
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const from = Form.useWatch('from', form) ?? 'list'
  const [no] = useState(requestNo)
  const [uploading, setUploading] = useState(false)
  const uploads = useQuery({ queryKey: ['uploads'], queryFn: listUploads })
  const choices = useSegmentChoices('')
  const needed = (name: string) => [{ required: true, message: t('form.needed', { name }) }]
  const submit = async ({ from: source, until_on, ...values }: Values) => {
    await createExclusion({
      name: values.name.trim(), kind: values.kind, reason: values.reason.trim(), request_no: no, until_on: until_on ? until_on.format('YYYY-MM-DD') : null,
      upload_id: source === 'list' ? values.upload_id : null, segment_id: source === 'segment' ? values.segment_id : null,
    })
    await cache.invalidateQueries({ queryKey: ['exclusions'] })
    void message.success(t('exclusion.added'))
  }
  return (
    <>
      <Ask<Values> form={form} title={t('exclusion.add')} action={t('exclusion.add')} submit={submit} close={close} width={560} initial={{ kind: 'complaint', from: 'list' }}>
        <Note>{t('exclusion.addHint')}</Note>
        <Form.Item name="name" label={t('exclusion.name')} rules={needed(t('exclusion.name'))} style={{ marginTop: 16 }}><Input maxLength={60} /></Form.Item>
        <Form.Item name="kind" label={t('exclusion.kind')}><Radio.Group options={KINDS.map((value) => ({ value, label: t(`exclusion.kinds.${value}`) }))} /></Form.Item>
        <Form.Item name="from" label={t('exclusion.from')}><Radio.Group options={[{ value: 'list', label: t('exclusion.ofList') }, { value: 'segment', label: t('exclusion.ofSegment') }]} /></Form.Item>
        {from === 'list' ? (
          <Form.Item label={t('exclusion.ofList')} required htmlFor="upload_id">
            <div className="row">
              <Form.Item name="upload_id" noStyle rules={needed(t('exclusion.ofList'))}><Select id="upload_id" loading={uploads.isPending} style={{ flex: 1 }} options={(uploads.data?.items ?? []).map((one) => ({ value: one.id, label: `${one.name} · ${formatCount(one.matched)}` }))} /></Form.Item>
              <Button icon={<Icon name="upload" />} onClick={() => setUploading(true)}>{t('segment.uploadList')}</Button>
            </div>
          </Form.Item>
        ) : (
          <Form.Item name="segment_id" label={t('exclusion.ofSegment')} extra={t('exclusion.segmentHint')} rules={needed(t('exclusion.ofSegment'))}><Select {...choices} /></Form.Item>
        )}
        <Form.Item name="until_on" label={t('exclusion.untilOn')} extra={t('exclusion.untilHint')}><DatePicker style={{ width: '100%' }} minDate={dayjs()} /></Form.Item>
        <Form.Item name="reason" label={t('exclusion.reason')} rules={needed(t('exclusion.reason'))}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
      </Ask>
      {uploading && <UploadDialog close={() => setUploading(false)} take={(id) => form.setFieldsValue({ upload_id: id })} />}
    </>
  )
}

function Lift({ one, close }: { one: Exclusion; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await liftExclusion(one.id, reason.trim())
    await cache.invalidateQueries({ queryKey: ['exclusions'] })
    void message.success(t('exclusion.liftAsked'))
  }
  return (
    <Ask<{ reason: string }> title={t('exclusion.liftTitle', { name: one.name })} action={t('builder.askList')} submit={submit} close={close}>
      <p className="second s12" style={{ marginBottom: 12 }}>{t('exclusion.liftHint')}</p>
      <Form.Item name="reason" label={t('exclusion.liftReason')} rules={[{ required: true, message: t('form.needed', { name: t('exclusion.liftReason') }) }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </Ask>
  )
}
