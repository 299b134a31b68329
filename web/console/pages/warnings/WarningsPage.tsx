/** Who begins to cool, and what is at risk: taken, looked after, or found to be nothing. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getShape, getWarningEffect, getWarningSum, listWarnings, moveWarning, type EarlyWarning, type Stage, type WarningEffect } from '@api/temperature'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatShare } from '@kit/format'
import { Money } from '@kit/Headline'
import { Card, Figures } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { ReviewButton } from '../customers/ReviewButton'
import { StageTag } from '../customers/TemperatureCard'

const SIGNS = ['cooled', 'quiet', 'money_out', 'salary_gone', 'due', 'complained'] as const
const STATES = ['new', 'taken', 'done', 'false_alarm'] as const
const STAGES: Stage[] = ['hot', 'warm', 'cool', 'cold']
const WORTH = ['1000000', '5000000', '20000000']
const TONES: Record<string, string> = { new: 'bad', taken: 'info', done: 'ok', false_alarm: '' }

export default function WarningsPage() {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { may, ownCustomers } = useSession()
  const [ending, setEnding] = useState<{ row: EarlyWarning; state: 'done' | 'false_alarm' } | null>(null)
  const client = useQueryClient()
  const again = () => void client.invalidateQueries()
  return (
    <>
      <DataPage
        name="early-warnings"
        operation={ownCustomers ? undefined : 'list_early_warnings'}
        title={t('menu.warnings')}
        label={t('menu.warnings')}
        meta={<span>{t('warning.meta')}</span>}
        above={<Above />}
        load={listWarnings}
        rowKey={(row) => row.id}
        statuses={STATES.map((value) => ({ value, label: t(`warning.states.${value}`) }))}
        filters={(state) => (
          <>
            <Select
              allowClear aria-label={t('warning.sign')} placeholder={t('warning.sign')} style={{ minWidth: 150 }} value={state.params.sign}
              options={SIGNS.map((value) => ({ value, label: t(`warning.signs.${value}`) }))} onChange={(sign?: string) => state.change({ sign })}
            />
            <Select
              allowClear aria-label={t('warning.value')} placeholder={t('warning.value')} style={{ minWidth: 150 }} value={state.params.value_fen_min}
              options={WORTH.map((value) => ({ value, label: t('warning.from', { yuan: formatCount(Number(value) / 100) }) }))}
              onChange={(value_fen_min?: string) => state.change({ value_fen_min })}
            />
          </>
        )}
        columns={[
          { key: 'who', title: t('warning.who'), sort: 'customer', field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small></span> },
          { key: 'stage', title: t('temperature.title'), sort: 'temperature', field: 'stage', words: Object.fromEntries(STAGES.map((stage) => [stage, t(`temperature.stages.${stage}`)])), render: (row) => <StageTag stage={row.stage} value={row.temperature} /> },
          { key: 'signs', title: t('warning.sign'), sort: 'signs', field: 'signs', render: (row) => <span className="warning-signs">{row.signs.map((sign) => <span key={sign} className="tag plain">{t(`warning.signs.${sign}`)}</span>)}</span> },
          { key: 'value', title: t('warning.value'), sort: 'value', field: 'value_fen', format: 'yuan', number: true, render: (row) => <Money fen={row.value_fen} /> },
          { key: 'owner', title: t('warning.owner'), field: 'owner', render: (row) => <span>{row.owner || '—'}<br /><small className="muted">{unitLabel(row.unit_id, row.unit_name)}</small></span> },
          { key: 'day', title: t('warning.day'), sort: 'day', field: 'day', format: 'day', render: (row) => <span className="nowrap">{formatDay(row.day)}</span> },
          { key: 'state', title: t('warning.state'), sort: 'state', field: 'state', words: Object.fromEntries(STATES.map((state) => [state, t(`warning.states.${state}`)])), render: (row) => <span title={row.note}><span className={`tag ${TONES[row.state]}`}>{t(`warning.states.${row.state}`)}</span>{row.taken_by && <><br /><small className="muted">{row.taken_by}</small></>}</span> },
          ...(may('warning.act') ? [{ key: 'act', title: '', render: (row: EarlyWarning) => <Steps row={row} end={(state) => setEnding({ row, state })} done={again} /> }] : []),
        ]}
        empty={<Empty title={t('warning.none')}>{t('warning.noneHint')}</Empty>}
      />
      {ending && (
        <Ask<{ note?: string }>
          title={t(`warning.ends.${ending.state}`, { who: ending.row.name ?? ending.row.customer_no })}
          submit={async ({ note }) => { await moveWarning({ warning_id: ending.row.id, state: ending.state, note: note ?? '' }); again() }}
          close={() => setEnding(null)}
        >
          <Form.Item name="note" label={t('warning.note')}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
        </Ask>
      )}
    </>
  )
}

function Above() {
  const { t } = useTranslation()
  const { may } = useSession()
  const sum = useQuery({ queryKey: ['early-warning-sum'], queryFn: getWarningSum })
  const effect = useQuery({ queryKey: ['early-warning-effect'], queryFn: getWarningEffect })
  const shape = useQuery({ queryKey: ['temperature-shape'], queryFn: getShape, enabled: may('tag.read') })
  return (
    <div className="grid" style={{ marginBottom: 16 }}>
      <Card className="c4" title={t('warning.open')}>
        <Loaded query={sum} rows={2}>
          {(found) => <Figures items={[{ label: t('warning.openCount'), value: formatCount(found.open) }, { label: t('warning.atRisk'), value: <Money fen={found.value_fen} />, hint: t('warning.atRiskHint') }]} />}
        </Loaded>
      </Card>
      <Card className={may('tag.read') ? 'c4' : 'c8'} title={t('warning.effect')} hint={t('warning.effectHint')}>
        <Loaded query={effect} rows={2}>{(found) => <Effect found={found} />}</Loaded>
      </Card>
      {may('tag.read') && (
        <Card className="c4" title={t('warning.shape')} hint={shape.data?.day ? t('warning.shapeHint', { day: formatDay(shape.data.day), count: shape.data.customers, shown: formatCount(shape.data.customers), average: shape.data.average ?? 0 }) : undefined}>
          <Loaded query={shape} rows={2}>{(found) => <Shares stages={found.stages} all={found.customers} />}</Loaded>
        </Card>
      )}
    </div>
  )
}

/** Those looked after beside those kept back, and how much more of them stayed, as far as that can be told. */
function Effect({ found }: { found: WarningEffect }) {
  const { t } = useTranslation()
  const { stayed } = found
  if (found.shown + found.control === 0) return <p className="muted s13">{t('warning.effectNone')}</p>
  const share = (value: number | null | undefined) => (value == null ? '—' : formatShare(value, 1))
  const points = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)}%`
  return (
    <>
      <Figures items={[
        { label: t('warning.effectShown'), value: share(stayed.treated_average), hint: formatCount(found.shown) },
        { label: t('warning.effectControl'), value: share(stayed.control_average), hint: formatCount(found.control) },
        ...(stayed.difference ? [{ label: t('warning.effectStayed'), value: points(stayed.difference.value), hint: t('warning.effectInterval', { low: points(stayed.difference.low), high: points(stayed.difference.high) }) }] : []),
      ]} />
      {!stayed.difference && <p className="muted s13">{t('warning.effectFew')}</p>}
    </>
  )
}

function Shares({ stages, all }: { stages: Record<string, number>; all: number }) {
  const { t } = useTranslation()
  if (all === 0) return <p className="muted s13">{t('temperature.noneHint')}</p>
  return (
    <>
      <div className="stage-bars" aria-hidden>{STAGES.map((stage) => <i key={stage} className={stage} style={{ width: `${((stages[stage] ?? 0) / all) * 100}%` }} />)}</div>
      <div className="stage-names">
        {STAGES.map((stage) => <span key={stage}><StageTag stage={stage} /> <b>{formatShare(stages[stage] ?? 0, all)}</b> <small className="muted">{formatCount(stages[stage] ?? 0)}</small></span>)}
      </div>
    </>
  )
}

function Steps({ row, end, done }: { row: EarlyWarning; end: (state: 'done' | 'false_alarm') => void; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const take = useMutation({
    mutationFn: () => moveWarning({ warning_id: row.id, state: 'taken', note: row.note }),
    onSuccess: done,
    onError: (error) => void message.error(say(problemOf(error))),
  })
  if (row.state !== 'new' && row.state !== 'taken') return null
  return (
    <span className="row" style={{ gap: 8, justifyContent: 'flex-end' }}>
      {row.state === 'new' && <Button size="small" type="primary" ghost loading={take.isPending} onClick={() => take.mutate()}>{t('warning.take')}</Button>}
      <Button size="small" onClick={() => end('done')}>{t('warning.done')}</Button>
      <Button size="small" type="text" onClick={() => end('false_alarm')}>{t('warning.falseAlarm')}</Button>
      <ReviewButton small seq={row.seq} name={row.name ?? row.customer_no} />
    </span>
  )
}
