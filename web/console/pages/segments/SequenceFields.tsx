/** Events one after the other: the steps in their order, how long all of it may take, and what must not come between. */
import { Button, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import type { ConditionSources, FieldsProps } from './ConditionFields'
import { EventPick, WherePick, WindowPick } from './EventFields'
import { STEPS_MAX, STEPS_MIN, type EventSequence, type Step } from './expression'

const WITHIN_DAYS_MAX = 366

export function SequenceFields({ leaf, sources, change, readOnly }: FieldsProps<EventSequence>) {
  const { t } = useTranslation()
  const put = (place: number, step: Step) => change({ ...leaf, steps: leaf.steps.map((each, at) => (at === place ? step : each)) })
  const drop = (place: number) => change({ ...leaf, steps: leaf.steps.filter((_, at) => at !== place) })
  const raise = (place: number) => {
    const steps = [...leaf.steps]
    steps.splice(place - 1, 0, ...steps.splice(place, 1))
    change({ ...leaf, steps })
  }
  return (
    <div className="chain">
      <ol aria-label={t('rule.steps')}>
        {leaf.steps.map((step, place) => (
          <li key={place} aria-label={t('rule.step', { number: place + 1 })}>
            <span className="chain-no" aria-hidden="true">{place + 1}</span>
            <StepFields step={step} put={(next) => put(place, next)} sources={sources} readOnly={readOnly} />
            {!readOnly && place > 0 && <Button type="text" size="small" title={t('rule.earlier')} aria-label={t('rule.earlier')} icon={<Icon name="down" className="turned" />} onClick={() => raise(place)} />}
            {!readOnly && leaf.steps.length > STEPS_MIN && <Button type="text" size="small" title={t('rule.stepRemove')} aria-label={t('rule.stepRemove')} icon={<Icon name="close" />} onClick={() => drop(place)} />}
          </li>
        ))}
        {leaf.never && (
          <li className="chain-never" aria-label={t('rule.never')}>
            <span className="chain-no" aria-hidden="true"><Icon name="stop" /></span>
            <span className="s13">{t('rule.never')}</span>
            <StepFields step={leaf.never} put={(never) => change({ ...leaf, never })} sources={sources} readOnly={readOnly} />
            {!readOnly && <Button type="text" size="small" title={t('rule.neverRemove')} aria-label={t('rule.neverRemove')} icon={<Icon name="close" />} onClick={() => change({ ...leaf, never: null })} />}
          </li>
        )}
      </ol>
      <div className="row wrap">
        <span className="second s12">{t('rule.allWithin')}</span>
        <InputNumber size="small" aria-label={t('rule.withinDays')} min={1} max={WITHIN_DAYS_MAX} precision={0} controls={false} disabled={readOnly} style={{ width: 56 }} value={leaf.within_days} onChange={(within_days) => change({ ...leaf, within_days })} />
        <span className="second s12">{t('rule.daysDone')}</span>
        <WindowPick value={leaf.window_days ?? null} put={(window_days) => change({ ...leaf, window_days })} readOnly={readOnly} />
        {!readOnly && leaf.steps.length < STEPS_MAX && <Button type="text" size="small" className="jade" icon={<Icon name="plus" />} onClick={() => change({ ...leaf, steps: [...leaf.steps, { name: '' }] })}>{t('rule.stepAdd')}</Button>}
        {!readOnly && !leaf.never && <Button type="text" size="small" className="jade" icon={<Icon name="plus" />} onClick={() => change({ ...leaf, never: { name: '' } })}>{t('rule.neverAdd')}</Button>}
      </div>
    </div>
  )
}

function StepFields({ step, put, sources, readOnly }: { step: Step; put: (step: Step) => void; sources: ConditionSources; readOnly?: boolean }) {
  return (
    <>
      <EventPick value={step.name} put={(name) => put({ name, where: [] })} readOnly={readOnly} events={sources.events} />
      {step.name && <WherePick value={step.where ?? []} put={(where) => put({ ...step, where })} readOnly={readOnly} name={step.name} sources={sources} />}
    </>
  )
}
