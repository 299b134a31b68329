/** The counter: scan or type a code, see who and what, redeem; the day's list with undo within ten minutes. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Segmented } from 'antd'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { listRedemptions, lookUpCode, redeemCode, undoRedemption, type CodeMeaning, type Redemption } from '@api/settle'
import { useSession } from '@console/app/session'
import { unitsQuery, useUnitName } from '@console/app/units'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatInstant, formatMoney, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './counter.css'

type Outcome = { kind: 'found'; code: string; meaning: CodeMeaning } | { kind: 'done'; meaning: CodeMeaning } | { kind: 'refused'; text: string }

export default function CounterPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  return (
    <>
      <PageHead title={t('menu.counter')} meta={<span>{t('counter.hint')}</span>} />
      <div className="counter">
        <Scanner />
        {may('redemption.read') && <DayList />}
      </div>
    </>
  )
}

function Scanner() {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const [code, setCode] = useState('')
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const look = useMutation({
    mutationFn: lookUpCode,
    onSuccess: (meaning, asked) => setOutcome({ kind: 'found', code: asked, meaning }),
    onError: (error) => setOutcome({ kind: 'refused', text: say(problemOf(error)) }),
  })
  const redeem = useMutation({
    mutationFn: (found: { code: string; meaning: CodeMeaning }) => redeemCode(found.code),
    onSuccess: (_, { meaning }) => setOutcome({ kind: 'done', meaning }),
    onError: (error) => setOutcome({ kind: 'refused', text: say(problemOf(error)) }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['redemptions'] }),
  })
  const busy = look.isPending || redeem.isPending

  // A scanner types wherever the focus is: it comes back here after every step.
  useEffect(() => {
    if (!busy) field.current?.focus()
  }, [busy, outcome])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const scanned = code.trim()
    if (scanned && !busy) {
      setCode('')
      look.mutate(scanned)
    }
  }
  // Enter on the empty field redeems what is shown, so that two strokes do a whole redemption. A browser does not submit
  // a form whose button is disabled, so this stroke is heard on the field itself.
  const stroke = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || code.trim() || busy || outcome?.kind !== 'found' || !outcome.meaning.redeemable) return
    event.preventDefault()
    redeem.mutate(outcome)
  }
  return (
    <section className="card scanner" aria-label={t('counter.scan')}>
      <form onSubmit={submit}>
        <label htmlFor="counter-code">{t('counter.code')}</label>
        <div className="row">
          <input id="counter-code" ref={field} value={code} onChange={(event) => setCode(event.target.value)} onKeyDown={stroke} autoComplete="off" autoCapitalize="characters" spellCheck={false} enterKeyHint="go" placeholder={t('counter.placeholder')} autoFocus />
          <Button htmlType="submit" size="large" disabled={!code.trim()} loading={look.isPending}>{t('counter.look')}</Button>
        </div>
      </form>
      <div aria-live="assertive" className="outcome">
        {outcome === null && <Empty sign="search" title={t('counter.ready')}>{t('counter.readyHint')}</Empty>}
        {outcome?.kind === 'refused' && <div className="verdict refused"><Icon name="stop" /><b>{t('counter.refused')}</b><p>{outcome.text}</p></div>}
        {outcome?.kind === 'done' && <div className="verdict done"><Icon name="checkCircle" /><b>{t('counter.done')}</b><p>{outcome.meaning.title} · {formatMoney(outcome.meaning.face_value_fen)}</p></div>}
        {outcome?.kind === 'found' && <Found meaning={outcome.meaning} busy={redeem.isPending} redeem={() => redeem.mutate(outcome)} clear={() => setOutcome(null)} />}
      </div>
    </section>
  )
}

function Found({ meaning, busy, redeem, clear }: { meaning: CodeMeaning; busy: boolean; redeem: () => void; clear: () => void }) {
  const { t } = useTranslation()
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const unit = units.data?.items.find((each) => each.id === meaning.customer_unit_id)
  return (
    <div className="found">
      <span className="second">{t('counter.customer')}</span>
      <b className="big">{meaning.customer_name ?? '—'}</b>
      <span className="second">{meaning.customer_no}{unit && ` · ${nameOf(unit)}`}</span>
      <hr className="divide" />
      <span className="second">{t('counter.benefit')}</span>
      <b className="big">{meaning.title}</b>
      <div className="row wrap" style={{ gap: 16 }}>
        <span className="figure gold">{formatMoney(meaning.face_value_fen)}</span>
        <StatusTag kind="grant" value={meaning.state} />
        {meaning.expires_at && <span className="second">{t('counter.until', { time: formatInstant(meaning.expires_at) })}</span>}
      </div>
      {!meaning.redeemable && <div style={{ marginTop: 12 }}><Note kind="warning">{t('counter.notRedeemable', { state: t(`status.grant.${meaning.state}`) })}</Note></div>}
      <div className="row" style={{ marginTop: 20 }}>
        <Button type="primary" className="redeem" disabled={!meaning.redeemable} loading={busy} onClick={redeem}>{t('counter.redeem')} <kbd>Enter</kbd></Button>
        <Button size="large" onClick={clear}>{t('action.cancel')}</Button>
      </div>
    </div>
  )
}

function DayList() {
  const { t } = useTranslation()
  const [whose, setWhose] = useState<'mine' | 'unit'>('mine')
  const [undoing, setUndoing] = useState<Redemption | null>(null)
  const cache = useQueryClient()
  const query = useQuery({ queryKey: ['redemptions', whose], queryFn: () => listRedemptions(whose === 'mine'), refetchInterval: 15_000 })
  const counted = (query.data?.items ?? []).filter((row) => !row.undone_at)
  const sum = counted.reduce((all, row) => all + row.face_value_fen, 0)
  return (
    <Card
      title={t('counter.today')}
      hint={query.data && t('counter.sum', { count: counted.length, amount: formatMoney(sum) })}
      right={<Segmented size="small" aria-label={t('counter.whose')} value={whose} onChange={setWhose} options={(['mine', 'unit'] as const).map((value) => ({ value, label: t(`counter.who.${value}`) }))} />}
      flush
    >
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty sign="search" title={t('counter.noneToday')} />
          ) : (
            <DataTable
              label={t('counter.today')}
              rows={page.items}
              rowKey={(row) => row.id}
              columns={[
                { key: 'at', title: t('audit.at'), render: (row) => <span className="nowrap">{formatSeconds(row.at)}</span> },
                { key: 'customer', title: t('customer.one'), render: (row) => <>{row.customer_name ?? '—'}<small className="mono">{row.customer_no}</small></> },
                { key: 'title', title: t('campaign.sku'), render: (row) => <>{row.title}<small>{formatMoney(row.face_value_fen)}</small></> },
                { key: 'undo', title: '', render: (row) => row.undone_at ? <span className="tag" title={row.reason ?? ''}>{t('counter.undone')}</span> : row.can.includes('undo') && <Button size="small" icon={<Icon name="undo" />} onClick={() => setUndoing(row)}>{t('counter.undo')}</Button> },
              ]}
            />
          )
        }
      </Loaded>
      {undoing && (
        <Ask<{ reason: string }> title={`${t('counter.undo')} · ${undoing.title}`} action={t('counter.undo')} danger close={() => setUndoing(null)} submit={async ({ reason }) => { await undoRedemption(undoing.id, reason); await cache.invalidateQueries({ queryKey: ['redemptions'] }) }}>
          <div style={{ marginBottom: 16 }}><Note>{t('counter.undoHint', { time: formatSeconds(undoing.undo_until) })}</Note></div>
          <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
