/** A change of a play that runs: only what is better for its customers can be written; two people decide. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Input, InputNumber } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { amendPlay, type Play, type PlayDraft, type PrizeDraft } from '@api/plays'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Count, Field } from './PlayForm'
import { NewPrizes } from './NewPrizes'
import { PPM, exactPercent, oddsSum, percentOf, ppmOf } from './shapes'

/** Lets the lines that win nothing carry what the others took. */
export function balanced(prizes: PrizeDraft[]): PrizeDraft[] {
  const nothing = prizes.findIndex((one) => !one.sku_id)
  const rest = PPM - prizes.reduce((sum, one, at) => sum + (at === nothing ? 0 : one.odds_ppm ?? 0), 0)
  return prizes.map((one, at) => (at === nothing ? { ...one, odds_ppm: Math.max(0, rest) } : one))
}

export function AmendDrawer({ play, close }: { play: Play; close: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [draft, setDraft] = useState<PlayDraft>(play.draft)
  const [stock, setStock] = useState<Record<number, number>>({})
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const old = play.draft.prizes ?? []
  const prizes = draft.prizes ?? []
  const put = (changes: Partial<PlayDraft>) => setDraft({ ...draft, ...changes })
  const line = (place: number, changes: Partial<PrizeDraft>) => put({ prizes: balanced(prizes.map((one, at) => (at === place ? { ...one, ...changes } : one))) })
  const added = Object.fromEntries(Object.entries(stock).filter(([, units]) => units > 0))
  const same = JSON.stringify(draft) === JSON.stringify(play.draft) && Object.keys(added).length === 0
  const ask = useMutation({
    mutationFn: () => amendPlay(play.id, { draft, stock: added, zh, en } as Parameters<typeof amendPlay>[1]),
    onSuccess: async () => { await cache.invalidateQueries({ queryKey: ['play', play.id] }); await cache.invalidateQueries({ queryKey: ['play-amendments', play.id] }); void message.success(t('amend.sent')); close() },
  })
  return (
    <Drawer open title={t('amend.title')} size={560} onClose={close} footer={(
      <div className="row end">
        <span className={oddsSum(draft) === PPM ? 'second s13 grow' : 'bad s13 grow'}>{t('play.sum', { percent: exactPercent(oddsSum(draft)) })}</span>
        <Button onClick={close}>{t('action.cancel')}</Button>
        <Button type="primary" disabled={same || zh.trim().length < 4} title={same ? t('amend.same') : zh.trim().length < 4 ? t('amend.sayIt') : undefined} loading={ask.isPending} onClick={() => ask.mutate()}>{t('play.submit')}</Button>
      </div>
    )}>
      <Note icon="info">{t('amend.hint')}</Note>
      <div className="play-fields amend-part">
        <Field label={t('amend.closes')} wide><DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" aria-label={t('amend.closes')} allowClear={false} minDate={dayjs(play.draft.closes_at)} value={draft.closes_at ? dayjs(draft.closes_at) : null} onChange={(at) => put({ closes_at: at?.toISOString() ?? play.draft.closes_at })} /></Field>
        <Field label={t('play.daily')}><InputNumber aria-label={t('play.daily')} min={play.draft.daily_chances ?? 0} max={20} precision={0} value={draft.daily_chances} onChange={(value) => put({ daily_chances: value ?? play.draft.daily_chances })} /></Field>
        <Field label={t('play.drawsADay')} hint={t('play.zero')}><Count label={t('play.drawsADay')} value={draft.draws_a_day ?? 0} set={(draws_a_day) => put({ draws_a_day })} /></Field>
      </div>
      <h3 className="amend-head">{t('play.table')}</h3>
      <ol className="amend-lines">
        {prizes.slice(0, old.length).map((one, place) => {
          const name = (key: string) => `${one.title} ${t(key)}`
          return (
            <li key={place}>
              <b>{one.title}</b>
              {one.sku_id ? (
                <div className="amend-fields">
                  <label><span>{t('play.odds')}</span><InputNumber aria-label={name('play.odds')} min={percentOf(old[place]?.odds_ppm ?? 0)} max={100} step={0.1} precision={4} suffix="%" value={percentOf(one.odds_ppm ?? 0)} formatter={(value) => String(value ?? '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')} onChange={(value) => line(place, { odds_ppm: ppmOf(value) })} /></label>
                  <label><span>{t('amend.more')}</span><Count label={name('amend.more')} value={stock[place] ?? 0} set={(units) => setStock({ ...stock, [place]: units })} /></label>
                  <label><span>{t('play.perDay')}</span><Count label={name('play.perDay')} value={one.per_day ?? 0} set={(per_day) => line(place, { per_day })} /></label>
                  <label><span>{t('play.perPerson')}</span><Count label={name('play.perPerson')} value={one.per_person ?? 0} set={(per_person) => line(place, { per_person })} /></label>
                </div>
              ) : <span className="second s13">{t('amend.nothing', { percent: exactPercent(one.odds_ppm ?? 0) })}</span>}
            </li>
          )
        })}
      </ol>
      <NewPrizes draft={draft} from={old.length} put={(next) => put({ prizes: balanced(next) })} />
      <h3 className="amend-head">{t('amend.told')}</h3>
      <div className="amend-told">
        <Field label={t('amend.zh')}><Input.TextArea aria-label={t('amend.zh')} rows={2} maxLength={300} showCount value={zh} onChange={(event) => setZh(event.target.value)} /></Field>
        <Field label={t('amend.en')}><Input.TextArea aria-label={t('amend.en')} rows={2} maxLength={300} showCount value={en} onChange={(event) => setEn(event.target.value)} /></Field>
      </div>
      {ask.error && <Note kind="danger"><Refused error={ask.error} />{say(problemOf(ask.error))}</Note>}
    </Drawer>
  )
}

/** Each field that is not in the customers' favour, by its name. */
function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const problems = (problemOf(error).data?.problems ?? []) as { pointer: string; code: string }[]
  return <ul>{problems.map((one) => <li key={one.pointer + one.code}>{t(`amend.problems.${one.code}`, { defaultValue: t(`play.problems.${one.code}`, { defaultValue: one.pointer }) })}<code className="s12"> {one.pointer}</code></li>)}</ul>
}
