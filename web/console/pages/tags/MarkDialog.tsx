/** Customers of a list get a value of a tag that people put, or lose the one they have; what it did can be put back. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { markCustomers, type Marked, type TagPage } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { listed } from '@console/pages/segments/listed'
import { MatchReport, NumbersField } from '@console/pages/segments/ListParts'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

interface Values {
  value: string
  numbers: string
  source: string
}

const NONE = ''
const MOST = 10_000
const SOURCE_MAX = 80

export function MarkDialog({ page, close }: { page: TagPage; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const named = useValueName(page)
  const [form] = Form.useForm<Values>()
  const [done, setDone] = useState<{ asked: Values; marked: Marked } | null>(null)
  const values = [...page.definition.values.map(({ name }) => ({ value: name, label: named(name) })), { value: NONE, label: t('tag.mark.none') }]
  const submit = async (asked: Values) => {
    const marked = await markCustomers(page.tag.id, { value: asked.value || null, customer_nos: listed(asked.numbers), source: asked.source.trim() })
    await cache.invalidateQueries({ queryKey: ['tags'] })
    setDone({ asked, marked })
  }
  if (done) return <Done page={page} source={done.asked.source} marked={done.marked} close={close} />
  return (
    <Ask<Values> form={form} title={t('tag.verbs.mark')} action={t('tag.verbs.mark')} submit={submit} close={close} stays width={560}>
      <p className="second s13" style={{ marginBottom: 12 }}>{t('tag.mark.hint')}</p>
      <Form.Item name="value" label={t('tag.mark.value')} initialValue={values[0]?.value}><Select options={values} /></Form.Item>
      <NumbersField form={form} most={MOST} read={(name) => form.setFieldsValue({ source: form.getFieldValue('source') || name.slice(0, SOURCE_MAX) })} />
      <Form.Item name="source" label={t('tag.mark.source')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('tag.mark.source') }) }]}><Input maxLength={SOURCE_MAX} placeholder={t('tag.mark.sourceHint')} /></Form.Item>
    </Ask>
  )
}

/** A value in words; of a tag that one has or has not, that one has it. */
function useValueName(page: TagPage) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (name: string | null | undefined) => {
    const value = page.definition.values.find((one) => one.name === name)
    if (!value) return t('tag.mark.without')
    return value.name === 'yes' ? t('tag.mark.yes') : say(value.label, value.label_en) || value.name
  }
}

/** What a list did: whom it found, who had which value before, and the way back. */
function Done({ page, source, marked, close }: { page: TagPage; source: string; marked: Marked; close: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const named = useValueName(page)
  const [standing, setStanding] = useState<'done' | 'busy' | 'back'>('done')
  const [error, setError] = useState<string | null>(null)
  const changed = marked.changed.reduce((sum, part) => sum + part.customer_nos.length, 0)
  const putBack = async () => {
    setStanding('busy')
    setError(null)
    try {
      for (const part of marked.changed) await markCustomers(page.tag.id, { value: part.value ?? null, customer_nos: part.customer_nos, source: t('tag.mark.backSource', { source: source.trim() }).slice(0, SOURCE_MAX) })
      setStanding('back')
    } catch (failure) {
      setStanding('done')
      setError(say(problemOf(failure)))
    }
    await cache.invalidateQueries({ queryKey: ['tags'] })
  }
  return (
    <Modal open title={t('tag.mark.done', { count: marked.marked, shown: formatCount(marked.marked) })} onCancel={close} footer={null} width={560}>
      <div className="stack" style={{ marginTop: 16 }}>
        <MatchReport report={{ ...marked, matched: marked.marked }} />
        {changed === 0 ? <Note>{t('tag.mark.same')}</Note> : (
          <ul className="lines tight" aria-label={t('tag.mark.before')}>
            {marked.changed.map((part) => (
              <li key={part.value ?? NONE} className="between s13"><span>{t('tag.mark.was', { value: named(part.value) })}</span><b>{formatCount(part.customer_nos.length)}</b></li>
            ))}
          </ul>
        )}
        {standing === 'back' && <Note icon="check">{t('tag.mark.isBack', { count: changed, shown: formatCount(changed) })}</Note>}
        {error && <Note kind="danger">{error}</Note>}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {changed > 0 && standing !== 'back' && <Button loading={standing === 'busy'} onClick={() => void putBack()}>{t('tag.mark.back')}</Button>}
          <Button type="primary" disabled={standing === 'busy'} onClick={close}>{t('action.close')}</Button>
        </div>
      </div>
    </Modal>
  )
}
