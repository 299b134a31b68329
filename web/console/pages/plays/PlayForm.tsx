/** What a play is about: when, who, chances, prizes with odds that add up; and its words. */
import { useQuery } from '@tanstack/react-query'
import { DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets } from '@api/benefits'
import type { Play, PlayDraft } from '@api/plays'
import { useSegmentChoices } from '@console/pages/segments/useSegmentChoices'
import { useBilingual } from '@console/app/useWords'
import { CheckList } from '@kit/CheckList'
import { formatMoney } from '@kit/format'
import { Card } from '@kit/layout'
import { PrizeTable } from './PrizeTable'
import { KINDS, isDone, wayOf, type Kind } from './shapes'
import { WayForm } from './WayForm'

export function PlayForm({ play, draft, put, dirty }: PartProps & { play: Play; dirty: boolean }) {
  return (
    <>
      <Rules draft={draft} put={put} />
      <WayForm draft={draft} put={put} />
      <PrizeTable draft={draft} put={put} />
      <Checks play={play} dirty={dirty} />
    </>
  )
}

export interface PartProps {
  draft: PlayDraft
  put: (changes: Partial<PlayDraft>) => void
}

function Rules({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const choices = useSegmentChoices('')
  const prizes = draft.prizes ?? []
  return (
    <Card title={t('play.rules')}>
      <div className="play-fields">
        <Field label={t('play.name')}><Input aria-label={t('play.name')} maxLength={40} value={draft.name} onChange={(event) => put({ name: event.target.value })} /></Field>
        <Field label={t('play.kind')}><Select<Kind> aria-label={t('play.kind')} value={draft.kind} onChange={(kind) => put({ kind, ways: wayOf(kind), lobby: null, daily_chances: isDone(kind) && kind !== 'cards' ? 0 : 1 })} options={KINDS.map((value) => ({ value, label: t(`play.kinds.${value}`) }))} /></Field>
        <Field label={t('play.window')} wide>
          <DatePicker.RangePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" aria-label={t('play.window')} value={draft.opens_at && draft.closes_at ? [dayjs(draft.opens_at), dayjs(draft.closes_at)] : null} onChange={(range) => put({ opens_at: range?.[0]?.toISOString() ?? null, closes_at: range?.[1]?.toISOString() ?? null })} />
        </Field>
        <Field label={t('play.budget')}><Select aria-label={t('play.budget')} showSearch optionFilterProp="label" allowClear value={draft.budget_id} onChange={(budget_id) => put({ budget_id: budget_id ?? null })} options={(budgets.data?.items ?? []).map((one) => ({ value: one.id, label: `${one.name} · ${formatMoney(one.available_fen)}` }))} /></Field>
        <Field label={t('play.condition')} hint={t('play.conditionHint')}><Select aria-label={t('play.condition')} {...choices} allowClear value={draft.segment_id} onChange={(segment_id: string | undefined) => put({ segment_id: segment_id ?? null })} /></Field>
        {!isDone(draft.kind ?? 'wheel') && <LobbyFields draft={draft} put={put} />}
        <Field label={t('play.daily')}><Count label={t('play.daily')} max={20} value={draft.daily_chances ?? 0} set={(daily_chances) => put({ daily_chances })} disabled={draft.lobby != null} /></Field>
        <Field label={t('play.welcome')}><Count label={t('play.welcome')} max={20} value={draft.welcome_chances ?? 0} set={(welcome_chances) => put({ welcome_chances })} disabled={draft.lobby != null} /></Field>
        <Field label={t('play.drawsADay')} hint={t('play.zero')}><Count label={t('play.drawsADay')} value={draft.draws_a_day ?? 0} set={(draws_a_day) => put({ draws_a_day })} /></Field>
        <Field label={t('design.claimDays')} hint={t('design.claimDaysHint')}><InputNumber aria-label={t('design.claimDays')} min={3} max={90} precision={0} value={draft.claim_days ?? 15} onChange={(claim_days) => put({ claim_days: claim_days ?? 15 })} /></Field>
        <Field label={t('play.guarantee')} hint={t('play.guaranteeHint')}>
          <div className="row"><Count label={t('play.guarantee')} max={1000} value={draft.guarantee_after ?? 0} set={(guarantee_after) => put(guarantee_after ? { guarantee_after } : { guarantee_after, guarantee_line: null })} />
            <Select aria-label={t('play.guaranteeLine')} allowClear disabled={!draft.guarantee_after} value={draft.guarantee_line} onChange={(line) => put({ guarantee_line: line ?? null })} options={prizes.flatMap((one, value) => (one.sku_id ? [{ value, label: one.title }] : []))} /></div>
        </Field>
      </div>
    </Card>
  )
}

/** Played by everybody each day, or at the branch: then chances come by visits alone. */
function LobbyFields({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const lobby = draft.lobby
  const change = (value: (typeof LOBBY)[number]) => put(value === 'no' ? { lobby: null, daily_chances: 1 } : { lobby: { by: value, chances: lobby?.chances ?? 1 }, daily_chances: 0, welcome_chances: 0 })
  return (
    <>
      <Field label={t('lobby.option')} hint={t('lobby.optionHint')}><Select<(typeof LOBBY)[number]> aria-label={t('lobby.option')} value={lobby?.by ?? 'no'} onChange={change} options={LOBBY.map((value) => ({ value, label: t(`lobby.options.${value}`) }))} /></Field>
      {lobby && <Field label={t('lobby.perVisit')} hint={t('lobby.perVisitHint')}><InputNumber aria-label={t('lobby.perVisit')} min={1} max={20} precision={0} value={lobby.chances ?? 1} onChange={(chances) => put({ lobby: { ...lobby, chances: chances ?? 1 } })} /></Field>}
    </>
  )
}
const LOBBY = ['no', 'rm', 'branch'] as const

export function Texts({ draft, put }: PartProps) {
  const { t } = useTranslation()
  return (
    <Card title={t('play.texts')} hint={t('play.textsHint')}>
      {(['zh', 'en'] as const).map((language) => {
        const page = { title: '', subtitle: '', rules: '', ...draft[language] }
        const set = (changes: Partial<typeof page>) => put({ [language]: { ...page, ...changes } })
        return (
          <div className="play-fields" key={language}>
            <Field label={t(`play.title.${language}`)}><Input aria-label={t(`play.title.${language}`)} maxLength={60} value={page.title} onChange={(event) => set({ title: event.target.value })} /></Field>
            <Field label={t(`play.subtitle.${language}`)}><Input aria-label={t(`play.subtitle.${language}`)} maxLength={60} value={page.subtitle} onChange={(event) => set({ subtitle: event.target.value })} /></Field>
            <Field label={t(`play.text.${language}`)} wide><Input.TextArea aria-label={t(`play.text.${language}`)} autoSize={{ minRows: 3, maxRows: 12 }} maxLength={8000} value={page.rules} onChange={(event) => set({ rules: event.target.value })} /></Field>
          </div>
        )
      })}
    </Card>
  )
}

function Checks({ play, dirty }: { play: Play; dirty: boolean }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const missing = play.problems.map((one) => ({ rule: '', verdict: 'fail', text: t(`play.problems.${one.code}`) }))
  const checks = play.checks.filter((one) => one.data?.code !== 'complete').map((one) => ({ rule: one.rule, verdict: one.verdict, text: say(one.detail, one.detail_en) }))
  return <Card title={t('play.checks')} hint={dirty ? t('play.checksStale') : t('play.checksHint')}><CheckList checks={[...missing, ...checks]} /></Card>
}

export function Field({ label, hint, wide, children }: { label: string; hint?: string; wide?: boolean; children: ReactNode }) {
  return <div className={wide ? 'field wide' : 'field'}><label>{label}</label>{children}{hint && <small className="second s12">{hint}</small>}</div>
}

export function Count({ label, value, set, max = 1_000_000, disabled }: { label: string; value: number; set: (value: number) => void; max?: number; disabled?: boolean }) {
  return <InputNumber disabled={disabled} aria-label={label} min={0} max={max} precision={0} value={value} onChange={(next) => set(next ?? 0)} />
}
