/** The builder: nested groups on the left with a count at every condition, the live total on the right. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeSegment, createSegment, freezeSegment, getSegment, type SegmentPage as Page } from '@api/segments'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { useDraft } from '@kit/draft'
import { formatClock, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { useChosenInView } from '@kit/tabs'
import { asRoot, isComplete, type All, type Any, type Expression, type Not } from './expression'
import { CompareTab } from './CompareTab'
import { LiveTotal } from './LiveTotal'
import { Lookalikes } from './LookalikeDialog'
import { MembersTab } from './MembersTab'
import { OverlapTab } from './OverlapTab'
import { ReachCostCard } from './ReachCostCard'
import { AddPart, RuleTree } from './RuleTree'
import { addTo } from './expression'
import { RuleText } from './RuleText'
import { SampleCard } from './SampleCard'
import { Lists, MoreActions, UsedBy } from './SegmentMore'
import './segments.css'
import { UploadDialog } from './UploadDialog'
import { useLiveCount } from './useLiveCount'
import { useSources } from './useSources'

export default function SegmentPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const query = useQuery({ queryKey: ['segments', id], queryFn: () => getSegment(id ?? ''), enabled: id !== undefined, refetchOnWindowFocus: false })
  if (id === undefined) return <Builder page={null} />
  return <Loaded page query={query} rows={10}>{(page) => <Builder key={`${page.segment.id}.${page.segment.version}`} page={page} />}</Loaded>
}

interface Rule {
  name: string
  serves: 'selection' | 'condition'
  basis: string
  root: All | Any | Not
}

function Builder({ page }: { page: Page | null }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const segment = page?.segment ?? null
  const stored = useMemo<Rule>(
    () => ({ name: segment?.name ?? '', serves: segment?.serves ?? 'selection', basis: segment?.basis ?? '', root: asRoot(segment?.expression as Expression | undefined) }),
    [segment],
  )
  const draft = useDraft<Rule>(`segment.${segment ? `${segment.id}.${segment.version}` : 'new'}`)
  const [rule, setRule] = useState<Rule>(draft.found?.value ?? stored)
  const [uploading, setUploading] = useState(false)
  const asked = (useSearch({ strict: false }) as { tab?: string }).tab
  const tab = page !== null && isTab(asked) ? asked : 'rule'
  const readOnly = !may('segment.write') || (page !== null && !page.can.includes('change'))
  const dirty = JSON.stringify(rule) !== JSON.stringify(stored)
  const count = useLiveCount(rule.root, rule, segment?.id ?? null)
  const sources = useSources(rule.serves, segment?.id ?? null)
  const put = (changes: Partial<Rule>) => {
    const next = { ...rule, ...changes }
    setRule(next)
    draft.keep(next)
  }
  const throwAway = () => {
    draft.drop()
    setRule(stored)
  }
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.segments'), to: '/segments' }, { label: segment?.name ?? t('segment.new') }]}
        title={rule.name || t('segment.unnamed')}
        tag={segment ? <span className="tag plain">v{segment.version}</span> : <span className="tag draft">{t('status.campaign.draft')}</span>}
        meta={
          <>
            {segment && <span><em>{t('segment.owner')}</em>{segment.created_by}</span>}
            {segment && <span><em>{t('segment.changed')}</em>{formatRecent(segment.changed_at)}</span>}
            {segment && <span><em>{t('builder.sharedWith')}</em>{t(`builder.shared.${segment.shared_with}`)}</span>}
            {page && page.used_by.length > 0 && <span><em>{t('builder.usedBy')}</em>{t('builder.usedCount', { count: page.used_by.length })}</span>}
            <span><em>{t('segment.serves')}</em>{t(`segment.servesAs.${rule.serves}`)}</span>
            {dirty && draft.savedAt && <span className="good row" style={{ gap: 4 }}><Icon name="check" style={{ width: 12, height: 12 }} />{t('form.autosaved', { time: formatClock(draft.savedAt) })}</span>}
          </>
        }
        actions={<>{page && <MoreActions page={page} sources={sources} />}<Actions page={page} rule={rule} dirty={dirty} readOnly={readOnly} saved={draft.drop} /></>}
      />
      {draft.found && dirty && (
        <div style={{ marginBottom: 16 }}>
          <Note>{t('form.draftFound', { time: formatInstant(draft.found.at) })} <button type="button" style={{ color: 'var(--primary)' }} onClick={throwAway}>{t('form.dropDraft')}</button></Note>
        </div>
      )}
      {page && <Tabs shown={tab} />}
      {page && tab === 'members' && <MembersTab page={page} />}
      {page && tab === 'overlap' && <OverlapTab page={page} />}
      {page && tab === 'compare' && <CompareTab page={page} />}
      {tab === 'rule' && <div className="aside wide">
        <div className="stack">
          <Card title={t('segment.rule')} hint={t('segment.ruleHint')}>
            <div className="stack">
              {!readOnly && <Naming rule={rule} put={put} fixed={segment !== null} />}
              <RuleTree root={rule.root} change={(root) => put({ root: asRoot(root) })} counts={count.nodes} sources={sources} readOnly={readOnly} />
              {!readOnly && (
                <div className="row wrap">
                  <AddPart primary leaves={sources.leaves} add={(part) => put({ root: asRoot(addTo(rule.root, '', part)) })} />
                  <Button icon={<Icon name="upload" />} onClick={() => setUploading(true)}>{t('segment.uploadList')}</Button>
                </div>
              )}
              <RuleText root={rule.root} sources={sources} />
            </div>
          </Card>
          {may('customer.read') && isComplete(rule.root) && <SampleCard rule={rule} segmentId={segment?.id ?? null} />}
        </div>
        <LiveTotal count={count} root={rule.root} sources={sources} segmentId={segment?.id ?? null} scope={rule}>{page && <>{!dirty && <ReachCostCard segmentId={page.segment.id} />}<Lookalikes segmentId={page.segment.id} /><UsedBy page={page} />{page.can.includes('export') && <Lists segmentId={page.segment.id} />}</>}</LiveTotal>
      </div>}
      {uploading && <UploadDialog close={() => setUploading(false)} take={(upload_id) => put({ root: asRoot(addTo(rule.root, '', { kind: 'upload', upload_id })) })} />}
    </>
  )
}

const TABS = ['rule', 'members', 'overlap', 'compare'] as const
const isTab = (tab: string | undefined): tab is (typeof TABS)[number] => TABS.some((one) => one === tab)

function Tabs({ shown }: { shown: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const row = useChosenInView<HTMLDivElement>(shown)
  return (
    <div className="tabs" role="tablist" aria-label={t('segmentLife.tabsLabel')} ref={row}>
      {TABS.map((key) => (
        <button key={key} type="button" role="tab" aria-selected={shown === key} onClick={() => void navigate({ to: '.', search: (key === 'rule' ? {} : { tab: key }) as never, replace: true })}>
          {t(`segmentLife.tabs.${key}`)}
        </button>
      ))}
    </div>
  )
}

function Naming({ rule, put, fixed }: { rule: Rule; put: (changes: Partial<Rule>) => void; fixed: boolean }) {
  const { t } = useTranslation()
  return (
    <Form layout="vertical" component="div">
      <div className="naming">
        <Form.Item label={t('segment.name')} required htmlFor="segment-name"><Input id="segment-name" value={rule.name} maxLength={60} onChange={(event) => put({ name: event.target.value })} /></Form.Item>
        <Form.Item label={t('segment.serves')} htmlFor="segment-serves">
          <Select id="segment-serves" value={rule.serves} disabled={fixed} onChange={(serves) => put({ serves })} options={(['selection', 'condition'] as const).map((value) => ({ value, label: t(`segment.servesAs.${value}`) }))} />
        </Form.Item>
        <Form.Item label={t('segment.basis')} htmlFor="segment-basis"><Input id="segment-basis" value={rule.basis} placeholder={t('segment.basisHint')} maxLength={100} onChange={(event) => put({ basis: event.target.value })} /></Form.Item>
      </div>
    </Form>
  )
}

function Actions({ page, rule, dirty, readOnly, saved }: { page: Page | null; rule: Rule; dirty: boolean; readOnly: boolean; saved: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const [busy, setBusy] = useState<'save' | 'freeze' | null>(null)
  const segment = page?.segment
  const ready = rule.name.trim() !== '' && isComplete(rule.root)
  const doing = async (what: 'save' | 'freeze', work: () => Promise<void>) => {
    setBusy(what)
    try {
      await work()
    } catch (error) {
      void modal.error({ title: t(`segment.failed.${what}`), content: say(problemOf(error)), okText: t('action.close') })
    } finally {
      setBusy(null)
    }
  }
  const save = () =>
    doing('save', async () => {
      const body = { name: rule.name.trim(), expression: rule.root as unknown as Record<string, unknown>, basis: rule.basis.trim() || null }
      const id = segment
        ? (await changeSegment(segment.id, { ...body, expected_version: segment.version })).id
        : await createSegment({ ...body, serves: rule.serves, purpose: 'marketing', request_no: requestNo() })
      saved()
      await cache.invalidateQueries({ queryKey: ['segments'] })
      void message.success(t('state.saved'))
      await navigate({ to: `/segments/${id}`, replace: true })
    })
  const freeze = () =>
    doing('freeze', async () => {
      await freezeSegment(segment?.id ?? '')
      await cache.invalidateQueries({ queryKey: ['audiences'] })
      void message.success(t('segment.frozen'))
    })
  const why = dirty ? t('segment.saveFirst') : undefined
  return (
    <>
      {page?.can.includes('freeze') && <Button disabled={dirty} title={why} loading={busy === 'freeze'} onClick={() => void freeze()}>{t('segment.freeze')}</Button>}
      {!readOnly && <Button type="primary" disabled={!ready || !dirty} title={ready ? undefined : t('segment.unfinished')} loading={busy === 'save'} onClick={() => void save()}>{t('action.save')}</Button>}
    </>
  )
}
