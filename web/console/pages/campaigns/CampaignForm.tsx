/** The draft of a campaign in six sections; reach, cost and rules stand beside it and follow every change. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkCampaign, getCampaign, submitCampaign, type Campaign } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { formatInstant, formatClock } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Denied, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './campaigns.css'
import { ChecksColumn } from './ChecksColumn'
import { AudienceSection, BenefitSection, GoalSection } from './FormSections'
import { BudgetSection, PageSection, WindowSection } from './MoreSections'
import { PhonePreview } from './PhonePreview'
import { useCampaignDraft } from './useCampaignDraft'

export default function CampaignForm() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => getCampaign(id), refetchOnWindowFocus: false })
  return (
    <Loaded query={query} rows={10}>
      {(campaign) => (campaign.can.includes('edit') ? <Form key={campaign.id} campaign={campaign} /> : <Locked campaign={campaign} />)}
    </Loaded>
  )
}

function Locked({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  return <Denied>{t('campaign.locked', { state: t(`status.campaign.${campaign.state}`) })}</Denied>
}

const sections = ['goal', 'audience', 'benefit', 'budget', 'window', 'page'] as const
type Section = (typeof sections)[number]

/** Which section a problem's pointer belongs to. */
const homes: [RegExp, Section][] = [
  [/^\/(name|goal|mode|published)/, 'goal'],
  [/^\/(segment_id|audience_id|condition_segment_id|control_percent)/, 'audience'],
  [/^\/(sku_id|person_limit|stock|pool_id|valid_days)/, 'benefit'],
  [/^\/(budget|shares)/, 'budget'],
  [/^\/(opens_at|closes_at)/, 'window'],
  [/^\/page_texts/, 'page'],
]
const sectionOf = (pointer: string): Section => homes.find(([pattern]) => pattern.test(pointer))?.[1] ?? 'goal'

function Form({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const state = useCampaignDraft(campaign)
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const { draft, saved } = state
  const checks = useQuery({
    queryKey: ['campaign-checks', campaign.id, saved.version],
    queryFn: () => checkCampaign(campaign.id),
    placeholderData: (old) => old,
    retry: false,
  })
  const problems = new Map(saved.problems.map((problem) => [problem.pointer, problem]))
  const open = new Set(saved.problems.map((problem) => sectionOf(problem.pointer)))
  const shared = { draft, change: state.change, problems, checks: checks.data }
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.campaigns'), to: '/campaigns' }, { label: campaign.draft.name, to: `/campaigns/${campaign.id}` }, { label: t('action.edit') }]}
        title={draft.name || t('campaign.unnamed')}
        tag={<StatusTag kind="campaign" value={campaign.state} />}
        actions={<Actions state={state} campaign={campaign} ready={saved.problems.length === 0 && !checks.data?.checks.some((check) => check.verdict === 'fail')} />}
      />
      {state.problem && (
        <div style={{ marginBottom: 16 }}>
          <Note kind="danger">{t('campaign.notSaved')} {say(state.problem)}</Note>
        </div>
      )}
      {state.restored && (
        <div style={{ marginBottom: 16 }}>
          <Note icon="info">
            {t('form.draftFound', { time: formatInstant(state.restored) })} <button type="button" style={{ color: 'var(--primary)' }} onClick={state.discard}>{t('form.dropDraft')}</button>
          </Note>
        </div>
      )}
      <nav className="card form-steps" aria-label={t('campaign.sections')}>
        {sections.map((section, index) => (
          <button key={section} type="button" data-done={open.has(section) ? undefined : ''} onClick={() => document.getElementById(`section-${section}`)?.scrollIntoView({ behavior: 'smooth', block: 'start' })}>
            <i>{open.has(section) ? index + 1 : <Icon name="check" style={{ width: 12, height: 12 }} />}</i>
            {t(`campaign.section.${section}`)}
          </button>
        ))}
      </nav>
      <div className="form-columns">
        <div className="stack">
          <GoalSection {...shared} />
          <AudienceSection {...shared} />
          <BenefitSection {...shared} saved={saved} />
          <BudgetSection {...shared} />
          <WindowSection {...shared} />
          <PageSection {...shared} language={language} setLanguage={setLanguage} />
        </div>
        <div className="form-phone">
          <PhonePreview draft={draft} sku={saved.sku ?? null} language={language} setLanguage={setLanguage} />
        </div>
        <ChecksColumn draft={draft} query={checks} problems={saved.problems} />
      </div>
    </>
  )
}

function Actions({ state, campaign, ready }: { state: ReturnType<typeof useCampaignDraft>; campaign: Campaign; ready: boolean }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    try {
      await state.settle()
      await submitCampaign(campaign.id)
      void message.success(t('campaign.submitted'))
      await navigate({ to: `/campaigns/${campaign.id}` })
    } catch (error) {
      void modal.error({ title: t('campaign.submitFailed'), content: say(problemOf(error)), okText: t('action.close') })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <span className="s12 good row" style={{ gap: 4 }} aria-live="polite">
        {state.saving ? t('campaign.saving') : state.savedAt && <><Icon name="check" />{t('form.autosaved', { time: formatClock(state.savedAt) })}</>}
      </span>
      <Button onClick={() => void navigate({ to: `/campaigns/${campaign.id}` })}>{t('action.back')}</Button>
      {may('campaign.submit') && (
        <Button type="primary" disabled={!ready} title={ready ? undefined : t('campaign.notReady')} loading={busy} onClick={() => void submit()}>
          {t('campaign.submit')}
        </Button>
      )}
    </>
  )
}
