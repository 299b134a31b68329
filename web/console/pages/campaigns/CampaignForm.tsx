/** The wizard: seven steps over one autosaved draft; the live phone, reach, cost and rules stand beside every one. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkCampaign, getCampaign, submitCampaign, type Campaign, type Checks } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatClock, formatCount, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Denied, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './campaigns.css'
import { ChecksColumn } from './ChecksColumn'
import { CheckStep } from './CheckStep'
import { BenefitSection } from './BenefitSection'
import { AudienceSection, GoalSection } from './FormSections'
import { MessageSection } from './MessageSection'
import { BudgetSection, PageSection, WindowSection } from './MoreSections'
import { EntrySection } from './EntrySection'
import { PhoneFrame } from './PhoneFrame'
import { RolloutSection } from './RolloutSection'
import { isStep, neighbour, stepOf, steps, type Step } from './steps'
import { useCampaignDraft, type DraftState } from './useCampaignDraft'

export default function CampaignForm() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => getCampaign(id), refetchOnWindowFocus: false })
  return (
    <Loaded page query={query} rows={10}>
      {(campaign) => (campaign.can.includes('edit') ? <Wizard key={campaign.id} campaign={campaign} /> : <Locked campaign={campaign} />)}
    </Loaded>
  )
}

function Locked({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  return <Denied>{t('campaign.locked', { state: t(`status.campaign.${campaign.state}`) })}</Denied>
}

function Wizard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const state = useCampaignDraft(campaign)
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const [peek, setPeek] = useState(false)
  const { step: asked } = useSearch({ strict: false }) as { step?: string }
  const navigate = useNavigate()
  const step: Step = isStep(asked) ? asked : 'goal'
  const go = (to: Step) => void navigate({ to: '.', search: { step: to } as never })
  const { draft, saved } = state
  const checks = useQuery({
    queryKey: ['campaign-checks', campaign.id, saved.version],
    queryFn: () => checkCampaign(campaign.id),
    placeholderData: (old) => old,
    retry: false,
  })
  const problems = new Map(saved.problems.map((problem) => [problem.pointer, problem]))
  const shared = { draft, change: state.change, problems, checks: checks.data }
  const phone = <PhoneFrame campaignId={campaign.id} version={saved.version} language={language} setLanguage={setLanguage} />
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.campaigns'), to: '/campaigns' }, { label: campaign.draft.name, to: `/campaigns/${campaign.id}` }, { label: t('action.edit') }]}
        title={draft.name || t('campaign.unnamed')}
        tag={<StatusTag kind="campaign" value={campaign.state} />}
        actions={<Actions state={state} campaign={campaign} checks={checks.data} step={step} go={go} />}
      />
      <Notes state={state} />
      <StepBar step={step} go={go} campaign={saved} />
      <div className="form-columns">
        <div className="stack">
          {step === 'goal' && <GoalSection {...shared} />}
          {step === 'audience' && <AudienceSection {...shared} />}
          {step === 'benefit' && <BenefitSection {...shared} saved={saved} />}
          {step === 'benefit' && <BudgetSection {...shared} />}
          {step === 'page' && <PageSection {...shared} language={language} setLanguage={setLanguage} />}
          {step === 'page' && <EntrySection {...shared} />}
          {step === 'message' && <WindowSection {...shared} />}
          {step === 'message' && <MessageSection {...shared} saved={saved} settle={state.settle} />}
          {step === 'rollout' && <RolloutSection {...shared} saved={saved} />}
          {step === 'check' && <CheckStep {...shared} saved={saved} go={go} />}
        </div>
        <div className="form-phone">{phone}</div>
        <ChecksColumn draft={draft} query={checks} problems={saved.problems} go={go} rules={step !== 'check'} />
      </div>
      <Button className="phone-peek" icon={<Icon name="eye" />} onClick={() => setPeek(true)}>{t('campaign.preview')}</Button>
      <Drawer open={peek} onClose={() => setPeek(false)} title={t('campaign.preview')} size={400} destroyOnHidden>{phone}</Drawer>
      <Summary checks={checks.data} published={draft.published ?? false} />
    </>
  )
}

function StepBar({ step, go, campaign }: { step: Step; go: (step: Step) => void; campaign: Campaign }) {
  const { t } = useTranslation()
  const open = new Set(campaign.problems.map((problem) => stepOf(problem.pointer)))
  return (
    <nav className="card form-steps" aria-label={t('campaign.sections')}>
      <ol>
        {steps.map((each, index) => {
          const done = each !== 'check' ? !open.has(each) : open.size === 0
          return (
            <li key={each} data-done={done ? '' : undefined}>
              <button type="button" aria-current={each === step ? 'step' : undefined} onClick={() => go(each)}>
                <i>{done && each !== step ? <Icon name="check" /> : index + 1}</i>
                <span>{t(`wizard.steps.${each}`)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function Notes({ state }: { state: DraftState }) {
  const { t } = useTranslation()
  const say = useProblemText()
  if (state.conflict)
    return (
      <div className="form-note">
        <Note kind="warning">
          {t('wizard.conflict')}{' '}
          <Button size="small" onClick={() => void state.takeTheirs()}>{t('wizard.takeTheirs')}</Button>{' '}
          <Button size="small" onClick={() => void state.keepMine()}>{t('wizard.keepMine')}</Button>
        </Note>
      </div>
    )
  if (state.problem) return <div className="form-note"><Note kind="danger">{t('campaign.notSaved')} {say(state.problem)}</Note></div>
  if (state.elsewhere) return <div className="form-note"><Note icon="info">{t('wizard.elsewhere')}</Note></div>
  if (state.restored)
    return (
      <div className="form-note">
        <Note icon="info">
          {t('form.draftFound', { time: formatInstant(state.restored) })} <Button type="link" size="small" onClick={state.discard}>{t('form.dropDraft')}</Button>
        </Note>
      </div>
    )
  return null
}

interface ActionsProps {
  state: DraftState
  campaign: Campaign
  checks: Checks | undefined
  step: Step
  go: (step: Step) => void
}

function Actions({ state, campaign, checks, step, go }: ActionsProps) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useProblemText()
  const bilingual = useBilingual()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [before, after] = [neighbour(step, -1), neighbour(step, 1)]
  const failed = checks?.checks.find((check) => check.verdict === 'fail')
  const ready = state.saved.problems.length === 0 && !state.conflict && !failed
  const missing = failed ? bilingual(failed.detail, failed.detail_en) : t('campaign.notReady')
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
      <span className="s12 good row" aria-live="polite">
        {state.saving ? t('campaign.saving') : state.savedAt && <><Icon name="check" />{t('form.autosaved', { time: formatClock(state.savedAt) })}</>}
      </span>
      {before ? <Button onClick={() => go(before)}>{t('wizard.previous')}</Button> : <Button onClick={() => void navigate({ to: '/campaigns' })}>{t('action.back')}</Button>}
      {after ? (
        <Button type="primary" onClick={() => go(after)}>{t('wizard.next', { step: t(`wizard.steps.${after}`) })}</Button>
      ) : (
        may('campaign.submit') && (
          <Button type="primary" disabled={!ready} title={ready ? undefined : missing} loading={busy} onClick={() => void submit()}>
            {t('campaign.submit')}
          </Button>
        )
      )}
    </>
  )
}

/** Reach and cost at the foot of a narrow screen, where the column beside the form is far below. */
function Summary({ checks, published }: { checks: Checks | undefined; published: boolean }) {
  const { t } = useTranslation()
  if (!checks) return null
  return (
    <div className="form-summary" aria-hidden>
      <span>{t('campaign.reachable')} <b>{published ? t('campaign.everybody') : formatCount(checks.waterfall.reachable)}</b></span>
      <span>{t('wizard.most')} <b className="gold">{formatMoney(checks.cost.most_fen)}</b></span>
    </div>
  )
}
