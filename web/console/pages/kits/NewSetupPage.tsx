/** Setting a kit up: only what the kit needs is asked; reach and cost stand beside it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets, listPools } from '@api/benefits'
import { listKits, previewKit, setUpKit, type Kit, type KitPreview, type KitTerms } from '@api/kits'
import { UnitSelect } from '@console/app/units'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { useSkus } from '@console/pages/campaigns/BenefitSection'
import { formatCount, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import './kits.css'

const PAUSE_MS = 500
const STOCK = 200
const BENEFITS_MAX = 6
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
const CLOCK = /^([01]?\d|2[0-3]):[0-5]\d$/

interface Values {
  name: string
  threshold?: number
  benefits: { pool_id?: string; stock?: number }[]
  budget_id: string
  budget_yuan: number
  window: [Dayjs, Dayjs]
  control_percent: number
  basis_confirmed?: boolean
  visit?: { unit_ids?: number[]; weekdays?: number[]; times?: string[]; minutes?: number; capacity?: number }
}

export default function NewSetupPage() {
  const { key } = useParams({ strict: false }) as { key: string }
  const { t } = useTranslation()
  const kits = useQuery({ queryKey: ['kits'], queryFn: listKits })
  return (
    <Loaded page query={kits} rows={8}>
      {(found) => {
        const kit = found.find((one) => one.key === key)
        return kit ? <Whole kit={kit} /> : <Empty page sign="search" title={t('kits.unknown')}>{t('kits.unknownHint')}</Empty>
      }}
    </Loaded>
  )
}

function Whole({ kit }: { kit: Kit }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const problem = useProblemText()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const values = Form.useWatch([], form) as Values | undefined
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const pools = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const skuOf = new Map((pools.data?.items ?? []).map((pool) => [pool.id, pool.sku_id]))
  const terms = values ? termsOf(kit, values, skuOf) : null
  const send = async (filled: Values) => {
    const ready = termsOf(kit, filled, skuOf)
    if (!ready) return
    setBusy(true)
    setError('')
    try {
      const id = await setUpKit({ ...ready, request_no: crypto.randomUUID() })
      await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('kits') || queryKey.includes('kit_setups') })
      void message.success(t('kits.made'))
      await navigate({ to: `/kits/set-up/${String(id)}` })
    } catch (failure) {
      setError(problem(problemOf(failure)))
    } finally {
      setBusy(false)
    }
  }
  const name = say(kit.name, kit.name_en)
  return (
    <>
      <PageHead title={name} crumbs={[{ label: t('menu.kits'), to: '/kits' }, { label: name }]} meta={<span>{say(kit.summary, kit.summary_en)}</span>} />
      <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={firstOf(kit, name)} onFinish={(filled) => void send(filled)} className="kit-form">
        <div className="grid">
          <div className="c8 kit-left">
            <Audience kit={kit} />
            {kit.books_visits && <Visits />}
            <Benefits kit={kit} />
            <Money />
            {error && <Note kind="danger">{error}</Note>}
            <div className="row"><Button type="primary" htmlType="submit" loading={busy}>{t('kits.setUp')}</Button><Button onClick={() => void navigate({ to: '/kits' })}>{t('action.cancel')}</Button></div>
          </div>
          <Beside terms={terms} />
        </div>
      </Form>
    </>
  )
}

function Audience({ kit }: { kit: Kit }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const edge = kit.threshold
  const unit = edge ? say(edge.unit.zh, edge.unit.en) : ''
  return (
    <Card title={t('kits.whom')}>
      <div className="kit-cells">
        <Form.Item name="name" label={t('kits.name')} rules={needed(t('kits.name'))}><Input maxLength={30} showCount /></Form.Item>
        <Form.Item name="window" label={t('kits.window')} rules={needed(t('kits.window'))}><DatePicker.RangePicker /></Form.Item>
        {edge && (
          <Form.Item name="threshold" label={say(edge.label.zh, edge.label.en)} rules={needed(say(edge.label.zh, edge.label.en))}>
            {edge.choices?.length ? <Select options={edge.choices.map((value) => ({ value, label: `${formatCount(value)} ${unit}` }))} /> : <InputNumber min={edge.least} max={edge.most} precision={0} suffix={unit} />}
          </Form.Item>
        )}
        <Form.Item name="control_percent" label={t('kits.control')} extra={t('kits.controlHint')}><InputNumber min={0} max={50} precision={0} suffix="%" /></Form.Item>
      </div>
      {kit.basis && (
        <>
          <Note icon="info">{say(kit.basis, kit.basis_en)}</Note>
          <Form.Item name="basis_confirmed" valuePropName="checked" rules={[{ validator: (_, value) => (value ? Promise.resolve() : Promise.reject(new Error(t('kits.basisMissing')))) }]}><Checkbox>{t('kits.basisConfirmed')}</Checkbox></Form.Item>
        </>
      )}
      <p className="second s13 kit-act"><Icon name="benefit" /> {say(kit.rewarded, kit.rewarded_en)}</p>
    </Card>
  )
}

function Benefits({ kit }: { kit: Kit }) {
  const { t } = useTranslation()
  const skuName = useSkuName()
  const needed = useNeeded()
  const skus = useSkus()
  const pools = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const names = new Map(skus.all.map((one) => [one.id, skuName(one)]))
  const options = (pools.data?.items ?? []).filter((one) => one.available > 0 && names.has(one.sku_id)).map((one) => ({ value: one.id, label: `${names.get(one.sku_id) ?? ''} · ${one.name} · ${t('kits.left', { left: formatCount(one.available) })}` }))
  return (
    <Card title={t('kits.benefits')} hint={t('kits.benefitsHint', { count: kit.benefits_min })}>
      <Form.List name="benefits">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div className="kit-benefit" key={key}>
                <Form.Item name={[name, 'pool_id']} label={t('kits.benefit')} rules={needed(t('kits.benefit'))}><Select showSearch optionFilterProp="label" loading={pools.isPending || skus.pending} placeholder={t('form.choose')} options={options} notFoundContent={t('kits.noPool')} /></Form.Item>
                <Form.Item name={[name, 'stock']} label={t('kits.stock')} rules={needed(t('kits.stock'))}><InputNumber min={1} max={1_000_000} precision={0} /></Form.Item>
                {rows.length > kit.benefits_min && <Button type="text" aria-label={t('action.remove')} icon={<Icon name="close" />} onClick={() => remove(name)} />}
              </div>
            ))}
            {rows.length < BENEFITS_MAX && <Button icon={<Icon name="plus" />} onClick={() => add({ stock: STOCK })}>{t('kits.addBenefit')}</Button>}
          </>
        )}
      </Form.List>
    </Card>
  )
}

/** Where and when a visit can be booked; the times are opened with the drafts. */
function Visits() {
  const { t } = useTranslation()
  const needed = useNeeded()
  return (
    <Card title={t('kits.visit')} hint={t('kits.visitHint')}>
      <Form.Item name={['visit', 'unit_ids']} label={t('kits.visitUnits')} rules={needed(t('kits.visitUnits'))}><UnitSelect mode="multiple" /></Form.Item>
      <Form.Item name={['visit', 'weekdays']} label={t('kits.visitDays')}><Checkbox.Group options={WEEKDAYS.map((value) => ({ value, label: t(`merchant.days.${value}`) }))} /></Form.Item>
      <Form.Item name={['visit', 'times']} label={t('kits.visitTimes')} extra={t('bookings.timesHint')} rules={[{ required: true, validator: (_, value: string[] = []) => (value.length > 0 && value.every((one) => CLOCK.test(one)) ? Promise.resolve() : Promise.reject(new Error(t('bookings.timesHint')))) }]}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} /></Form.Item>
      <div className="kit-cells">
        <Form.Item name={['visit', 'minutes']} label={t('kits.visitMinutes')}><InputNumber min={5} max={480} precision={0} /></Form.Item>
        <Form.Item name={['visit', 'capacity']} label={t('kits.visitCapacity')}><InputNumber min={1} max={1000} precision={0} /></Form.Item>
      </div>
    </Card>
  )
}

