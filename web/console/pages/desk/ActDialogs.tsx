/** Doing something about a benefit: in an open case of its customer, with a reason; what costs money waits for another person. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Form, Input, InputNumber, Select } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { actInCase, askReading, compensate, extendBenefit, listCases, listServiceOffers, openCase, type ActKind } from '@api/desk'
import type { NewOf } from '@api/types'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { formatCount, formatMoney } from '@kit/format'
import { Note } from '@kit/layout'
import { CaseFields } from './CaseDialogs'

interface Common {
  seq: number
  grantId: string
  close: () => void
}
type CaseWords = Pick<NewOf<'open_cases'>, 'kind' | 'title' | 'way' | 'body'>
interface Values extends Partial<CaseWords> {
  case_id?: string
  reason: string
}
const NEW = 'new'

/** The question all acts share: in which case, and why. A case that is not there yet is opened on the way. */
function InCase<T extends Values>({ seq, grantId, title, hint, action, close, done, send, children }: Common & { title: string; hint: string; action?: string; done: string; send: (caseId: string, values: T) => Promise<unknown>; children?: ReactNode }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<T>()
  const [opened, setOpened] = useState<string>()
  const open = useQuery({ queryKey: ['cases', 'customer', seq, 'open'], queryFn: () => listCases({ seq: String(seq), status: 'open' }) })
  const chosen = Form.useWatch('case_id' as never, form) as string | undefined
  if (!open.data) return null
  const items = open.data.items
  const submit = async (values: T) => {
    let caseId = values.case_id === NEW ? opened : values.case_id
    if (!caseId) {
      const { kind = 'other', title: words = '', way, body = '' } = values
      caseId = await openCase({ seq, grant_id: grantId, kind, title: words, way, body, request_no: crypto.randomUUID() })
      setOpened(caseId)
    }
    await send(caseId, values)
    await Promise.all([['story', grantId], ['cases'], ['benefits', String(seq)], ['case', caseId]].map((queryKey) => cache.invalidateQueries({ queryKey })))
    void message.success(done)
  }
  const first = items.find((one) => one.grant_id === grantId) ?? items[0]
  return (
    <Ask<T> form={form} title={title} submit={submit} close={close} initial={{ case_id: first?.id ?? NEW, way: 'phone' } as Partial<T>} action={action ?? title} width={520}>
      <div className="desk-gap"><Note>{hint}</Note></div>
      {children}
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input.TextArea rows={2} maxLength={200} showCount /></Form.Item>
      <Form.Item name="case_id" label={t('desk.case')}>
        <Select options={[...items.map((one) => ({ value: one.id, label: `${one.number} ${one.title}` })), { value: NEW, label: t('desk.newCase') }]} />
      </Form.Item>
      {chosen === NEW && !opened && <CaseFields />}
    </Ask>
  )
}

export function ActDialog({ kind, ...common }: Common & { kind: ActKind }) {
  const { t } = useTranslation()
  const send = (caseId: string, { reason }: Values) => actInCase({ case_id: caseId, grant_id: common.grantId, kind, reason, request_no: crypto.randomUUID() })
  return <InCase<Values> {...common} title={t(`desk.acts.${kind}`)} hint={t(`desk.actHints.${kind}`)} done={t('desk.actDone')} send={send} />
}

interface ExtendValues extends Values {
  days: number
}

export function ExtendDialog(common: Common) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const send = (caseId: string, { reason, days }: ExtendValues) => extendBenefit({ case_id: caseId, grant_id: common.grantId, days, reason, request_no: crypto.randomUUID() })
  return (
    <InCase<ExtendValues> {...common} title={t('desk.acts.extend')} hint={t('desk.actHints.extend')} done={t('desk.asked')} send={send}>
      <Form.Item name="days" label={t('desk.days')} rules={needed(t('desk.days'))}><InputNumber min={1} max={365} precision={0} /></Form.Item>
    </InCase>
  )
}

export function ReadCodeDialog(common: Common) {
  const { t } = useTranslation()
  const send = (caseId: string, { reason }: Values) => askReading({ case_id: caseId, grant_id: common.grantId, reason, request_no: crypto.randomUUID() })
  return <InCase<Values> {...common} title={t('desk.acts.read_code')} hint={t('desk.actHints.read_code')} done={t('desk.asked')} send={send} />
}

interface CompensateValues extends Values {
  service_offer_id: string
}

export function CompensateDialog(common: Common) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const offers = useQuery({ queryKey: ['service-offers', 'live'], queryFn: () => listServiceOffers({ status: 'live' }) })
  const send = (caseId: string, { reason, service_offer_id }: CompensateValues) => compensate({ case_id: caseId, service_offer_id, reason, request_no: crypto.randomUUID() })
  return (
    <InCase<CompensateValues> {...common} title={t('desk.acts.compensate')} hint={t('desk.actHints.compensate')} done={t('desk.asked')} send={send}>
      <Form.Item name="service_offer_id" label={t('desk.goodwill')} rules={needed(t('desk.goodwill'))} extra={offers.data?.items.length === 0 && <Link to="/service-offers">{t('desk.noGoodwill')}</Link>}>
        <Select
          placeholder={t('form.choose')} loading={offers.isPending}
          options={offers.data?.items.map((one) => ({ value: one.id, disabled: one.left === 0, label: t('desk.goodwillLine', { name: one.name, cost: formatMoney(one.cost_fen), left: formatCount(one.left) }) }))}
        />
      </Form.Item>
    </InCase>
  )
}
