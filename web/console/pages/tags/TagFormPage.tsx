/** The editor of a tag: what it is called, how its values are told apart, how it is kept; beside it, who would have it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeTag, createTag, getTag, submitTags, type Definition, type TagPage } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { useSources } from '@console/pages/segments/useSources'
import { useDraft } from '@kit/draft'
import { formatClock, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { BasicsCard } from './BasicsCard'
import { freshDefinition, lacks } from './drafting'
import { MannersCard } from './MannersCard'
import { PreviewCard } from './PreviewCard'
import { StatisticCard } from './StatisticCard'
import { ValuesCard } from './ValuesCard'
import '@console/pages/segments/segments.css'
import './tags.css'

export default function TagFormPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const query = useQuery({ queryKey: ['tags', 'one', id], queryFn: () => getTag(id ?? ''), enabled: id !== undefined, refetchOnWindowFocus: false })
  if (id === undefined) return <Editor page={null} />
  return <Loaded page query={query} rows={10}>{(page) => <Editor key={`${page.tag.id}.${page.tag.latest}`} page={page} />}</Loaded>
}

function Editor({ page }: { page: TagPage | null }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const stored = page?.versions[0]?.definition ?? freshDefinition
  const draft = useDraft<Definition>(`tag.${page ? `${page.tag.id}.${page.tag.latest}` : 'new'}`)
  const [one, setOne] = useState<Definition>(draft.found?.value ?? stored)
  const sources = useSources('selection', null)
  const dirty = JSON.stringify(one) !== JSON.stringify(stored)
  const put = (changes: Partial<Definition>) => {
    const next = { ...one, ...changes }
    setOne(next)
    draft.keep(next)
  }
  const throwAway = () => {
    draft.drop()
    setOne(stored)
  }
  const title = say(one.label, one.label_en) || t('tag.new')
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.tags'), to: '/tags' }, ...(page ? [{ label: say(page.tag.label, page.tag.label_en), to: `/tags/${page.tag.id}` }] : []), { label: t(page ? 'action.edit' : 'tag.new') }]}
        title={title}
        tag={<span className="tag draft">{page ? t('tag.nextVersion', { version: page.tag.latest + 1 }) : t('status.tag.draft')}</span>}
        meta={dirty && draft.savedAt && <span className="good row" style={{ gap: 4 }}><Icon name="check" style={{ width: 12, height: 12 }} />{t('form.autosaved', { time: formatClock(draft.savedAt) })}</span>}
        actions={<Actions page={page} one={one} dirty={dirty} saved={draft.drop} />}
      />
      {draft.found && dirty && (
        <div style={{ marginBottom: 16 }}><Note>{t('form.draftFound', { time: formatInstant(draft.found.at) })} <button type="button" style={{ color: 'var(--primary)' }} onClick={throwAway}>{t('form.dropDraft')}</button></Note></div>
      )}
      <div className="aside wide">
        <div className="stack">
          <BasicsCard one={one} put={put} fixed={page !== null} />
          {one.kind === 'statistic' && <StatisticCard one={one} put={put} sources={sources} />}
          <ValuesCard one={one} put={put} sources={sources} />
          <MannersCard one={one} put={put} />
        </div>
        <PreviewCard one={one} />
      </div>
    </>
  )
}

/** Saved as a draft; handed in at once where nothing is left to check. */
function Actions({ page, one, dirty, saved }: { page: TagPage | null; one: Definition; dirty: boolean; saved: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const [busy, setBusy] = useState<'save' | 'submit' | null>(null)
  const lacking = lacks(one)
  const why = lacking ? t(`tag.lacks.${lacking}`) : undefined
  const save = async (then: 'save' | 'submit') => {
    setBusy(then)
    try {
      const id = page ? page.tag.id : await createTag(one)
      if (page) await changeTag(page.tag.id, one, page.tag.latest)
      saved()
      const change = then === 'submit' ? (await submitTags([one.name], '')).change_id : null
      await cache.invalidateQueries({ queryKey: ['tags'] })
      void message.success(t(change ? 'tag.submitted' : 'state.saved'))
      await navigate({ to: change ? `/approvals/${change}` : `/tags/${id}`, replace: true })
    } catch (error) {
      void modal.error({ title: t('builder.notDone'), content: say(problemOf(error)), okText: t('action.close') })
    } finally {
      setBusy(null)
    }
  }
  const shared = { disabled: lacking !== null || !dirty, title: why }
  return (
    <>
      <Button {...shared} loading={busy === 'save'} onClick={() => void save('save')}>{t('tag.saveDraft')}</Button>
      <Button {...shared} type="primary" loading={busy === 'submit'} onClick={() => void save('submit')}>{t('tag.saveSubmit')}</Button>
    </>
  )
}
