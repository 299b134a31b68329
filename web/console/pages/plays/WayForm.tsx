/** What is done in a play beside drawing: the way of its kind, each reward out of the prize table below it. */
import { Button, InputNumber, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { CheckInForm } from './CheckInForm'
import { MissionForms } from './MissionForms'
import { Count, type PartProps } from './PlayForm'
import { QuizForm } from './QuizForm'
import { CardsForm, RainForm } from './RoundForms'
import { isDone, type Reward, type Ways } from './shapes'

export interface WayProps extends PartProps {
  ways: Ways
  set: (changes: Partial<Ways>) => void
}

export function WayForm({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const kind = draft.kind ?? 'wheel'
  if (!isDone(kind)) return null
  const ways: Ways = draft.ways ?? {}
  const props: WayProps = { draft, put, ways, set: (changes) => put({ ways: { ...ways, ...changes } }) }
  return (
    <Card title={t(`way.titles.${kind}`)} hint={t(`way.hints.${kind}`)}>
      {kind === 'checkin' && <CheckInForm {...props} />}
      {(kind === 'mission' || kind === 'steps') && <MissionForms {...props} />}
      {kind === 'quiz' && <QuizForm {...props} />}
      {kind === 'rain' && <RainForm {...props} />}
      {kind === 'cards' && <CardsForm {...props} />}
    </Card>
  )
}

interface RewardProps extends PartProps {
  label: string
  reward: Reward
  set: (reward: Reward) => void
  withCards?: boolean
}

/** What somebody gets for certain: a prize nobody draws, chances to draw, make-up cards. */
export function RewardFields({ draft, label, reward, set, withCards = false }: RewardProps) {
  const { t } = useTranslation()
  const lines = (draft.prizes ?? []).flatMap((one, value) => (one.sku_id && !one.odds_ppm ? [{ value, label: `${value + 1} ${one.title}` }] : []))
  return (
    <div className="way-reward">
      <Select aria-label={`${label} ${t('way.line')}`} allowClear placeholder={t('way.noLine')} notFoundContent={t('way.noLines')} value={reward.line} onChange={(line?: number) => set({ ...reward, line: line ?? null })} options={lines} />
      <label><span>{t('way.chances')}</span><Count label={`${label} ${t('way.chances')}`} max={20} value={reward.chances ?? 0} set={(chances) => set({ ...reward, chances })} /></label>
      {withCards && <label><span>{t('way.cards')}</span><Count label={`${label} ${t('way.cards')}`} max={20} value={reward.cards ?? 0} set={(cards) => set({ ...reward, cards })} /></label>}
    </div>
  )
}

interface RowsProps<T> {
  items: T[]
  set: (items: T[]) => void
  make: () => T
  add: string
  drop: string
  max: number
  least?: number
  row: (item: T, place: number, change: (changes: Partial<T>) => void) => ReactNode
}

/** A list of alike things: each changed in its place, removed, one more added. */
export function Rows<T extends object>({ items, set, make, add, drop, max, least = 0, row }: RowsProps<T>) {
  const change = (place: number, changes: Partial<T>) => set(items.map((one, at) => (at === place ? { ...one, ...changes } : one)))
  return (
    <>
      <ol className="way-rows">
        {items.map((one, place) => (
          <li key={place}>
            <div className="way-row">{row(one, place, (changes) => change(place, changes))}</div>
            <Button type="text" aria-label={`${drop} ${place + 1}`} disabled={items.length <= least} icon={<Icon name="close" />} onClick={() => set(items.filter((_, at) => at !== place))} />
          </li>
        ))}
      </ol>
      <Button icon={<Icon name="plus" />} disabled={items.length >= max} onClick={() => set([...items, make()])}>{add}</Button>
    </>
  )
}

export function Numbered({ label, value, set, min = 1, max }: { label: string; value: number; set: (value: number) => void; min?: number; max: number }) {
  return <label className="way-number"><span>{label}</span><InputNumber aria-label={label} min={min} max={max} precision={0} value={value} onChange={(next) => set(next ?? min)} /></label>
}
