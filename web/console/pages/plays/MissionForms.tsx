/** Missions, and the step challenge which is one: an event, what is counted of it, goals that grow. */
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { listSchemas } from '@api/events'
import { useBilingual } from '@console/app/useWords'
import { WherePick } from '@console/pages/segments/EventFields'
import { makeGroup, type Expression, type Where } from '@console/pages/segments/expression'
import { useLiveCount } from '@console/pages/segments/useLiveCount'
import { useSources } from '@console/pages/segments/useSources'
import { formatCount, formatShare } from '@kit/format'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Field } from './PlayForm'
import { Numbered, RewardFields, Rows, type WayProps } from './WayForm'
import { missionOf, type Mission } from './shapes'

const MEASURES = ['times', 'days', 'amount'] as const
const SPANS = ['whole', 'day'] as const

export function MissionForms({ draft, put, ways, set }: WayProps) {
  const { t } = useTranslation()
  const kind = draft.kind === 'steps' ? 'steps' : 'mission'
  return (
    <Rows
      items={ways.missions ?? []} set={(missions) => set({ missions })} make={() => missionOf(kind)} add={t('way.addMission')} drop={t('way.dropMission')} max={kind === 'steps' ? 1 : 20} least={1}
      row={(one, place, change) => <MissionForm draft={draft} put={put} one={one} name={t('way.mission', { number: place + 1 })} change={change} steps={kind === 'steps'} />}
    />
  )
}

interface Props extends Pick<WayProps, 'draft' | 'put'> {
  one: Mission
  name: string
  change: (changes: Partial<Mission>) => void
  steps: boolean
}

function MissionForm({ draft, put, one, name, change, steps }: Props) {
  const { t } = useTranslation()
  const say = useBilingual()
  const schemas = useQuery({ queryKey: ['event-schemas-all'], queryFn: () => listSchemas({ limit: '500' }) })
  const found = schemas.data?.items ?? []
  const events = found.map((item) => ({ value: item.name, label: say(item.title ?? '', item.title_en ?? '') || item.name }))
  const properties = (found.find((item) => item.name === one.event)?.properties ?? []).map((item) => ({ value: item.name, label: say(item.label, item.label_en) }))
  const label = (key: string) => `${name} ${t(key)}`
  const yuan = one.measure === 'amount'
  const undone = one.undone_by
  return (
    <div className="way-mission">
      <div className="play-fields">
        <Field label={t('way.title')}><Input aria-label={label('way.title')} maxLength={40} value={one.title} onChange={(event) => change({ title: event.target.value })} /></Field>
        <Field label={t('way.titleEn')}><Input aria-label={label('way.titleEn')} maxLength={40} value={one.title_en} onChange={(event) => change({ title_en: event.target.value })} /></Field>
        <Field label={t('way.text')}><Input aria-label={label('way.text')} maxLength={200} value={one.text} onChange={(event) => change({ text: event.target.value })} /></Field>
        <Field label={t('way.textEn')}><Input aria-label={label('way.textEn')} maxLength={200} value={one.text_en} onChange={(event) => change({ text_en: event.target.value })} /></Field>
        <Field label={t('way.event')} hint={t('way.eventHint')}><Select aria-label={label('way.event')} showSearch optionFilterProp="label" value={one.event} onChange={(event) => change({ event, where: [] })} options={events} /></Field>
        {steps
          ? <Field label={t('way.property')} hint={t('way.propertyHint')}><Select aria-label={label('way.property')} notFoundContent={t('way.noProperty')} value={one.property || undefined} onChange={(property) => change({ property })} options={properties} /></Field>
          : <Field label={t('way.measure')}><Select aria-label={label('way.measure')} value={one.measure} onChange={(measure) => change({ measure })} options={MEASURES.map((value) => ({ value, label: t(`way.measures.${value}`) }))} /></Field>}
        {!steps && <Field label={t('way.span')}><Select aria-label={label('way.span')} value={one.span} onChange={(span) => change({ span })} options={SPANS.map((value) => ({ value, label: t(`way.spans.${value}`) }))} /></Field>}
        {steps && <Steps one={one} change={change} name={name} />}
        {!steps && <Field label={t('way.where')} hint={t('way.whereHint')} wide><Conditions one={one} change={change} /></Field>}
        {!steps && <Field label={t('way.undone')} hint={t('way.undoneHint')}>
          <div className="row"><Select aria-label={label('way.undone')} allowClear showSearch optionFilterProp="label" placeholder={t('way.noUndone')} value={one.undone_by?.event} onChange={(event?: string) => change({ undone_by: event ? { event, key: one.undone_by?.key ?? 'order_no' } : null })} options={events} />
            {undone && <Input aria-label={label('way.key')} placeholder={t('way.key')} value={undone.key} onChange={(event) => change({ undone_by: { event: undone.event, key: event.target.value } })} />}</div>
        </Field>}
      </div>
      <h4 className="way-head">{t('way.goals')}</h4>
      <Rows
        items={one.goals} set={(goals) => change({ goals })} make={() => ({ target: (one.goals.at(-1)?.target ?? 0) + 1, gives: { line: null, chances: 1, cards: 0 } })} add={t('way.addGoal')} drop={t('way.dropGoal')} max={8} least={1}
        row={(goal, place, put_) => <><label className="way-number"><span>{t(yuan ? 'way.targetYuan' : steps ? 'way.targetSteps' : 'way.target')}</span><InputNumber aria-label={`${label('way.target')} ${place + 1}`} min={yuan ? 0.01 : 1} max={10_000_000} precision={yuan ? 2 : 0} value={yuan ? goal.target / 100 : goal.target} onChange={(value) => put_({ target: Math.max(1, Math.round((value ?? 1) * (yuan ? 100 : 1))) })} /></label><RewardFields draft={draft} put={put} label={`${label('way.goals')} ${place + 1}`} reward={goal.gives} set={(gives) => put_({ gives })} /></>}
      />
    </div>
  )
}

