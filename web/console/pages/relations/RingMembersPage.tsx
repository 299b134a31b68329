/** Every member of every ring, one row each: what risk takes away as a file, marked with who made it. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listRingMembers } from '@api/relations'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { formatRecent } from '@kit/format'
import { Empty } from '@kit/states'
import { STATES, TONES } from './ringStates'

export default function RingMembersPage() {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const states = Object.fromEntries(STATES.map((state) => [state, t(`rings.states.${state}`)]))
  return (
    <DataPage
      name="ring-members"
      operation="list_ring_members"
      title={t('rings.list')}
      label={t('rings.list')}
      crumbs={[{ label: t('menu.rings'), to: '/rings' }, { label: t('rings.list') }]}
      meta={<span>{t('rings.forRisk')}</span>}
      load={listRingMembers}
      rowKey={(row) => `${row.ring_id} ${row.seq}`}
      statuses={STATES.map((value) => ({ value, label: t(`rings.states.${value}`) }))}
      columns={[
        { key: 'who', title: t('leads.who'), field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small>{row.organiser && <> <span className="tag warn">{t('rings.organiser')}</span></>}</span> },
        { key: 'unit', title: t('leads.unit'), field: 'unit_name', render: (row) => unitLabel(row.unit_id, row.unit_name) },
        { key: 'ring', title: t('rings.ring'), field: 'ring_id', render: (row) => <Link className="mono" to={`/rings/${row.ring_id}`}>{row.ring_id.slice(-6)}</Link> },
        { key: 'score', title: t('rings.score'), field: 'score', number: true, render: (row) => Math.round(row.score * 100) },
        { key: 'state', title: t('rings.state'), field: 'state', words: states, render: (row) => <span className={`tag ${TONES[row.state]}`}>{states[row.state]}</span> },
        { key: 'by', title: t('rings.judgedBy'), field: 'judged_by', render: (row) => (row.judged_by ? <>{row.judged_by}<small className="muted">{row.judged_at && formatRecent(row.judged_at)}</small></> : '—') },
      ]}
      empty={<Empty title={t('rings.none')}>{t('rings.noneHint')}</Empty>}
    />
  )
}
