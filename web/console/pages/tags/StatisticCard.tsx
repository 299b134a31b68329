/** What a statistic takes of a customer's events: which event, narrowed how, in which window, measured how. */
import { Button, Checkbox, Form, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Statistic } from '@api/tags'
import type { ConditionSources } from '@console/pages/segments/ConditionFields'
import { WhereField } from '@console/pages/segments/EventFields'
import type { Behaviour, Where } from '@console/pages/segments/expression'
import { Icon } from '@kit/icons'
import { Card, Note } from '@kit/layout'
import type { PartProps } from './BasicsCard'
import { asKind, freshStatistic } from './drafting'
import { asRfm, rfmOf, rfms, STEPS, type Rfm } from './rfm'
import { AMOUNT, measures, takesNumber, useStatisticSentence } from './tagWords'

const WINDOWS = [1, 7, 14, 30, 60, 90, 180, 365]

export function StatisticCard({ one, put, sources }: PartProps & { sources: ConditionSources }) {
  const { t } = useTranslation()
  const sentence = useStatisticSentence(sources)
  const now = one.statistic ?? freshStatistic
  const event = sources.events.find((each) => each.name === now.event)
  const number = takesNumber(now.take)
  const properties = (event?.properties ?? []).filter((each) => (number ? each.type === 'integer' || each.type === 'decimal' : each.type === 'text'))
  const named = properties.some((each) => each.name === AMOUNT) || now.property !== AMOUNT ? [] : [{ value: AMOUNT, label: t('builder.amount') }]
  const change = (changes: Partial<Statistic>) => put(asKind(one, 'statistic', { ...now, ...changes }))
  const measured = (take: Statistic['take']) => change({ take, property: takesNumber(take) ? AMOUNT : null, percent: take === 'percentile' ? 80 : null, ranked: take !== 'top' && now.ranked })
  const windows = [...new Set([...WINDOWS, ...(now.window_days ? [now.window_days] : [])])].sort((a, b) => a - b)
  const leaf: Behaviour = { kind: 'event', name: now.event, measure: 'count', op: '>=', where: now.where as Where[] }
  return (
    <Card title={t('tag.measures')}>
      <RfmRow one={one} put={put} money={!event || event.properties.some((each) => each.name === AMOUNT)} />
      <Form layout="vertical" component="div">
        <div className="tag-form three">
          <Form.Item label={t('builder.event')} required htmlFor="tag-event"><Select id="tag-event" showSearch={{ optionFilterProp: 'label' }} value={now.event || undefined} placeholder={t('builder.event')} options={sources.events.map((each) => ({ value: each.name, label: each.label }))} onChange={(name) => change({ event: name, where: [], property: number ? AMOUNT : null })} /></Form.Item>
          <Form.Item label={t('builder.window')} htmlFor="tag-window"><Select id="tag-window" value={now.window_days ?? 0} options={[...windows.map((days) => ({ value: days, label: t('builder.within', { count: days }) })), { value: 0, label: t('builder.ever') }]} onChange={(days) => change({ window_days: days || null })} /></Form.Item>
          <Form.Item label={t('builder.measure')} htmlFor="tag-take"><Select id="tag-take" value={now.take} options={measures.map((take) => ({ value: take, label: t(`tag.takes.${take}`) }))} onChange={measured} /></Form.Item>
          {(number || now.take === 'top') && <Form.Item label={t('builder.property')} required htmlFor="tag-property"><Select id="tag-property" value={now.property} options={[...named, ...properties.map((each) => ({ value: each.name, label: each.name === AMOUNT ? t('builder.amount') : each.label }))]} onChange={(property) => change({ property })} /></Form.Item>}
          {now.take === 'percentile' && <Form.Item label={t('tag.percent')} htmlFor="tag-percent"><InputNumber id="tag-percent" min={1} max={99} precision={0} value={now.percent} onChange={(percent) => change({ percent })} style={{ width: '100%' }} /></Form.Item>}
        </div>
        <div className="row wrap">
          {(now.where as Where[]).map((each, place) => (
            <WhereField key={place} one={each} leaf={leaf} sources={sources} put={(next) => change({ where: (now.where as Where[]).flatMap((old, at) => (at === place ? (next ? [next] : []) : [old])) as Statistic['where'] })} />
          ))}
          {event && <Button type="text" size="small" className="jade" icon={<Icon name="plus" />} onClick={() => change({ where: [...now.where, { property: '', op: 'in' }] as Statistic['where'] })}>{t('builder.whereAdd')}</Button>}
          {now.take !== 'top' && <Checkbox checked={now.ranked} onChange={(each) => change({ ranked: each.target.checked })}>{t('tag.rankedBox')}</Checkbox>}
        </div>
      </Form>
      {now.event && <div style={{ marginTop: 12 }}><Note icon="eye"><b>{t('segment.readAloud')}</b> {sentence(now)}</Note></div>}
    </Card>
  )
}

const OWN = 'own'

/** One choice fills in the measure and even bands; anything else is measured as one says below. */
function RfmRow({ one, put, money }: PartProps & { money: boolean }) {
  const { t } = useTranslation()
  const rfm = rfmOf(one)
  const choose = (value: string) => put(value === OWN ? asKind(one, 'statistic', { ...(one.statistic ?? freshStatistic), ranked: false }) : asRfm(one, value as Rfm, rfm ? one.values.length : undefined))
  const options = [{ value: OWN, label: t('tag.rfm.own') }, ...rfms.map((value) => ({ value: value as string, label: t(`tag.rfm.${value}`), disabled: value === 'monetary' && !money }))]
  return (
    <div className="rfm">
      <Segmented aria-label={t('tag.rfm.title')} value={rfm ?? OWN} onChange={choose} options={options} />
      {rfm && (
        <span className="row s13">
          {t('tag.rfm.bands')}
          <Select size="small" aria-label={t('tag.rfm.bands')} value={one.values.length} style={{ width: 96 }} options={STEPS.map((steps) => ({ value: steps as number, label: t('tag.rfm.steps', { count: steps }) }))} onChange={(steps: number) => put(asRfm(one, rfm, steps))} />
        </span>
      )}
      <p className="muted s12">{t(`tag.rfm.hints.${rfm ?? OWN}`)}</p>
    </div>
  )
}
