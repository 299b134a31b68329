/** Services one books: who comes today, and the room of the days to come. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Select, Switch } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { changeSlot, listBookings, listSlots, openSlots, type Booking, type BookingSlot } from '@api/bookings'
import { lookUpCode, redeemCode } from '@api/counter'
import { every } from '@api/every'
import { listStores } from '@api/places'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { UnitSelect } from '@console/app/units'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatClock, formatCount, formatDay } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const iso = (day: Dayjs) => day.format('YYYY-MM-DD')
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
const AHEAD_DAYS = 14

export default function BookingsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [day, setDay] = useState(dayjs())
  const [opening, setOpening] = useState(false)
  return (
    <>
      <PageHead
        title={t('bookings.title')}
        meta={<span>{t('bookings.hint')}</span>}
        actions={<><DatePicker aria-label={t('bookings.day')} allowClear={false} value={day} onChange={(next: Dayjs | null) => { if (next) setDay(next) }} />{may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpening(true)}>{t('bookings.open')}</Button>}</>}
      />
      <div className="stack">
        <Today day={iso(day)} />
        <Slots day={day} />
      </div>
      {opening && <OpenForm close={() => setOpening(false)} />}
    </>
  )
}

function Today({ day }: { day: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const query = useQuery({ queryKey: ['bookings', day], queryFn: () => listBookings(day), refetchInterval: 30_000 })
  const [serving, setServing] = useState<Booking | null>(null)
  return (
    <Card title={t('bookings.ofDay', { day: formatDay(day) })} hint={t('bookings.ofDayHint')} flush>
      <Loaded query={query} rows={4}>
        {(page) => page.items.length === 0 ? <Empty sign="search" title={t('bookings.none')}>{t('bookings.noneHint')}</Empty> : (
          <DataTable
            label={t('bookings.title')}
            rows={page.items}
            rowKey={(row) => row.id}
            columns={[
              { key: 'time', title: t('bookings.time'), render: (row) => <b>{formatClock(row.starts_at)}–{formatClock(row.ends_at)}</b> },
              { key: 'service', title: t('bookings.service'), render: (row) => <><b>{say(row.title, row.title_en)}</b><small>{say(row.place, row.place_en)}</small></> },
              { key: 'customer', title: t('bookings.customer'), render: (row) => <>{row.customer_name ?? '—'}<small className="mono">{row.customer_no}</small></> },
              { key: 'state', title: t('campaign.state'), render: (row) => <StatusTag kind="booking" value={row.state} tone={row.state === 'honoured' ? 'ok' : row.state === 'missed' ? 'bad' : row.due ? 'run' : undefined} /> },
              { key: 'actions', title: '', render: (row) => row.due && may('redemption.redeem') && <Button size="small" type="primary" onClick={() => setServing(row)}>{t('bookings.serve')}</Button> },
            ]}
          />
        )}
      </Loaded>
      {serving && <ServeForm booking={serving} day={day} close={() => setServing(null)} />}
    </Card>
  )
}

/** The code on the customer's phone must be of this very booking. */
function ServeForm({ booking, day, close }: { booking: Booking; day: string; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [no] = useState(requestNo)
  const submit = async ({ code }: { code: string }) => {
    const meaning = await lookUpCode(code)
    if (meaning.grant_id !== booking.grant_id) throw new Error(t('bookings.otherCode'))
    await redeemCode(no, code)
    await cache.invalidateQueries({ queryKey: ['bookings', day] })
  }
  return (
    <Ask<{ code: string }> title={t('bookings.serveTitle', { name: say(booking.title, booking.title_en) })} submit={submit} close={close} action={t('bookings.serve')}>
      <p className="second">{booking.customer_name ?? booking.customer_no} · {formatClock(booking.starts_at)} · {booking.place}</p>
      <Form.Item name="code" label={t('bookings.code')} extra={t('bookings.codeHint')} rules={needed(t('bookings.code'))}><Input autoFocus inputMode="numeric" autoComplete="off" maxLength={24} className="mono" /></Form.Item>
    </Ask>
  )
}

function Slots({ day }: { day: Dayjs }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [begin, end] = [iso(day), iso(day.add(AHEAD_DAYS - 1, 'day'))]
  const query = useQuery({ queryKey: ['booking-slots', begin], queryFn: () => listSlots(begin, end) })
  const [changing, setChanging] = useState<BookingSlot | null>(null)
  return (
    <Card title={t('bookings.slots')} hint={t('bookings.slotsHint', { count: AHEAD_DAYS })} flush>
      <Loaded query={query} rows={5}>
        {(page) => page.items.length === 0 ? <Empty title={t('bookings.noSlots')}>{t('bookings.noSlotsHint')}</Empty> : (
          <DataTable
            label={t('bookings.slots')}
            rows={page.items}
            rowKey={(row) => row.id}
            columns={[
              { key: 'time', title: t('bookings.time'), render: (row) => <><b>{formatDay(row.starts_at)}</b><small>{formatClock(row.starts_at)} · {t('bookings.minutes', { count: row.minutes })}</small></> },
              { key: 'service', title: t('bookings.service'), render: (row) => <><b>{say(row.title, row.title_en)}</b><small>{say(row.place, row.place_en)}</small></> },
              { key: 'taken', title: t('bookings.taken'), number: true, render: (row) => <>{formatCount(row.taken)} / {formatCount(row.capacity)}</> },
              { key: 'left', title: t('bookings.left'), number: true, render: (row) => row.closed ? <span className="tag plain">{t('bookings.closed')}</span> : row.left_count === 0 ? <span className="tag warn">{t('bookings.full')}</span> : <b>{formatCount(row.left_count)}</b> },
              { key: 'actions', title: '', render: (row) => row.can.includes('change') && <Button size="small" onClick={() => setChanging(row)}>{t('action.edit')}</Button> },
            ]}
          />
        )}
      </Loaded>
      {changing && <ChangeForm slot={changing} close={() => setChanging(null)} />}
    </Card>
  )
}

function ChangeForm({ slot, close }: { slot: BookingSlot; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ capacity, closed = false }: { capacity: number; closed?: boolean }) => {
    await changeSlot({ id: slot.id, capacity, closed })
    await cache.invalidateQueries({ queryKey: ['booking-slots'] })
  }
  return (
    <Ask<{ capacity: number; closed?: boolean }> title={t('bookings.change')} initial={{ capacity: slot.capacity, closed: slot.closed }} submit={submit} close={close} action={t('action.save')}>
      <Form.Item name="capacity" label={t('bookings.capacity')} extra={t('bookings.capacityHint', { shown: formatCount(slot.taken) })}><InputNumber min={Math.max(1, slot.taken)} precision={0} style={{ width: '100%' }} /></Form.Item>
      <Form.Item name="closed" label={t('bookings.close')} valuePropName="checked"><Switch /></Form.Item>
    </Ask>
  )
}

