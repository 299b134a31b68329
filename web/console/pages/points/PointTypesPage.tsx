/** Types of points: what they cost, who pays, how long they are good; another person decides. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listTypes, requestType, type Expiry, type PointType } from '@api/points'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatMoney, parseYuan } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { PointsTag } from './PointsTag'
import { Waiting } from './Waiting'
import { expiryWords } from './words'
import './points.css'

const KINDS: Expiry['kind'][] = ['none', 'days', 'months', 'date', 'month_end', 'quarter_end', 'year_end']

export default function PointTypesPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const [editing, setEditing] = useState<PointType | 'new' | null>(null)
  const query = useQuery({ queryKey: ['point-types'], queryFn: listTypes })
  const write = query.data?.can.includes('write')
  return (
    <>
      <PageHead title={t('points.types')} meta={t('points.typesMeta')} actions={write && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('points.newType')}</Button>} />
      <Loaded query={query} rows={5}>
        {({ items, requests }) => (
          <>
            <Waiting requests={requests} />
            <Card flush>
              {items.length === 0 ? <Empty title={t('points.none')}>{t('points.noneHint')}</Empty> : (
                <DataTable
                  label={t('points.types')}
                  rows={items}
                  rowKey={(row) => row.code}
                  columns={[
                    { key: 'name', title: t('points.name'), render: (row) => <><b>{say(row.name, row.name_en)}</b><small className="mono">{row.code}</small></> },
                    { key: 'cost', title: t('points.cost'), number: true, render: (row) => formatMoney(row.unit_cost_fen) },
                    { key: 'expiry', title: t('points.expiry'), render: (row) => expiryWords(row.expiry, t) },
                    { key: 'pending', title: t('points.pending'), render: (row) => (row.pending_days ? t('points.pendingDays', { count: row.pending_days }) : t('points.atOnce')) },
                    { key: 'debt', title: t('points.debt'), render: (row) => t(row.debt ? 'points.debtYes' : 'points.debtNo') },
                    { key: 'state', title: t('points.state'), render: (row) => <PointsTag tone={row.state === 'closed' ? '' : 'ok'}>{t(`points.states.${row.state ?? 'open'}`)}</PointsTag> },
                    { key: 'edit', title: '', render: (row) => write && <Button size="small" onClick={() => setEditing(row)}>{t('points.edit')}</Button> },
                  ]}
                />
              )}
            </Card>
          </>
        )}
      </Loaded>
      {editing && <TypeDialog held={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  )
}

interface Values {
  code: string
  name: string
  name_en: string
  cost: string
  kind: Expiry['kind']
  n?: number
  month?: number
  day?: number
  pending_days: number
  debt: boolean
  transferable: boolean
  open: boolean
  reason: string
}

function TypeDialog({ held, close }: { held: PointType | null; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form)
  const needed = [{ required: true, message: t('points.needed') }]
  const isAmount = { validator: (_: unknown, text?: string) => (text && parseYuan(text) != null ? Promise.resolve() : Promise.reject(new Error(t('form.amount')))) }
  const submit = async (values: Values) => {
    const type: PointType = {
      code: values.code, name: values.name, name_en: values.name_en, unit_cost_fen: parseYuan(values.cost) ?? 0, funder: held?.funder,
      expiry: { kind: values.kind, n: values.n ?? 0, month: values.month ?? 12, day: values.day ?? 31 },
      pending_days: values.pending_days, debt: values.debt, transferable: values.transferable, state: values.open ? 'open' : 'closed',
    }
    await requestType({ type, reason: values.reason })
    await cache.invalidateQueries({ queryKey: ['point-types'] })
    void message.success(t('points.requested'))
  }
  const initial: Partial<Values> = held
    ? { ...held, cost: String(held.unit_cost_fen / 100), kind: held.expiry.kind, n: held.expiry.n, month: held.expiry.month, day: held.expiry.day, open: held.state !== 'closed' }
    : { kind: 'year_end', n: 1, pending_days: 0, debt: true, transferable: false, open: true, cost: '1.00' }
  return (
    <Ask<Values> title={t(held ? 'points.changeType' : 'points.newType')} form={form} submit={submit} close={close} action={t('points.request')} initial={initial} width={560}>
      <div className="points-pair">
        <Form.Item name="name" label={t('points.name')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="name_en" label={t('points.nameEn')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="code" label={t('points.code')} rules={[{ required: true, pattern: /^[A-Z][A-Z0-9_]{1,23}$/, message: 'A–Z 0–9 _' }]}><Input disabled={held != null} className="mono" autoComplete="off" /></Form.Item>
        <Form.Item name="cost" label={t('points.cost')} required rules={[isAmount]}><Input prefix="¥" inputMode="decimal" autoComplete="off" /></Form.Item>
        <Form.Item name="kind" label={t('points.expiryKind')}><Select options={KINDS.map((value) => ({ value, label: t(`points.expiryKinds.${value}`) }))} /></Form.Item>
        {kind === 'date' ? (
          <div className="points-pair">
            <Form.Item name="month" label={t('points.month')} rules={needed}><InputNumber min={1} max={12} precision={0} /></Form.Item>
            <Form.Item name="day" label={t('points.day')} rules={needed}><InputNumber min={1} max={31} precision={0} /></Form.Item>
          </div>
        ) : kind !== 'none' && <Form.Item name="n" label={t('points.expiryN')} rules={needed}><InputNumber min={kind === 'days' || kind === 'months' ? 1 : 0} max={kind === 'days' ? 3650 : 120} precision={0} /></Form.Item>}
      </div>
      <div className="points-pair">
        <Form.Item name="pending_days" label={t('points.pending')} rules={needed}><InputNumber min={0} max={366} precision={0} /></Form.Item>
        <Form.Item name="debt" label={t('points.debtYes')} valuePropName="checked"><Switch /></Form.Item>
        <Form.Item name="transferable" label={t('points.transferYes')} valuePropName="checked"><Switch /></Form.Item>
        <Form.Item name="open" label={t('points.states.open')} valuePropName="checked"><Switch /></Form.Item>
      </div>
      <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={2} maxLength={500} showCount /></Form.Item>
    </Ask>
  )
}
