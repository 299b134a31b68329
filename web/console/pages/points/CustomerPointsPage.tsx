/** One customer's points: lots with where they come from, what waits, what is owed, how they moved; corrections and freezes by two. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getAccount, requestAdjustment, requestFreeze, type PointsAccount } from '@api/points'
import { requestRelease } from '@api/exchange'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatLastDay } from '@kit/format'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { PointsTag } from './PointsTag'
import './points.css'

type Held = PointsAccount['held'][number]
type Hold = PointsAccount['holds'][number]

/** Of many lots those that end first are shown; the others are asked for. */
const LOTS = 8

export default function CustomerPointsPage() {
  const { t } = useTranslation()
  const { seq } = useParams({ strict: false }) as { seq: string }
  const number = Number(seq)
  const query = useQuery({ queryKey: ['points-account', number], queryFn: () => getAccount(number) })
  return (
    <>
      <PageHead title={t('points.account')} meta={t('points.accountHint')} crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('customer.page'), to: `/customers/${seq}` }, { label: t('points.account') }]} />
      <Loaded query={query} rows={6}>
        {(found) => (found.held.length === 0 ? <Card><Empty sign="search" title={t('points.noAccount')}>{t('points.noAccountHint')}</Empty></Card> : (
          <>
            {found.held.map((one) => <Purse key={one.type.code} held={one} holds={found.holds.filter((hold) => hold.currency === one.type.code)} asOf={found.as_of} seq={number} />)}
            <div className="grid points-below"><Earned found={found} /><Moves found={found} /></div>
          </>
        ))}
      </Loaded>
    </>
  )
}

function Purse({ held, holds, asOf, seq }: { held: Held; holds: Hold[]; asOf: string; seq: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const [asking, setAsking] = useState<'adjust' | 'freeze' | null>(null)
  const [whole, setWhole] = useState(false)
  return (
    <Card
      className="points-below"
      flush
      title={<>{say(held.type.name, held.type.name_en)} <b className="points-sum">{formatCount(held.balance)}</b></>}
      right={
        <span className="row">
          {held.pending > 0 && <PointsTag tone="warn">{t('points.pendingNow', { count: held.pending })}</PointsTag>}
          {holds.length > 0 && <PointsTag tone="warn">{t('points.heldNow', { points: formatCount(holds.reduce((sum, one) => sum + one.amount, 0)) })}</PointsTag>}
          {held.owed > 0 && <PointsTag tone="bad">{t('points.owedNow', { count: held.owed })}</PointsTag>}
          {held.frozen && <PointsTag tone="bad">{t('points.frozen')}</PointsTag>}
          {may('points.write') && <Button size="small" onClick={() => setAsking('adjust')}>{t('points.adjust')}</Button>}
          {may('points.write') && <Button size="small" onClick={() => setAsking('freeze')}>{t(held.frozen ? 'points.free' : 'points.freeze')}</Button>}
        </span>
      }
    >
      {held.lots.length === 0 ? <Empty title={t('points.noLots')} /> : (
        <DataTable
          label={t('points.lots')}
          rows={whole ? held.lots : held.lots.slice(0, LOTS)}
          rowKey={(row) => row.id}
          columns={[
            { key: 'from', title: t('points.lotSource'), render: (row) => t(`points.sources.${row.source_kind}` as 'points.sources.other', { defaultValue: t('points.sources.other') }) },
            { key: 'on', title: t('points.credited'), render: (row) => formatInstant(row.credited_at) },
            { key: 'amount', title: t('points.lotAmount'), number: true, render: (row) => formatCount(row.amount) },
            { key: 'left', title: t('points.remaining'), number: true, render: (row) => <b>{formatCount(row.remaining)}</b> },
            { key: 'until', title: t('points.lotEnds'), render: (row) => (row.expires_at ? formatLastDay(row.expires_at) : t('points.lotForever')) },
          ]}
        />
      )}
      {!whole && held.lots.length > LOTS && <p className="row points-more"><Button size="small" onClick={() => setWhole(true)}>{t('points.allLots', { total: formatCount(held.lots.length) })}</Button></p>}
      {holds.length > 0 && <Holds holds={holds} asOf={asOf} />}
      {asking === 'adjust' && <AdjustDialog held={held} seq={seq} close={() => setAsking(null)} />}
      {asking === 'freeze' && <FreezeDialog held={held} seq={seq} close={() => setAsking(null)} />}
    </Card>
  )
}

/** What is set aside, for what, until when; it is freed by what it is for. Two people let go of what a partner never answered. */
function Holds({ holds, asOf }: { holds: Hold[]; asOf: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [releasing, setReleasing] = useState<Hold | null>(null)
  return (
    <>
      <h3 className="points-holds">{t('points.holds')}</h3>
      <DataTable
        label={t('points.holds')}
        rows={holds}
        rowKey={(row) => row.id}
        columns={[
          { key: 'for', title: t('points.holdFor'), render: (row) => <>{t(`points.holdKinds.${row.source_kind}` as 'points.holdKinds.other', { defaultValue: t('points.holdKinds.other') })}<small className="mono">{row.id.replaceAll('-', '').slice(-12).toUpperCase()}</small></> },
          { key: 'on', title: t('points.holdSince'), render: (row) => formatInstant(row.held_at) },
          { key: 'amount', title: t('points.holdPoints'), number: true, render: (row) => <b>{formatCount(row.amount)}</b> },
          { key: 'until', title: t('points.holdUntil'), render: (row) => (row.source_kind === 'exchange' ? t('points.holdPartner') : formatInstant(row.expires_at)) },
          { key: 'release', title: '', render: (row) => may('points.write') && isLate(row, asOf) && <Button size="small" onClick={() => setReleasing(row)}>{t('points.release')}</Button> },
        ]}
      />
      {releasing && <ReleaseDialog held={releasing} close={() => setReleasing(null)} />}
    </>
  )
}

/** A partner that answers, by file at the latest, does so within a day. */
const isLate = (hold: Hold, asOf: string) => hold.source_kind === 'exchange' && Date.parse(asOf) - Date.parse(hold.held_at) > 86_400_000

function ReleaseDialog({ held, close }: { held: Hold; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ word, reason }: { word: string; reason: string }) => {
    await requestRelease({ release: { trade_id: held.id, word }, reason })
    void message.success(t('points.requested'))
  }
  return (
    <Ask<{ word: string; reason: string }> title={t('points.releaseOf')} submit={submit} close={close} action={t('points.request')}>
      <p className="second s13">{t('points.releaseHint')}</p>
      <Form.Item name="word" label={t('points.releaseWord')} extra={t('points.releaseWordHint')} rules={[{ required: true, whitespace: true, message: t('points.releaseWordMissing') }]}><Input maxLength={100} /></Form.Item>
      <Reason />
    </Ask>
  )
}

function Reason() {
  const { t } = useTranslation()
  return <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
}

function AdjustDialog({ held, seq, close }: { held: Held; seq: number; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ points, reason }: { points: number; reason: string }) => {
    await requestAdjustment({ items: [{ seq, type: held.type.code, points }], reason })
    void message.success(t('points.requested'))
  }
  return (
    <Ask<{ points: number; reason: string }> title={t('points.adjust')} submit={submit} close={close} action={t('points.request')}>
      <Form.Item name="points" label={t('points.adjustPoints')} extra={t('points.adjustHint')} rules={[{ required: true, message: t('points.needed') }, { validator: (_, value) => (value === 0 ? Promise.reject(new Error(t('points.needed'))) : Promise.resolve()) }]}>
        <InputNumber min={Math.max(-held.balance, -1_000_000)} max={1_000_000} precision={0} />
      </Form.Item>
      <Reason />
    </Ask>
  )
}