interface OpenValues {
  sku_id: string
  unit_id: number
  store_id?: string
  days: [Dayjs, Dayjs]
  weekdays?: number[]
  times: string[]
  minutes: number
  capacity: number
}

function OpenForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const say = useBilingual()
  const skuLabel = useSkuName()
  const cache = useQueryClient()
  const skus = useQuery({ queryKey: ['skus', 'services'], queryFn: () => every(listSkus, { kind: 'voucher', status: 'published' }) })
  const services = (skus.data?.items ?? []).filter((sku) => sku.terms?.details?.type === 'service')
  const stores = useQuery({ queryKey: ['stores', 'every'], queryFn: () => every(listStores, {}) })
  const submit = async ({ days, times, weekdays: kept = [], ...rest }: OpenValues) => {
    await openSlots({ ...rest, begin: iso(days[0]), end: iso(days[1]), weekdays: kept.length === weekdays.length ? [] : kept, times: times.map((time) => (time.length === 4 ? `0${time}:00` : `${time}:00`)) })
    await cache.invalidateQueries({ queryKey: ['booking-slots'] })
  }
  return (
    <Ask<OpenValues> title={t('bookings.open')} initial={{ days: [dayjs().add(1, 'day'), dayjs().add(AHEAD_DAYS, 'day')], weekdays: [1, 2, 3, 4, 5], times: ['09:00', '10:00', '14:00', '15:00'], minutes: 60, capacity: 4 }} submit={submit} close={close} action={t('bookings.open')} width={560}>
      <Form.Item name="sku_id" label={t('bookings.service')} rules={needed(t('bookings.service'))}><Select loading={skus.isPending} notFoundContent={t('bookings.noServices')} options={services.map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} /></Form.Item>
      <div className="pair">
        <Form.Item name="unit_id" label={t('bookings.unit')} rules={needed(t('bookings.unit'))}><UnitSelect /></Form.Item>
        <Form.Item name="store_id" label={t('bookings.store')}><Select allowClear placeholder={t('bookings.ownCounter')} showSearch={{ optionFilterProp: 'label' }} options={(stores.data?.items ?? []).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))} /></Form.Item>
      </div>
      <Form.Item name="days" label={t('bookings.days')} rules={needed(t('bookings.days'))}><DatePicker.RangePicker style={{ width: '100%' }} /></Form.Item>
      <Form.Item name="weekdays" label={t('merchant.weekdays')}><Checkbox.Group options={weekdays.map((value) => ({ value, label: t(`merchant.days.${value}`) }))} /></Form.Item>
      <Form.Item name="times" label={t('bookings.times')} extra={t('bookings.timesHint')} rules={[{ required: true, validator: (_, value: string[] = []) => (value.length > 0 && value.every((one) => /^([01]?\d|2[0-3]):[0-5]\d$/.test(one)) ? Promise.resolve() : Promise.reject(new Error(t('bookings.timesHint')))) }]}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} /></Form.Item>
      <div className="pair">
        <Form.Item name="minutes" label={t('bookings.length')}><InputNumber min={5} max={1440} precision={0} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="capacity" label={t('bookings.capacity')}><InputNumber min={1} max={10000} precision={0} style={{ width: '100%' }} /></Form.Item>
      </div>
    </Ask>
  )
}
