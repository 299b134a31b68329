/** Customers who may be one: a person joins them, or says that they are two. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getIdentityRules, listMatches, tellApart, type Match } from '@api/accounts'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { JoinDialog } from './IdentityCard'
import '../relations/relations.css'

export default function MatchesPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const unitLabel = useUnitLabel()
  const say = useBilingual()
  const tell = useProblemText()
  const rules = useQuery({ queryKey: ['identity-rules'], queryFn: getIdentityRules })
  const choices = (rules.data?.rules ?? []).map((one) => ({ value: one.name, label: say(one.label, one.label_en) }))
  const client = useQueryClient()
  const navigate = useNavigate()
  const [joining, setJoining] = useState<Match | null>(null)
  const again = () => void client.invalidateQueries()
  const apart = async (row: Match) => {
    try {
      await tellApart({ seq: row.first.seq, other_seq: row.second.seq })
      void message.success(t('identity.apartDone'))
      again()
    } catch (error) {
      void message.error(tell(problemOf(error)))
    }
  }
  const who = (one: Match['first']) => (
    <span><Link className="name" to={`/customers/${one.seq}`}>{one.name ?? '—'}</Link> <small className="mono">{one.customer_no}</small><small className="muted">{[one.phone, one.id_document, unitLabel(one.unit_id, one.unit_name)].filter(Boolean).join(' · ')}</small></span>
  )
  return (
    <>
      <DataPage
        name="matches"
        operation="list_identity_matches"
        title={t('identity.matches')}
        label={t('identity.matches')}
        meta={<span>{t('identity.matchesHint')}</span>}
        actions={<Button onClick={() => void navigate({ to: '/identity-matches/rules' })}>{t('rules.title')}</Button>}
        load={listMatches}
        rowKey={(row) => `${row.first.seq}-${row.second.seq}`}
        filters={(state) => (
          <Select
            aria-label={t('identity.why')} style={{ minWidth: 180 }} value={state.params.rule ?? ''} loading={rules.isPending} options={[{ value: '', label: t('identity.everyRule') }, ...choices]}
            onChange={(rule: string) => state.change({ rule: rule || undefined })}
          />
        )}
        columns={[
          { key: 'first', title: t('identity.first'), field: 'first.customer_no', render: (row) => who(row.first) },
          { key: 'second', title: t('identity.second'), field: 'second.customer_no', render: (row) => who(row.second) },
          { key: 'why', title: t('identity.why'), field: 'rule', words: Object.fromEntries(choices.map((one) => [one.value, one.label])), render: (row) => <Shares evidence={row.evidence} /> },
          { key: 'act', title: '', render: (row) => <span className="row" style={{ gap: 8, justifyContent: 'flex-end' }}><Button size="small" onClick={() => void apart(row)}>{t('identity.apart')}</Button>{row.certainty !== 'never' && <Button size="small" type="primary" ghost onClick={() => setJoining(row)}>{t('identity.join')}</Button>}</span> },
        ]}
        empty={<Empty title={t('identity.none')}>{t('identity.noneHint')}</Empty>}
      />
      {joining && <JoinDialog seq={joining.first.seq} other={joining.second.customer_no} close={() => { setJoining(null); again() }} />}
    </>
  )
}

/** What two share, what they differ in, and what too many share to say anything. */
function Shares({ evidence }: { evidence: Match['evidence'] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <span className="shares">
      {evidence.map((one) => {
        const field = say(one.label, one.label_en)
        const text = one.same ? t('rules.sameOf', { field }) : t('rules.differOf', { field })
        return <span key={one.field} className={`tag ${one.counts ? 'ok' : one.same ? 'warn' : 'bad'}`} title={one.same && !one.counts ? t('rules.tooMany', { count: one.count }) : undefined}>{text}{one.count > 2 && ` · ${t('around.sharedBy', { count: one.count })}`}</span>
      })}
    </span>
  )
}