function FreezeDialog({ held, seq, close }: { held: Held; seq: number; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ reason }: { reason: string }) => {
    await requestFreeze({ freeze: { seq, type: held.type.code, frozen: !held.frozen }, reason })
    void message.success(t('points.requested'))
  }
  return <Ask<{ reason: string }> title={t(held.frozen ? 'points.free' : 'points.freeze')} submit={submit} close={close} action={t('points.request')} danger={!held.frozen}><p className="second s13">{t(held.frozen ? 'points.freeHint' : 'points.freezeHint')}</p><Reason /></Ask>
}

function Earned({ found }: { found: PointsAccount }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card className="c6" title={t('points.earned')} flush>
      {found.earnings.length === 0 ? <Empty title={t('points.noEarned')} /> : (
        <DataTable
          label={t('points.earned')}
          rows={found.earnings}
          rowKey={(row) => row.id}
          columns={[
            { key: 'rule', title: t('points.name'), render: (row) => <>{say(row.rule, row.rule_en)}<small>{formatInstant(row.happened_at)}</small></> },
            { key: 'points', title: t('points.gives'), number: true, render: (row) => <>+{formatCount(row.points)}{row.clawed > 0 && <small>{t('points.clawed')} −{formatCount(row.clawed)}</small>}</> },
            { key: 'state', title: t('points.state'), render: (row) => <PointsTag tone={row.state === 'pending' ? 'warn' : row.state === 'active' ? 'ok' : ''}>{t(`points.states.${row.state as 'active'}`)}</PointsTag> },
          ]}
        />
      )}
    </Card>
  )
}

function Moves({ found }: { found: PointsAccount }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const names = new Map(found.held.map((one) => [one.type.code, say(one.type.name, one.type.name_en)]))
  return (
    <Card className="c6" title={t('points.history')} flush>
      {found.movements.length === 0 ? <Empty title={t('points.noMoves')} /> : (
        <DataTable
          label={t('points.history')}
          rows={found.movements}
          rowKey={(row) => `${row.source_id}/${row.line}`}
          columns={[
            { key: 'kind', title: t('points.moved'), render: (row) => <>{t(`points.kinds.${row.kind as 'credit'}`)}<small>{formatInstant(row.at)} · {names.get(row.currency) ?? row.currency}</small></> },
            { key: 'points', title: t('points.pointsEach'), number: true, render: (row) => <b>{row.points > 0 ? '+' : '−'}{formatCount(Math.abs(row.points))}</b> },
          ]}
        />
      )}
    </Card>
  )
}
