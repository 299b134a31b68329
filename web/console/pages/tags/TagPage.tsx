/** One tag: what it means, what it is made of and what it goes into, who has it, how that moves, its versions. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Dropdown, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTag, listTags, refreshTags, setTagState, submitTags, type TagPage as Page } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { useRuleSentence } from '@console/pages/segments/RuleText'
import { named } from '@console/pages/segments/ConditionFields'
import { asRoot, type Expression } from '@console/pages/segments/expression'
import { useSources } from '@console/pages/segments/useSources'
import { Ask } from '@kit/ask'
import { formatCount, formatDay, formatRecent, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded, Unread } from '@kit/states'
import { useCategoryName } from './categories'
import { Distribution, Runs, UsesCard } from './TagCards'
import { Lineage } from './Lineage'
import { MarkDialog } from './MarkDialog'
import { States } from './TagsPage'
import { Trend } from './Trend'
import { VersionsCard } from './VersionsCard'
import './tags.css'
import { ruled, useBand, useFailure, usePathWords, useStatisticSentence } from './tagWords'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/** A tag is found by its id, or by its name where only that is known. */
export default function TagPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const query = useQuery({
    queryKey: ['tags', 'one', id],
    queryFn: async () => {
      const named = ID.test(id) ? id : (await listTags({ q: id })).items.find((each) => each.name === id)?.id
      return named ? getTag(named) : null
    },
  })
  return <Loaded page query={query} rows={10}>{(page) => (page ? <View page={page} /> : <Empty page sign="search" title={t('state.missing')}>{t('state.missingHint')}</Empty>)}</Loaded>
}

function View({ page }: { page: Page }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const why = useFailure()
  const nameOf = useCategoryName()
  const { tag, definition } = page
  const drift = page.figures[0]?.drift
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.tags'), to: '/tags' }, { label: say(tag.label, tag.label_en) }]}
        title={say(tag.label, tag.label_en)}
        tag={<><States tag={tag} />{tag.deposit_derived && <span className="tag gold">{t('tag.deposit')}</span>}</>}
        meta={
          <>
            <span className="mono">{tag.name}</span>
            <Link to="/tags" search={{ category: tag.category } as never}>{nameOf(tag.category)}</Link>
            <span>{t(`tag.kinds.${tag.kind}`)}</span>
            {definition.owner && <span><em>{t('tag.owner')}</em>{definition.owner}</span>}
            <span><em>{t('segment.changed')}</em>{formatRecent(tag.changed_at)}</span>
          </>
        }
        actions={<Actions page={page} />}
      />
      {tag.failure && <div style={{ marginBottom: 16 }}><Note kind="danger">{t('tag.failedSays', { why: why(tag.failure) })}</Note></div>}
      <Figures
        items={[
          { label: t('tag.coverage'), value: tag.universe ? formatShare(tag.known ?? 0, tag.universe) : '—', hint: tag.universe ? t('tag.knownOf', { known: formatCount(tag.known), universe: formatCount(tag.universe) }) : t(tag.universe == null ? 'tag.bankOnly' : 'tag.neverFilled') },
          { label: t('tag.filled'), value: tag.data_at ? formatRecent(tag.data_at) : '—', hint: <span className={tag.fresh ? '' : 'bad'}>{definition.fresh_hours ? t(tag.fresh ? 'tag.keptPromise' : 'tag.brokenPromise', { hours: definition.fresh_hours }) : t('tag.noPromise')}</span> },
          { label: t('tag.used'), value: formatCount(page.used_by.length), unit: t('tag.places') },
          { label: t('tag.drift'), value: drift == null ? '—' : drift.toFixed(3), hint: drift == null ? t('tag.driftNone') : t(drift > 0.25 ? 'tag.driftMuch' : drift > 0.1 ? 'tag.driftSome' : 'tag.driftLittle') },
          { label: t('tag.cost'), value: formatCount(page.cost_ms), unit: t('tag.ms'), hint: t('tag.costHint') },
        ]}
      />
      <div className="aside wide">
        <div className="stack">
          <Meaning page={page} />
          <Lineage page={page} />
          <Trend page={page} />
          <VersionsCard page={page} />
        </div>
        <div className="stack">
          <Distribution page={page} />
          <UsesCard page={page} />
          <Manners page={page} />
          <Runs runs={page.runs} />
        </div>
      </div>
    </>
  )
}

