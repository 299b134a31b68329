/** Accounts that look like a ring of abuse, with what speaks for each; a person says whether it is one. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { judgeRing, listRings, type Ring } from '@api/relations'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Empty } from '@kit/states'

const STATES = ['new', 'ring', 'innocent'] as const
const TONES: Record<string, string> = { new: 'warn', ring: 'bad', innocent: 'ok' }
const NAMED = 4

export default function RingsPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const [judging, setJudging] = useState<{ row: Ring; state: 'ring' | 'innocent' } | null>(null)
  const client = useQueryClient()
  const states = Object.fromEntries(STATES.map((state) => [state, t(`rings.states.${state}`)]))
  const act = (row: Ring) => row.state === 'new' && (
    <span className="row">
      <Button size="small" onClick={() => setJudging({ row, state: 'innocent' })}>{states.innocent}</Button>
      <Button size="small" type="primary" danger onClick={() => setJudging({ row, state: 'ring' })}>{states.ring}</Button>
    </span>
  )
  return (
    <>
      <DataPage
        name="rings"
        operation="list_rings"
        title={t('menu.rings')}
        label={t('menu.rings')}
        meta={<span>{t('rings.meta')}</span>}
        load={listRings}
        rowKey={(row) => row.id}
        statuses={STATES.map((value) => ({ value, label: t(`rings.states.${value}`) }))}
        columns={[
          { key: 'score', title: t('rings.score'), field: 'score', number: true, render: (row) => <b>{Math.round(row.score * 100)}</b> },
          { key: 'members', title: t('rings.members'), field: 'facts.members', render: (row) => <Members row={row} /> },
          { key: 'reasons', title: t('rings.reasons'), render: (row) => <ul className="s13">{row.reasons.map((reason) => <li key={reason.text_en}>{say(reason.text, reason.text_en)}</li>)}</ul> },
          { key: 'state', title: t('rings.state'), field: 'state', words: states, render: (row) => <span title={row.note}><span className={`tag ${TONES[row.state]}`}>{states[row.state]}</span>{row.judged_by && <><br /><small className="muted">{row.judged_by}</small></>}</span> },
          { key: 'found', title: t('rings.found'), field: 'found_at', format: 'instant', render: (row) => formatRecent(row.found_at) },
          ...(may('ring.judge') ? [{ key: 'act', title: '', render: act }] : []),
        ]}
        empty={<Empty title={t('rings.none')}>{t('rings.noneHint')}</Empty>}
      />
      {judging && (
        <Ask<{ note?: string }>
          title={t(`rings.asks.${judging.state}`, { count: judging.row.facts.members })}
          submit={async ({ note }) => { await judgeRing({ ring_id: judging.row.id, state: judging.state, note: note ?? '' }); void client.invalidateQueries() }}
          close={() => setJudging(null)}
        >
          <Form.Item name="note" label={t('rings.note')}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
        </Ask>
      )}
    </>
  )
}

/** How many they are, and the first few by name; whoever invited them first. */
function Members({ row }: { row: Ring }) {
  const { t } = useTranslation()
  return (
    <span>
      <b>{t('rings.accounts', { count: row.facts.members, shown: formatCount(row.facts.members) })}</b>
      {row.members.slice(0, NAMED).map((one) => (
        <small key={one.seq}><br /><Link className="name" to={`/customers/${one.seq}`}>{one.name ?? one.customer_no}</Link> <span className="mono muted">{one.customer_no}</span>{one.organiser && <> <span className="tag warn">{t('rings.organiser')}</span></>}</small>
      ))}
    </span>
  )
}
