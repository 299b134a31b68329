/** Accounts that look like a ring of abuse, with what speaks for each; a person says whether it is one. */
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listRings, refreshRings, type Ring } from '@api/relations'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { RingVerdict } from './RingVerdict'
import { STATES, TONES } from './ringStates'

const NAMED = 4

export default function RingsPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useBilingual()
  const tell = useProblemText()
  const { may } = useSession()
  const navigate = useNavigate()
  const [judging, setJudging] = useState<{ row: Ring; state: Ring['state'] } | null>(null)
  const refresh = useMutation({ mutationFn: refreshRings, onSuccess: () => void message.success(t('rings.refreshing')), onError: (error) => void message.error(tell(problemOf(error))) })
  const states = Object.fromEntries(STATES.map((state) => [state, t(`rings.states.${state}`)]))
  const act = (row: Ring) => row.state === 'new' && (
    <span className="row">
      <Button size="small" onClick={() => setJudging({ row, state: 'innocent' })}>{t('rings.verbs.innocent')}</Button>
      <Button size="small" danger onClick={() => setJudging({ row, state: 'ring' })}>{t('rings.verbs.ring')}</Button>
    </span>
  )
  return (
    <>
      <DataPage
        name="rings"
        title={t('menu.rings')}
        label={t('menu.rings')}
        meta={<span>{t('rings.meta')}</span>}
        actions={(
          <>
            <Button onClick={() => void navigate({ to: '/ring-members' })}>{t('rings.list')}</Button>
            {may('ring.judge') && <Button loading={refresh.isPending} onClick={() => refresh.mutate()}>{t('rings.refresh')}</Button>}
          </>
        )}
        load={listRings}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/rings/${row.id}` })}
        statuses={STATES.map((value) => ({ value, label: t(`rings.states.${value}`) }))}
        columns={[
          { key: 'members', title: t('rings.members'), render: (row) => <Members row={row} /> },
          { key: 'score', title: t('rings.score'), number: true, render: (row) => <b>{Math.round(row.score * 100)}</b> },
          { key: 'reasons', title: t('rings.reasons'), render: (row) => <ul className="s13">{row.reasons.map((reason) => <li key={reason.text_en}>{say(reason.text, reason.text_en)}</li>)}</ul> },
          { key: 'state', title: t('rings.state'), render: (row) => <span title={row.note}><span className={`tag ${TONES[row.state]}`}>{states[row.state]}</span>{row.judged_by && <small className="muted">{row.judged_by}</small>}</span> },
          { key: 'found', title: t('rings.found'), render: (row) => formatRecent(row.found_at) },
          ...(may('ring.judge') ? [{ key: 'act', title: '', render: act }] : []),
        ]}
        empty={<Empty title={t('rings.none')}>{t('rings.noneHint')}</Empty>}
      />
      {judging && <RingVerdict ring={judging.row} state={judging.state} close={() => setJudging(null)} />}
    </>
  )
}

/** How many they are, and the first few by name; whoever invited them first. */
function Members({ row }: { row: Ring }) {
  const { t } = useTranslation()
  return (
    <span>
      <Link className="name" to={`/rings/${row.id}`}>{t('rings.accounts', { count: row.facts.members, shown: formatCount(row.facts.members) })}</Link>
      {row.members.slice(0, NAMED).map((one) => (
        <small key={one.seq}>{one.name ?? one.customer_no} <span className="mono muted">{one.customer_no}</span>{one.organiser && <> <span className="tag warn">{t('rings.organiser')}</span></>}</small>
      ))}
    </span>
  )
}