/** The meaning, and the definition read aloud, value by value in the order in which the first that fits counts. */
function Meaning({ page }: { page: Page }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const sources = useSources('selection', null)
  const sentence = useRuleSentence(sources)
  const measured = useStatisticSentence(sources)
  const band = useBand()
  const { definition } = page
  const said = usePathWords([page.tag, ...page.tags_up, ...page.looks_at])
  const statistic = definition.statistic
  return (
    <Card title={t('tag.meaning')}>
      <p>{say(definition.meaning, definition.meaning_en)}</p>
      {statistic && <p className="s13 second" style={{ marginTop: 8 }}>{t('tag.measures')} <b>{measured(statistic)}</b>{statistic.ranked && <> · {t('tag.rankedSays')}</>}</p>}
      {!statistic && !ruled(definition) && <div style={{ marginTop: 12 }}><Note>{t(`tag.putSays.${definition.kind as 'model' | 'manual' | 'imported'}`)}</Note></div>}
      <ol className="tag-values">
        {definition.values.map((value) => (
          <li key={value.name}>
            <b>{say(value.label, value.label_en)}</b>
            <span>{value.expression ? (named(sources) ? sentence(asRoot(value.expression as unknown as Expression)) : sources.failed ? <Unread query={sources.failed} /> : '…') : statistic ? band(value, statistic) : <span className="mono muted">{value.name}</span>}</span>
          </li>
        ))}
      </ol>
      {ruled(definition) && definition.values.length > 1 && <p className="s12 muted" style={{ marginTop: 8 }}>{t('tag.orderHint')}</p>}
      {page.deposit_path.length > 0 && <div style={{ marginTop: 12 }}><Note kind="warning" icon="audit">{t('tag.depositPath', { path: said(page.deposit_path) })}</Note></div>}
    </Card>
  )
}

/** How the tag is kept, and what its customers may read of it. */
function Manners({ page }: { page: Page }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { definition, tag } = page
  return (
    <Card title={t('tag.manners')}>
      <Facts
        rows={[
          [t('tag.fields.schedule'), t(`tag.schedules.${definition.schedule ?? 'daily'}`)],
          [t('tag.freshness'), definition.fresh_hours ? t('tag.hours', { count: definition.fresh_hours }) : t('tag.noPromise')],
          [t('tag.fields.when_stale'), t(`tag.whenStale.${definition.when_stale ?? 'last_good'}`)],
          [t('tag.fields.history'), t(definition.history ? 'segment.yes' : 'segment.no')],
          [t('tag.fields.announce'), t(definition.announce ? 'segment.yes' : 'segment.no')],
          [t('tag.class'), tag.data_class],
          [t('tag.fields.purposes'), definition.purposes.length > 0 ? definition.purposes.map((each) => t(`tag.purposeNames.${each}`, { defaultValue: each })).join(t('list.comma')) : t('tag.anyPurpose')],
          [t('tag.fields.steward'), definition.steward || '—'],
          [t('tag.fields.sunset_on'), definition.sunset_on ? formatDay(definition.sunset_on) : '—'],
          [t('tag.fields.wording'), definition.risk ? t('tag.riskHidden') : definition.wording ? say(definition.wording, definition.wording_en) : t('tag.notShown')],
        ]}
      />
    </Card>
  )
}

type Verb = 'submit' | 'refresh' | 'whole' | 'freeze' | 'activate' | 'archive'

