/** Goal and audience. */
import { useQuery } from '@tanstack/react-query'
import { Input, Segmented, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { every } from '@api/every'
import { listSegments } from '@api/segments'
import { ReachCostLine } from '@console/pages/segments/ReachCostCard'
import { formatCount, formatRecent } from '@kit/format'
import { Lacking } from '@kit/states'
import { Field, Section, WholeNumber, type SectionProps } from './FormParts'
import { useMetricOptions } from './useMetrics'
import { excludedOf, WaterfallChart } from './WaterfallChart'

export function GoalSection({ draft, change, problems }: SectionProps) {
  const { t } = useTranslation()
  const metrics = useMetricOptions()
  return (
    <Section id="goal" title={t('campaign.section.goal')}>
      <Field label={t('campaign.name')} required problem={problems.get('/name')}>
        {(id) => <Input id={id} value={draft.name} maxLength={60} showCount onChange={(event) => change({ name: event.target.value })} />}
      </Field>
      <Field label={t('campaign.goal')} problem={problems.get('/goal')} hint={t('campaign.goalHint')}>
        {(id) => <Input.TextArea id={id} rows={2} value={draft.goal} maxLength={500} onChange={(event) => change({ goal: event.target.value })} />}
      </Field>
      <div className="field-row two">
        <Field label={t('metric.title')} problem={problems.get('/metric')} hint={t('metric.hint')}>
          {(id) => <Select id={id} allowClear placeholder={t('form.choose')} value={draft.metric ?? undefined} options={metrics} onChange={(metric?: string) => change({ metric: metric ?? null })} />}
        </Field>
        <Field label={t('metric.days')} problem={problems.get('/metric_days')} hint={t('metric.daysHint')}>
          {(id) => <WholeNumber id={id} value={draft.metric_days ?? 30} least={1} most={180} unit={t('unit.days')} put={(metric_days) => change({ metric_days })} />}
        </Field>
      </div>
      <Field label={t('campaign.mode')} hint={t(`campaign.modeSays.${draft.mode ?? 'push'}`)}>
        {(id) => (
          <div>
            <Segmented
              id={id}
              value={draft.mode}
              options={(['push', 'pull'] as const).map((value) => ({ value, label: t(`campaign.modes.${value}`) }))}
              onChange={(mode) => change(mode === 'push' ? { mode, published: false } : { mode })}
            />
          </div>
        )}
      </Field>
      {draft.mode === 'pull' && (
        <Field label={t('campaign.published')} hint={t('campaign.publishedHint')} problem={problems.get('/published')}>
          {(id) => <div><Switch id={id} checked={draft.published} onChange={(published) => change(published ? { published, control_percent: 0 } : { published })} /></div>}
        </Field>
      )}
    </Section>
  )
}

export function AudienceSection({ draft, change, problems, checks }: SectionProps) {
  const { t } = useTranslation()
  const segments = useQuery({ queryKey: ['segments', 'choices'], queryFn: () => every(listSegments) })
  const options = (segments.data?.items ?? []).map((segment) => ({
    value: segment.id,
    label: segment.name,
    serves: segment.serves,
    size: segment.size,
    at: segment.counted_at,
  }))
  const shown = (option: (typeof options)[number]) => (
    <span className="between"><b>{option.label}</b><span className="second s12">{option.size != null && `${t('unit.sized', { shown: formatCount(option.size) })} · ${formatRecent(option.at)}`}</span></span>
  )
  const choose = (serves: string) => options.filter((option) => option.serves === serves)
  const render = { optionRender: (option: { data: (typeof options)[number] }) => shown(option.data) }
  return (
    <Section id="audience" title={t('campaign.section.audience')} hint={t('campaign.frozenHint')}>
      {!draft.published && (
        <Field label={t('campaign.segment')} required problem={problems.get('/segment_id')}>
          {(id) => (
            <Select
              id={id} showSearch={{ optionFilterProp: 'label' }} allowClear placeholder={t('form.choose')} loading={segments.isPending}
              value={draft.segment_id ?? undefined} options={choose('selection')} {...render}
              notFoundContent={<Lacking none={segments.isSuccess && choose('selection').length === 0} says={t('segment.none')} to="/segments/new" action={t('segment.new')} />}
              onChange={(segment_id?: string) => change({ segment_id: segment_id ?? null, audience_id: null })}
            />
          )}
        </Field>
      )}
      {checks && !draft.published && <WaterfallChart waterfall={checks.waterfall} percent={draft.control_percent ?? 0} excluded={excludedOf(checks)} />}
      {draft.segment_id && !draft.published && <ReachCostLine segmentId={draft.segment_id} />}
      <Field label={t('campaign.condition')} hint={t('campaign.conditionHint')} problem={problems.get('/condition_segment_id')}>
        {(id) => (
          <Select
            id={id} showSearch={{ optionFilterProp: 'label' }} allowClear placeholder={t('campaign.noCondition')} value={draft.condition_segment_id ?? undefined}
            options={choose('condition')} {...render} onChange={(condition?: string) => change({ condition_segment_id: condition ?? null })}
          />
        )}
      </Field>
    </Section>
  )
}