function Money() {
  const { t } = useTranslation()
  const needed = useNeeded()
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  return (
    <Card title={t('kits.money')}>
      <div className="kit-cells">
        <Form.Item name="budget_id" label={t('kits.budget')} rules={needed(t('kits.budget'))}><Select loading={budgets.isPending} placeholder={t('form.choose')} options={budgets.data?.items.map((one) => ({ value: one.id, label: `${one.name} · ${formatMoney(one.available_fen)}` }))} /></Form.Item>
        <Form.Item name="budget_yuan" label={t('kits.budgetMost')} rules={needed(t('kits.budgetMost'))}><InputNumber min={0} precision={2} suffix={t('kits.yuan')} /></Form.Item>
      </div>
    </Card>
  )
}

/** What the server says of the form as it stands, asked again when typing rests. */
function Beside({ terms }: { terms: KitTerms | null }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const problem = useProblemText()
  const asked = JSON.stringify(terms)
  const [seen, setSeen] = useState<KitPreview | null>(null)
  const [failed, setFailed] = useState('')
  useEffect(() => {
    if (asked === 'null') return
    let stale = false
    const timer = setTimeout(() => {
      previewKit(JSON.parse(asked) as KitTerms).then(
        (found) => { if (!stale) { setSeen(found); setFailed('') } },
        (failure: unknown) => { if (!stale) setFailed(problem(problemOf(failure))) },
      )
    }, PAUSE_MS)
    return () => { stale = true; clearTimeout(timer) }
  }, [asked, problem])
  return (
    <Card className="c4 at-top kit-beside" title={t('kits.preview')}>
      {!terms && <p className="muted s13">{t('kits.previewEmpty')}</p>}
      {terms && failed && <Note kind="danger">{failed}</Note>}
      {terms && seen && !failed && (
        <>
          <Facts left rows={[
            ...seen.reach.map((one): [string, string] => [say(one.name, one.name_en), t('kits.customers', { count: one.customers, shown: formatCount(one.customers) })]),
            [t('kits.most'), formatMoney(seen.most_fen)],
          ]} />
          {seen.problems.map((one) => <Note key={`${one.pointer}${one.code}`} kind="warning">{t(`kits.gaps.${one.code}`, { ...one.data, most: formatMoney(Number(one.data?.most_fen ?? 0)), available: formatCount(Number(one.data?.available ?? 0)), left: formatMoney(Number(one.data?.available_fen ?? 0)), facts: ((one.data?.missing as string[] | undefined) ?? []).join('、') })}</Note>)}
          {seen.problems.length === 0 && <Note icon="check">{t('kits.ready')}</Note>}
        </>
      )}
    </Card>
  )
}