function Actions({ page }: { page: Page }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const speak = useBilingual()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'submit' | 'archive' | 'mark' | null>(null)
  const { tag, can } = page
  const again = () => cache.invalidateQueries({ queryKey: ['tags'] })
  const work = useMutation({
    mutationFn: (verb: Verb) => (verb === 'refresh' || verb === 'whole' ? refreshTags([tag.name], verb === 'whole') : setTagState(tag.id, verb === 'freeze' ? 'frozen' : 'active')),
    onSuccess: async (_, verb) => {
      await again()
      void message.success(t(verb === 'refresh' || verb === 'whole' ? 'tag.refreshAsked' : 'state.saved'))
    },
    onError: (error) => void modal.error({ title: t('builder.notDone'), content: say(problemOf(error)), okText: t('action.close') }),
  })
  const freeze = () => void modal.confirm({ title: t('tag.freezeAsk', { name: speak(tag.label, tag.label_en) }), content: <UsedNow page={page} says={t('tag.freezeHint')} />, icon: null, okText: t('tag.verbs.freeze'), onOk: () => work.mutateAsync('freeze').catch(() => undefined) })
  const items = [
    ...(can.includes('refresh') ? [{ key: 'whole', icon: <Icon name="retry" />, label: t('tag.verbs.whole'), onClick: () => work.mutate('whole') }] : []),
    ...(can.includes('freeze') ? [{ key: 'freeze', icon: <Icon name="pause" />, label: t('tag.verbs.freeze'), onClick: freeze }] : []),
    ...(can.includes('activate') ? [{ key: 'activate', icon: <Icon name="play" />, label: t('tag.verbs.activate'), onClick: () => work.mutate('activate') }] : []),
    ...(can.includes('archive') ? [{ key: 'archive', icon: <Icon name="file" />, danger: true, label: t('tag.verbs.archive'), onClick: () => setAsking('archive') }] : []),
  ]
  const submit = async ({ note }: { note?: string }) => {
    const { change_id } = await submitTags([tag.name], note ?? '')
    await again()
    void message.success(t(change_id ? 'tag.submitted' : 'state.saved'))
    if (change_id) await navigate({ to: `/approvals/${change_id}` })
  }
  const waiting = page.versions.find((version) => version.state === 'pending')?.change_id
  return (
    <>
      {waiting && <Link to={`/approvals/${waiting}`}><Button icon={<Icon name="approval" />}>{t('tag.code.toApproval')}</Button></Link>}
      {items.length > 0 && <Dropdown menu={{ items }} trigger={['click']}><Button icon={<Icon name="down" />} iconPlacement="end">{t('action.more')}</Button></Dropdown>}
      {can.includes('refresh') && <Button icon={<Icon name="retry" />} loading={work.isPending} onClick={() => work.mutate('refresh')}>{t('tag.verbs.refresh')}</Button>}
      {can.includes('mark') && <Button icon={<Icon name="plus" />} onClick={() => setAsking('mark')}>{t('tag.verbs.mark')}</Button>}
      {can.includes('change') && <Link to={`/tags/${tag.id}/edit`}><Button icon={<Icon name="edit" />}>{t('action.edit')}</Button></Link>}
      {can.includes('submit') && <Button type="primary" onClick={() => setAsking('submit')}>{t('tag.verbs.submit')}</Button>}
      {asking === 'mark' && <MarkDialog page={page} close={() => setAsking(null)} />}
      {asking === 'submit' && (
        <Ask<{ note?: string }> title={t('tag.verbs.submit')} action={t('tag.verbs.submit')} submit={submit} close={() => setAsking(null)}>
          <p className="second s13" style={{ marginBottom: 12 }}>{t('tag.submitHint')}</p>
          <Form.Item name="note" label={t('tag.note')}><Input.TextArea rows={2} maxLength={400} /></Form.Item>
        </Ask>
      )}
      {asking === 'archive' && (
        <Ask title={t('tag.verbs.archive')} action={t('tag.verbs.archive')} danger typed={tag.name} submit={async () => { await setTagState(tag.id, 'archived'); await again() }} close={() => setAsking(null)}>
          <div style={{ marginBottom: 12 }}><UsedNow page={page} says={t('tag.archiveHint')} /></div>
        </Ask>
      )}
    </>
  )
}

function UsedNow({ page, says }: { page: Page; says: string }) {
  const { t } = useTranslation()
  const names = page.used_by.map((use) => use.name)
  return <><p>{says}</p>{names.length > 0 && <p className="second">{t('tag.usedNow', { names: [...new Set(names)].slice(0, 8).join(t('list.comma')), count: names.length })}</p>}</>
}
