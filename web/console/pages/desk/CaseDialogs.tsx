/** Opening a case, noting a contact, giving it to a colleague, closing, opening again. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { assignCase, closeCase, listColleagues, noteCase, openCase, reopenCase, type CaseRow } from '@api/desk'
import type { NewOf } from '@api/types'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

export const caseKinds = ['question', 'not_received', 'not_redeemable', 'order_failed', 'complaint', 'other'] as const
const ways = ['phone', 'counter', 'online', 'internal'] as const
type NewCase = NewOf<'open_cases'>

export function OpenCase({ seq, grantId, close, then }: { seq: number; grantId?: string; close: () => void; then?: (caseId: string) => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const submit = async (values: Pick<NewCase, 'kind' | 'title' | 'way' | 'body'>) => {
    const caseId = await openCase({ ...values, body: values.body ?? '', seq, grant_id: grantId, request_no: crypto.randomUUID() })
    await cache.invalidateQueries({ queryKey: ['cases'] })
    if (then) then(caseId)
    else void navigate({ to: `/cases/${caseId}` })
  }
  return (
    <Ask<Pick<NewCase, 'kind' | 'title' | 'way' | 'body'>> title={t('desk.newCase')} submit={submit} close={close} initial={{ way: 'phone' }} action={t('desk.open')}>
      <CaseFields />
    </Ask>
  )
}

export function CaseFields() {
  const { t } = useTranslation()
  const needed = useNeeded()
  return (
    <>
      <Form.Item name="kind" label={t('desk.kind')} rules={needed(t('desk.kind'))}>
        <Select placeholder={t('form.choose')} options={caseKinds.map((value) => ({ value, label: t(`desk.caseKinds.${value}`) }))} />
      </Form.Item>
      <Form.Item name="title" label={t('desk.caseTitle')} rules={needed(t('desk.caseTitle'))}><Input maxLength={80} autoComplete="off" /></Form.Item>
      <Way />
      <Form.Item name="body" label={t('desk.body')}><Input.TextArea rows={3} maxLength={1000} showCount /></Form.Item>
      <div className="desk-gap"><Note icon="lock">{t('desk.noNumbers')}</Note></div>
    </>
  )
}

function Way() {
  const { t } = useTranslation()
  return (
    <Form.Item name="way" label={t('desk.way')}>
      <Select options={ways.map((value) => ({ value, label: t(`desk.ways.${value}`) }))} />
    </Form.Item>
  )
}

export function NoteDialog({ caseId, close }: { caseId: string; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async (values: Pick<NewOf<'note_case'>, 'way' | 'body'>) => {
    await noteCase(caseId, { ...values, request_no: crypto.randomUUID() })
    await cache.invalidateQueries({ queryKey: ['case', caseId] })
  }
  return (
    <Ask<Pick<NewOf<'note_case'>, 'way' | 'body'>> title={t('desk.addNote')} submit={submit} close={close} initial={{ way: 'phone' }} action={t('action.save')}>
      <Way />
      <Form.Item name="body" label={t('desk.body')} rules={needed(t('desk.body'))}><Input.TextArea rows={4} maxLength={1000} showCount autoFocus /></Form.Item>
      <div className="desk-gap"><Note icon="lock">{t('desk.noNumbers')}</Note></div>
    </Ask>
  )
}

export function EndDialog({ caseId, shut, close }: { caseId: string; shut: boolean; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const label = t(shut ? 'desk.reopenWhy' : 'desk.outcome')
  const submit = async ({ word }: { word: string }) => {
    await (shut ? reopenCase(caseId, word) : closeCase(caseId, word))
    await cache.invalidateQueries({ queryKey: ['case', caseId] })
    await cache.invalidateQueries({ queryKey: ['cases'] })
  }
  return (
    <Ask<{ word: string }> title={t(shut ? 'desk.reopen' : 'desk.close')} submit={submit} close={close} action={t(shut ? 'desk.reopen' : 'desk.close')}>
      <Form.Item name="word" label={label} rules={needed(label)}><Input.TextArea rows={3} maxLength={500} showCount autoFocus /></Form.Item>
    </Ask>
  )
}

export function AssignDialog({ row, close }: { row: CaseRow; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const people = useQuery({ queryKey: ['colleagues', row.id], queryFn: () => listColleagues(row.id) })
  const submit = async ({ staff_id }: { staff_id: string }) => {
    await assignCase(row.id, staff_id)
    await Promise.all([['case', row.id], ['cases']].map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
  return (
    <Ask<{ staff_id: string }> title={t('desk.assign')} submit={submit} close={close} initial={{ staff_id: row.assigned_to }} action={t('desk.assign')}>
      <Form.Item name="staff_id" label={t('desk.assigned')} extra={t('desk.assignHint')} rules={needed(t('desk.assigned'))}>
        <Select showSearch optionFilterProp="label" loading={people.isPending} options={people.data?.items.map((one) => ({ value: one.id, label: one.name }))} />
      </Form.Item>
    </Ask>
  )
}
