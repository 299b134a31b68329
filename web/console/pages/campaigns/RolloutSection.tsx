/** Control group, pilot list and steps of release: who is left out, who is first, and how fast the rest follow. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Select, Slider } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Campaign } from '@api/campaigns'
import { getEffectPlan } from '@api/effects'
import { createUpload, listUploads } from '@api/segments'
import { requestNo } from '@api/request'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { formatEnd, formatMean, useEffectWords } from './effectWords'
import { Field, Section, useFieldProblem, type SectionProps } from './FormParts'
import { useMetrics } from './useMetrics'

type RolloutProps = SectionProps & { saved: Campaign }

export function RolloutSection(props: RolloutProps) {
  const { draft } = props
  const { t } = useTranslation()
  if (draft.published) return <Section id="rollout" title={t('wizard.steps.rollout')}><Note icon="info">{t('wizard.rollout.published')}</Note></Section>
  return (
    <>
      <ControlSection {...props} />
      <PilotSection {...props} />
      <ReleaseSection {...props} />
    </>
  )
}

function ControlSection({ draft, change, problems, saved }: RolloutProps) {
  const { t } = useTranslation()
  const percent = draft.control_percent ?? 0
  return (
    <Section id="control" title={t('campaign.control')} hint={t('wizard.rollout.controlHint')}>
      <Field label={t('wizard.rollout.share')} hint={t('campaign.controlHint')} problem={problems.get('/control_percent')}>
        {(id) => (
          <div className="slide">
            <Slider min={0} max={50} value={percent} onChange={(control_percent) => change({ control_percent })} marks={{ 0: '0%', 5: '5%', 10: '10%', 20: '20%', 50: '50%' }} ariaLabelForHandle={t('campaign.control')} />
            <InputNumber id={id} min={0} max={50} precision={0} suffix="%" controls={false} value={percent} onChange={(typed) => change({ control_percent: typed ?? 0 })} />
          </div>
        )}
      </Field>
      {percent === 0 ? <Note kind="warning">{t('wizard.rollout.noControl')}</Note> : <ControlPlan draft={draft} change={change} saved={saved} />}
    </Section>
  )
}

/** What the control group would show of the chosen metric, in the metric's own unit, by what the audience did lately. */
function ControlPlan({ draft, change, saved }: Pick<RolloutProps, 'draft' | 'change' | 'saved'>) {
  const { t } = useTranslation()
  const { signed } = useEffectWords()
  const metrics = useMetrics()
  const metric = metrics.find((each) => each.id === draft.metric)
  const asked = { id: saved.draft.metric ?? '', days: saved.draft.metric_days ?? 30 }
  const query = useQuery({
    queryKey: ['effect-plan', saved.id, saved.version, asked.id, asked.days],
    queryFn: () => getEffectPlan(saved.id, asked.id, asked.days),
    enabled: asked.id !== '',
    placeholderData: (old) => old,
  })
  if (!metric) return <Note icon="info">{t('wizard.rollout.noMetric')}</Note>
  if (query.isError) return <Note kind="warning">{t('wizard.rollout.noPlan')}</Note>
  if (!query.data) return <div className="skeleton" style={{ height: 88 }} />
  const { baseline, plans, persons, history_days: known } = query.data
  if (persons === 0) return <Note icon="info">{t('wizard.rollout.noPersons')}</Note>
  if (!baseline) return <Note icon="info">{t('wizard.rollout.noHistory', { metric: metric.label, have: known, days: asked.days })}</Note>
  const own = plans.find((plan) => plan.percent === draft.control_percent)
  const rise = (plan: (typeof plans)[number]) => (plan.detectable == null ? t('wizard.rollout.unseen') : signed(plan.detectable, metric.unit))
  return (
    <>
      {own && (
        <div className="box two-groups">
          <span><small>{t('wizard.rollout.treated')}</small><b>{formatCount(own.treated)}</b></span>
          <span><small>{t('campaign.controlGroup')}</small><b className="gold">{formatCount(own.control)}</b></span>
          <span className="grow"><small>{t('wizard.rollout.detectable')}</small><b>{rise(own)}</b></span>
        </div>
      )}
      <p className="s13">
        {own?.detectable == null
          ? t('wizard.rollout.blindSays', { metric: metric.label })
          : t('wizard.rollout.detectableSays', { metric: metric.label, usual: formatMean(baseline.average, metric.unit), rise: signed(own.detectable, metric.unit), days: asked.days })}
      </p>
      <span className="s12 muted">{t('wizard.rollout.sizes')} · {t(`wizard.rollout.sizesOf.${metric.unit}`)}</span>
      <ul className="plan-sizes" aria-label={t('wizard.rollout.sizes')}>
        {plans.map((plan) => (
          <li key={plan.percent}>
            <button type="button" aria-pressed={plan.percent === draft.control_percent} onClick={() => change({ control_percent: plan.percent })}>
              <b>{plan.percent}%</b><small>{plan.detectable == null ? t('wizard.rollout.unseen') : `+${formatEnd(plan.detectable, metric.unit)}`}</small>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function PilotSection({ draft, change }: SectionProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const uploads = useQuery({ queryKey: ['uploads'], queryFn: listUploads })
  const options = (uploads.data?.items ?? []).map((upload) => ({ value: upload.id, label: `${upload.name} · ${t('unit.sized', { shown: formatCount(upload.matched) })}`, name: upload.name }))
  const numbers = typed.split(/[\s,，;；]+/).filter(Boolean)
  const keep = async () => {
    setBusy(true)
    try {
      const name = t('wizard.rollout.pilotName', { name: draft.name })
      const upload = await createUpload({ name, customer_nos: numbers, request_no: requestNo() })
      await cache.invalidateQueries({ queryKey: ['uploads'] })
      change({ pilot: { upload_id: upload, name } })
      setTyped('')
    } catch (error) {
      void message.error(say(problemOf(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section id="pilot" title={t('wizard.rollout.pilot')} hint={t('wizard.rollout.pilotHint')}>
      <Field label={t('wizard.rollout.list')} hint={t('wizard.rollout.listHint')}>
        {(id) => (
          <Select id={id} allowClear placeholder={t('wizard.rollout.noPilot')} value={draft.pilot?.upload_id} options={options} loading={uploads.isPending} showSearch={{ optionFilterProp: 'label' }}
            onChange={(upload_id?: string) => change({ pilot: upload_id ? { upload_id, name: options.find((option) => option.value === upload_id)?.name ?? '' } : null })} />
        )}
      </Field>
      <Field label={t('wizard.rollout.paste')} hint={typed ? t('wizard.rollout.pasted', { count: numbers.length }) : undefined}>
        {(id) => (
          <div className="row paste">
            <Input.TextArea id={id} autoSize={{ minRows: 1, maxRows: 4 }} value={typed} placeholder={t('wizard.rollout.pasteHint')} onChange={(event) => setTyped(event.target.value)} />
            <Button disabled={numbers.length === 0 || numbers.length > 1000} loading={busy} onClick={() => void keep()}>{t('action.add')}</Button>
          </div>
        )}
      </Field>
    </Section>
  )
}

const usual = [
  { percent: 5, after_hours: null },
  { percent: 30, after_hours: 24 },
  { percent: 100, after_hours: 24 },
]

function ReleaseSection({ draft, change, problems }: SectionProps) {
  const { t } = useTranslation()
  const say = useFieldProblem()
  const releases = draft.releases ?? []
  const put = (index: number, part: Partial<(typeof releases)[number]>) => change({ releases: releases.map((step, at) => (at === index ? { ...step, ...part } : step)) })
  const first = !draft.pilot
  const problem = [...problems.values()].find((each) => each.pointer.startsWith('/releases'))
  return (
    <Section id="releases" title={t('wizard.rollout.releases')} hint={t('wizard.rollout.releasesHint')}>
      {releases.length === 0 ? (
        <div className="row wrap">
          <Button onClick={() => change({ releases: usual })}>5% → 30% → 100%</Button>
          <span className="s12 muted">{t('wizard.rollout.atOnce')}</span>
        </div>
      ) : (
        <>
          <ol className="release-list">
            {releases.map((step, index) => (
              <li key={index}>
                <i aria-hidden><b style={{ width: `${step.percent}%` }} /></i>
                <InputNumber aria-label={t('wizard.rollout.percent')} min={1} max={100} precision={0} suffix="%" controls={false} value={step.percent} onChange={(percent) => put(index, { percent: percent ?? 1 })} />
                {index === 0 && first ? (
                  <span className="s12 second">{t('wizard.rollout.withStart')}</span>
                ) : (
                  <Select aria-label={t('wizard.rollout.when')} value={step.after_hours ?? -1} onChange={(hours: number) => put(index, { after_hours: hours < 0 ? null : hours })}
                    options={[-1, 4, 24, 48, 72, 168].map((hours) => ({ value: hours, label: hours < 0 ? t('wizard.rollout.byHand') : t('wizard.rollout.after', { count: hours }) }))} />
                )}
                <button type="button" className="muted" aria-label={t('action.remove')} onClick={() => change({ releases: releases.filter((_, at) => at !== index) })}><Icon name="close" /></button>
              </li>
            ))}
          </ol>
          {problem && <span className="field-hint bad"><Icon name="warning" />{say(problem)}</span>}
          <div className="row wrap">
            <Button size="small" icon={<Icon name="plus" />} onClick={() => change({ releases: [...releases, { percent: 100, after_hours: null }] })}>{t('wizard.rollout.addStep')}</Button>
            <Button size="small" onClick={() => change({ releases: [] })}>{t('wizard.rollout.allAtOnce')}</Button>
          </div>
        </>
      )}
      <Note icon="info">{t('wizard.rollout.alarm')}</Note>
    </Section>
  )
}
