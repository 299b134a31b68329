/** What a code stands for and what became of it, in letters that are read at arm's length. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CodeMeaning } from '@api/counter'
import { unitsQuery, useUnitName } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatInstant, formatMinute, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import type { Problem } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { isCoupon, type Scan } from './scans'

interface VerdictProps {
  scan: Scan | null
  redeem: () => void
  next: () => void
  undo: (scan: Scan) => void
}

export function Verdict({ scan, redeem, next, undo }: VerdictProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  if (scan === null) return <Empty sign="search" title={t('counter.ready')}>{t('counter.readyHint')}</Empty>
  if (scan.phase === 'done') return <Done scan={scan} undo={undo} next={next} />
  if (scan.phase === 'refused' && scan.problem) {
    return (
      <div className="verdict refused">
        <Icon name="stop" />
        <b>{t('counter.refused')}</b>
        <p>{say(scan.problem)}</p>
        <Where problem={scan.problem} />
        <When problem={scan.problem} />
      </div>
    )
  }
  if (scan.tries > 0) return <Unanswered scan={scan} />
  if (scan.phase === 'looking' || !scan.meaning) return <div className="verdict asking"><Icon name="clock" /><b>{t('counter.looking')}</b></div>
  return <Found meaning={scan.meaning} busy={scan.phase === 'redeeming'} redeem={redeem} next={next} />
}

function Done({ scan, undo, next }: { scan: Scan; undo: (scan: Scan) => void; next: () => void }) {
  const { t } = useTranslation()
  const called = useBilingual()
  return (
    <div className="verdict done">
      <Icon name="checkCircle" />
      <b>{t('counter.done')}</b>
      {scan.meaning && <p>{[scan.meaning.customer_name, called(scan.meaning.title, scan.meaning.title_en), formatMoney(scan.meaning.face_value_fen)].filter(Boolean).join(' · ')}</p>}
      {scan.again && <p>{t('counter.again')}</p>}
      <div className="row wrap">
        <Button onClick={next}>{t('counter.next')}</Button>
        {!isCoupon(scan.code) && <Button type="text" icon={<Icon name="undo" />} onClick={() => undo(scan)}>{t('counter.undo')}</Button>}
      </div>
    </div>
  )
}

/** Nobody knows yet whether the server heard it: it is asked again under the same number, so that nothing happens twice. */
function Unanswered({ scan }: { scan: Scan }) {
  const { t } = useTranslation()
  const away = !navigator.onLine
  return (
    <div className="verdict asking" role="status">
      <Icon name="retry" />
      <b>{t(away ? 'counter.offline' : 'counter.unanswered')}</b>
      <p>{t(scan.phase === 'redeeming' ? 'counter.unsureHint' : 'counter.keptHint')}</p>
    </div>
  )
}

/** Where else it is accepted, as the refusal says. */
function Where({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const { where, places, counters } = (problem.data ?? {}) as { where?: string[]; places?: number; counters?: boolean }
  if (!Array.isArray(where) || (where.length === 0 && !counters)) return null
  return (
    <div className="where">
      <span>{t('counter.acceptedAt')}</span>
      <ul>
        {counters && <li>{t('counter.counters')}</li>}
        {where.map((name) => <li key={name}>{name}</li>)}
        {places !== undefined && places > where.length && <li>{t('counter.morePlaces', { count: places })}</li>}
      </ul>
    </div>
  )
}

/** When it is accepted, as the refusal says. */
function When({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const { weekdays, from_minute, until_minute } = (problem.data ?? {}) as { weekdays?: number[]; from_minute?: number; until_minute?: number }
  if (!Array.isArray(weekdays) || from_minute === undefined || until_minute === undefined) return null
  const hours = { from: formatMinute(from_minute), until: formatMinute(until_minute) }
  if (weekdays.length === 7) return <p className="when">{t('counter.acceptedDaily', hours)}</p>
  return <p className="when">{t('counter.acceptedOn', { ...hours, days: weekdays.map((day) => t(`merchant.days.${day}`)).join(t('list.comma')) })}</p>
}

/** Seconds until an instant, counted down; never below zero. */
function useSecondsUntil(at: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((Date.parse(at) - now) / 1000))
}

function Found({ meaning, busy, redeem, next }: { meaning: CodeMeaning; busy: boolean; redeem: () => void; next: () => void }) {
  const { t } = useTranslation()
  const called = useBilingual()
  const say = useProblemText()
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const unit = units.data?.items.find((each) => each.id === meaning.customer_unit_id)
  const under = [meaning.customer_no, unit && nameOf(unit)].filter(Boolean).join(' · ')
  return (
    <div className={meaning.redeemable ? 'found' : 'found closed'}>
      <span className="second">{t('counter.customer')}</span>
      <b className="big">{meaning.customer_name ?? '—'}</b>
      {under && <span className="second">{under}</span>}
      <hr className="divide" />
      <span className="second">{t('counter.benefit')}</span>
      <b className="big">{called(meaning.title, meaning.title_en)}</b>
      <div className="row wrap" style={{ gap: '4px 16px' }}>
        <span className="figure gold">{formatMoney(meaning.face_value_fen)}</span>
        <StatusTag kind="grant" value={meaning.state} />
        {meaning.expires_at && <span className="second">{t('counter.until', { time: formatInstant(meaning.expires_at) })}</span>}
      </div>
      {meaning.on_hand != null && <p className={meaning.on_hand > 0 ? 'second' : 'bad'}>{t('counter.onHand', { count: meaning.on_hand, shown: formatCount(meaning.on_hand) })}</p>}
      {meaning.problem && <div style={{ marginTop: 12 }}><Note kind="warning"><b>{say(meaning.problem)}</b><Where problem={meaning.problem} /><When problem={meaning.problem} /></Note></div>}
      {meaning.redeemable ? <Redeem until={meaning.code_until} busy={busy} redeem={redeem} next={next} /> : <div className="row decide"><Button size="large" onClick={next}>{t('counter.next')}</Button></div>}
    </div>
  )
}

function Redeem({ until, busy, redeem, next }: { until: string; busy: boolean; redeem: () => void; next: () => void }) {
  const { t } = useTranslation()
  const left = useSecondsUntil(until)
  return (
    <>
      <div className="row decide">
        <Button type="primary" className="redeem" loading={busy} onClick={redeem}>{t('counter.redeem')} <kbd>Enter</kbd></Button>
        <Button size="large" disabled={busy} onClick={next}>{t('action.cancel')}</Button>
      </div>
      <p className={`s12 ${left > 0 ? 'muted' : 'warn'}`}>{left > 0 ? t('counter.codeLeft', { count: left }) : t('counter.codeOver')}</p>
    </>
  )
}
