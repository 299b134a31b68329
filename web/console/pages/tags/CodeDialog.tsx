/** Tags as a file: what the bank has, to keep beside its code; and a file brought in, after what it would do was read. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Input, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { applyTags, exportTags, planTags } from '@api/tags'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { useCategoryName } from './categories'

export function CodeDialog({ category, close }: { category: string; close: () => void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  return (
    <Drawer open title={t('tag.code.title')} onClose={close} size={680}>
      <div className="stack">
        <Export category={category} />
        {may('tag.write') && <Import />}
      </div>
    </Drawer>
  )
}

function Export({ category }: { category: string }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const nameOf = useCategoryName()
  const work = useMutation({
    mutationFn: () => exportTags(category),
    onSuccess: ({ text }) => {
      const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
      const link = document.createElement('a')
      link.href = address
      link.download = `tags${category ? `-${category.replaceAll('/', '-')}` : ''}.yaml`
      link.click()
      URL.revokeObjectURL(address)
    },
  })
  return (
    <section className="stack tight" aria-label={t('tag.code.export')}>
      <h3 className="s13">{t('tag.code.export')}</h3>
      <p className="second s12">{t('tag.code.exportHint')}</p>
      <div><Button icon={<Icon name="download" />} loading={work.isPending} onClick={() => work.mutate()}>{category ? t('tag.code.exportOne', { category: nameOf(category) }) : t('tag.code.exportAll')}</Button></div>
      {work.error && <Note kind="danger">{say(problemOf(work.error))}</Note>}
    </section>
  )
}

function Import() {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const [text, setText] = useState('')
  const plan = useMutation({ mutationFn: planTags })
  const apply = useMutation({ mutationFn: applyTags, onSuccess: () => cache.invalidateQueries({ queryKey: ['tags'] }) })
  const put = (next: string) => {
    setText(next)
    plan.reset()
    apply.reset()
  }
  const read = (file: File) => {
    void file.text().then((next) => {
      put(next)
      plan.mutate(next)
    })
    return false
  }
  const error = plan.error ?? apply.error
  const told = apply.data ?? plan.data
  return (
    <section className="stack tight" aria-label={t('tag.code.import')}>
      <h3 className="s13">{t('tag.code.import')}</h3>
      <p className="second s12">{t('tag.code.importHint')}</p>
      <div className="row wrap">
        <Upload accept=".yaml,.yml" showUploadList={false} beforeUpload={read}><Button icon={<Icon name="upload" />}>{t('tag.code.file')}</Button></Upload>
        <Button disabled={!text.trim()} loading={plan.isPending} onClick={() => plan.mutate(text)}>{t('tag.code.plan')}</Button>
        <Button type="primary" disabled={!plan.data || plan.data.steps.length === 0 || apply.isSuccess} loading={apply.isPending} onClick={() => apply.mutate(text)}>{t('tag.code.apply')}</Button>
      </div>
      <Input.TextArea className="mono" rows={10} spellCheck={false} value={text} aria-label={t('tag.code.text')} placeholder={'tags:\n- name: …'} onChange={(event) => put(event.target.value)} />
      {error && <Note kind="danger">{say(problemOf(error))}</Note>}
      {apply.isSuccess && <Note icon="check">{apply.data.change_id ? <>{t('tag.code.submitted')} <Link to={`/approvals/${apply.data.change_id}`}>{t('tag.code.toApproval')} ›</Link></> : t('tag.code.applied')}</Note>}
      {told && <Steps steps={told.steps} same={told.same} />}
    </section>
  )
}

function Steps({ steps, same }: { steps: { verb: string; name: string; fields?: string[] }[]; same: number }) {
  const { t } = useTranslation()
  const tones: Record<string, string> = { create: 'ok', change: 'warn', archive: 'bad' }
  return (
    <div aria-live="polite">
      <p className="s13"><b>{t('tag.code.steps', { count: steps.length })}</b> <span className="second">{t('tag.code.same', { count: same })}</span></p>
      <ul className="lines tight">
        {steps.slice(0, 200).map((step) => (
          <li key={step.name} className="s13"><span className={`tag ${tones[step.verb] ?? ''}`}>{t(`tag.code.verbs.${step.verb}`, { defaultValue: step.verb })}</span> <span className="mono">{step.name}</span> <span className="muted s12">{(step.fields ?? []).map((field) => t(`tag.fields.${field}`, { defaultValue: field })).join(t('list.comma'))}</span></li>
        ))}
      </ul>
    </div>
  )
}
