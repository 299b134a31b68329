/** Ways that live by draws: rounds of a red-packet rain, cards that make a set. */
import { Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Field } from './PlayForm'
import { Numbered, RewardFields, type WayProps } from './WayForm'
import { newCards, newGiving, newRain } from './shapes'

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

export function RainForm({ ways, set }: WayProps) {
  const { t } = useTranslation()
  const rain = ways.rain ?? newRain()
  const change = (changes: Partial<typeof rain>) => set({ rain: { ...rain, ...changes } })
  return (
    <div className="play-fields">
      <Field label={t('way.times')} hint={t('way.timesHint')}><Select mode="tags" open={false} suffixIcon={null} aria-label={t('way.times')} value={rain.times} onChange={(times: string[]) => { const good = times.filter((one) => TIME.test(one)); if (good.length) change({ times: [...good].sort() }) }} /></Field>
      <Field label={t('way.roundSeconds')} hint={t('way.roundHint')}><Numbered label={t('way.roundSeconds')} min={10} max={3600} value={rain.seconds ?? 60} set={(seconds) => change({ seconds })} /></Field>
    </div>
  )
}

export function CardsForm({ draft, put, ways, set }: WayProps) {
  const { t } = useTranslation()
  const cards = ways.cards ?? newCards()
  const change = (changes: Partial<typeof cards>) => set({ cards: { ...cards, ...changes } })
  const giving = cards.giving
  const lines = (draft.prizes ?? []).flatMap((one, value) => (one.sku_id ? [] : [{ value, label: `${value + 1} ${one.title}` }]))
  return (
    <>
      <div className="play-fields">
        <Field label={t('way.cardLines')} hint={t('way.cardLinesHint')}><Select mode="multiple" aria-label={t('way.cardLines')} value={cards.lines} onChange={(next: number[]) => change({ lines: next })} options={lines} /></Field>
        <Field label={t('way.wild')} hint={t('way.wildHint')}><Select allowClear aria-label={t('way.wild')} value={cards.wild} onChange={(wild?: number) => change({ wild: wild ?? null })} options={lines.filter((one) => !cards.lines.includes(one.value))} /></Field>
        <Field label={t('way.sets')}><Numbered label={t('way.sets')} max={100} value={cards.sets ?? 1} set={(sets) => change({ sets })} /></Field>
      </div>
      <div className="way-giving">
        <Checkbox checked={giving != null} onChange={(event) => change({ giving: event.target.checked ? newGiving() : null })}>{t('giving.on')}</Checkbox>
        <p className="second s12">{t('giving.hint')}</p>
        {giving && (
          <div className="row">
            <Numbered label={t('giving.gives')} max={20} value={giving.gives_a_day ?? 3} set={(gives_a_day) => change({ giving: { ...giving, gives_a_day } })} />
            <Numbered label={t('giving.takes')} max={20} value={giving.takes_a_day ?? 3} set={(takes_a_day) => change({ giving: { ...giving, takes_a_day } })} />
            <Numbered label={t('giving.all')} max={100} value={giving.takes ?? 10} set={(takes) => change({ giving: { ...giving, takes } })} />
            <Numbered label={t('giving.hours')} max={72} value={giving.hours ?? 24} set={(hours) => change({ giving: { ...giving, hours } })} />
          </div>
        )}
      </div>
      <h3 className="way-head">{t('way.setReward')}</h3>
      <RewardFields draft={draft} put={put} label={t('way.setReward')} reward={cards.gives} set={(gives) => change({ gives })} />
    </>
  )
}