/** What the event must be like, as the rules of segments say it, and how many did such a thing in thirty days. */
function Conditions({ one, change }: Pick<Props, 'one' | 'change'>) {
  const { t } = useTranslation()
  const sources = useSources('condition', null)
  const where = useMemo(() => (one.where ?? []) as Where[], [one.where])
  const root = useMemo(() => makeGroup('all', [{ kind: 'event', name: one.event, measure: 'count', op: '>=', value: 1, window_days: DAYS, where } as Expression]), [one.event, where])
  const live = useLiveCount(root, { serves: 'condition', basis: '' })
  const say = useProblemText()
  return (
    <>
      <div className="way-where"><WherePick value={where} put={(next) => change({ where: next as Mission['where'] })} name={one.event} sources={sources} /></div>
      <p className={live.error == null ? 'second s12' : 'bad s12'} aria-live="polite">{live.error == null ? (live.count ? t('way.didLately', { count: live.count.total, shown: formatCount(live.count.total), share: formatShare(live.count.total, live.count.universe) }) : live.counting ? t('segment.counting') : t('way.whereOpen')) : say(problemOf(live.error))}</p>
    </>
  )
}
const DAYS = 30

/** Steps count from named sources alone, and no more than somebody can walk. */
function Steps({ one, change, name }: Pick<Props, 'one' | 'change' | 'name'>) {
  const { t } = useTranslation()
  const rest = (one.where ?? []).filter((item) => item.property !== 'source' && item.property !== one.property)
  const sources = (one.where ?? []).find((item) => item.property === 'source')?.value as string[] | undefined
  const most = (one.where ?? []).find((item) => item.property === one.property)?.value as number | undefined
  const put = (from: string[], top: number | null) => change({
    where: [...rest, ...(from.length ? [{ property: 'source', op: 'in' as const, value: from }] : []), ...(top && one.property ? [{ property: one.property, op: '<=' as const, value: top }] : [])],
  })
  return (
    <>
      <Field label={t('way.sources')} hint={t('way.sourcesHint')}><Select mode="tags" aria-label={`${name} ${t('way.sources')}`} value={sources ?? []} onChange={(from: string[]) => put(from, most ?? null)} open={false} suffixIcon={null} /></Field>
      <Field label={t('way.most')} hint={t('way.mostHint')}><Numbered label={`${name} ${t('way.most')}`} min={0} max={1_000_000} value={most ?? 0} set={(top) => put(sources ?? [], top)} /></Field>
    </>
  )
}