function firstOf(kit: Kit, name: string): Partial<Values> {
  const today = dayjs().startOf('day')
  return {
    name: name.slice(0, 30),
    threshold: kit.threshold?.default,
    benefits: Array.from({ length: kit.benefits_min }, () => ({ stock: STOCK })),
    window: [today, today.add(kit.days, 'day')],
    control_percent: 10,
    visit: kit.books_visits ? { weekdays: [1, 2, 3, 4, 5], times: ['09:30', '10:30', '14:30', '15:30'], minutes: 30, capacity: 2 } : undefined,
  }
}

/** The form as the server takes it; null while something it cannot do without is open. */
function termsOf(kit: Kit, values: Values, skuOf: Map<string, string>): KitTerms | null {
  const benefits = (values.benefits ?? []).flatMap((one) => { const sku = one.pool_id ? skuOf.get(one.pool_id) : undefined; return one.pool_id && sku && one.stock ? [{ sku_id: sku, pool_id: one.pool_id, stock: one.stock }] : [] })
  if (!values.budget_id || !values.window?.[0] || !values.window[1] || benefits.length === 0) return null
  return {
    key: kit.key,
    name: values.name ?? '',
    threshold: kit.threshold ? (values.threshold ?? kit.threshold.default) : null,
    benefits,
    budget_id: values.budget_id,
    budget_fen: Math.round((values.budget_yuan ?? 0) * 100),
    opens_at: values.window[0].startOf('day').toISOString(),
    closes_at: values.window[1].endOf('day').toISOString(),
    control_percent: values.control_percent ?? 10,
    basis_confirmed: values.basis_confirmed ?? false,
    visit: kit.books_visits ? visitOf(values.visit) : null,
  }
}

function visitOf(visit: Values['visit']): KitTerms['visit'] {
  const times = (visit?.times ?? []).filter((one) => CLOCK.test(one)).map((one) => `${one.padStart(5, '0')}:00`)
  if (!visit?.unit_ids?.length || times.length === 0) return null
  return { unit_ids: visit.unit_ids, weekdays: visit.weekdays ?? [], times, minutes: visit.minutes ?? 30, capacity: visit.capacity ?? 2 }
}
