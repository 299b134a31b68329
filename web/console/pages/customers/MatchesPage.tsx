/** Customers who may be one: a person joins them, or says that they are two. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, message, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listMatches, tellApart, type Match } from '@api/accounts'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { Empty } from '@kit/states'
import { JoinDialog } from './IdentityCard'

const WHYS = ['same_document', 'same_phone_and_name', 'same_phone']

export default function MatchesPage() {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const client = useQueryClient()
  const [joining, setJoining] = useState<Match | null>(null)
  const again = () => void client.invalidateQueries()
  const apart = async (row: Match) => {
    await tellApart({ seq: row.first.seq, other_seq: row.second.seq })
    void message.success(t('identity.apartDone'))
    again()
  }
  const who = (one: Match['first']) => (
    <span><Link className="name" to={`/customers/${one.seq}`}>{one.name ?? '—'}</Link> <small className="mono">{one.customer_no}</small><br /><small className="muted">{[one.phone, one.id_document, unitLabel(one.unit_id, one.unit_name)].filter(Boolean).join(' · ')}</small></span>
  )
  return (
    <>
      <DataPage
        name="matches"
        operation="list_identity_matches"
        title={t('identity.matches')}
        label={t('identity.matches')}
        meta={<span>{t('identity.matchesHint')}</span>}
        load={listMatches}
        rowKey={(row) => `${row.first.seq}-${row.second.seq}`}
        filters={(state) => (
          <Select
            aria-label={t('identity.why')} style={{ minWidth: 180 }} value={state.params.why ?? WHYS[0]}
            options={WHYS.map((value) => ({ value, label: t(`identity.whys.${value}`) }))}
            onChange={(why: string) => state.change({ why })}
          />
        )}
        columns={[
          { key: 'first', title: t('identity.first'), field: 'first.customer_no', render: (row) => who(row.first) },
          { key: 'second', title: t('identity.second'), field: 'second.customer_no', render: (row) => who(row.second) },
          { key: 'why', title: t('identity.why'), field: 'why', words: Object.fromEntries(WHYS.map((why) => [why, t(`identity.whys.${why}`)])), render: (row) => <span className={`tag ${row.strength === 'strong' ? 'warn' : ''}`}>{t(`identity.whys.${row.why}`)}</span> },
          { key: 'act', title: '', render: (row) => <span className="row" style={{ gap: 8, justifyContent: 'flex-end' }}><Button size="small" onClick={() => void apart(row)}>{t('identity.apart')}</Button><Button size="small" type="primary" onClick={() => setJoining(row)}>{t('identity.join')}</Button></span> },
        ]}
        empty={<Empty title={t('identity.none')}>{t('identity.noneHint')}</Empty>}
      />
      {joining && <JoinDialog seq={joining.first.seq} other={joining.second.customer_no} close={() => { setJoining(null); again() }} />}
    </>
  )
}
