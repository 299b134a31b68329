/** Whose invitations brought most, how far they went, and what the graph of relations came to. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getReading, listCascades, type Inviter } from '@api/relations'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Figures } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './relations.css'

const KINDS = ['referral', 'payroll', 'household', 'transfer', 'device'] as const
const SIZES = ['2', '3-5', '6-8', '9+']

export default function CascadesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  return (
    <DataPage<Inviter>
      name="cascades"
      operation="list_cascades"
      title={t('menu.cascades')}
      label={t('menu.cascades')}
      meta={<Meta />}
      above={<Whole />}
      load={listCascades}
      rowKey={(row) => `${row.seq ?? ''} ${row.size} ${row.depth} ${row.direct}`}
      open={(row) => row.seq != null && void navigate({ to: `/cascades/${row.seq}` })}
      columns={[
        { key: 'who', title: t('cascade.who'), field: 'customer_no', render: (row) => (row.seq == null ? <span className="muted">{t('around.elsewhere')}</span> : <span><b className="name">{row.name ?? row.customer_no}</b> <small className="mono muted">{row.customer_no}</small></span>) },
        { key: 'size', title: t('cascade.size'), field: 'size', number: true, render: (row) => <b>{formatCount(row.size)}</b> },
        { key: 'direct', title: t('cascade.direct'), field: 'direct', number: true, render: (row) => formatCount(row.direct) },
        { key: 'depth', title: t('cascade.depth'), field: 'depth', number: true, render: (row) => t('cascade.generations', { count: row.depth }) },
        { key: 'unit', title: t('leads.unit'), field: 'unit_name', render: (row) => (row.unit_id == null ? '—' : unitLabel(row.unit_id, row.unit_name ?? '—')) },
      ]}
      empty={<Empty sign="search" title={t('cascade.none')}>{t('cascade.noneHint')}</Empty>}
    />
  )
}

function Meta() {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['relation-reading'], queryFn: getReading })
  return <span>{t('cascade.meta')}{data && ` · ${t('cascade.readAt', { at: formatRecent(data.read_at) })}`}</span>
}

/** Edges by kind, and how large the groups are that share devices. */
function Whole() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['relation-reading'], queryFn: getReading })
  return (
    <div className="above-list">
      <Loaded query={query} rows={2}>
        {(read) => (read ? (
          <Figures
            items={[
              { label: t('cascade.invited'), value: formatCount(read.invited), hint: t('cascade.byInviters', { count: read.inviters, depth: read.depth }) },
              { label: t('cascade.edges'), value: formatCount(KINDS.reduce((sum, kind) => sum + (read.edges[kind] ?? 0), 0)), hint: KINDS.filter((kind) => read.edges[kind]).map((kind) => `${t(`around.kinds.${kind}`)} ${formatCount(read.edges[kind] ?? 0)}`).join(' · ') },
              ...(Object.keys(read.groups).length === 0 ? [] : [{ label: t('cascade.groups'), value: formatCount(SIZES.reduce((sum, size) => sum + (read.groups[size] ?? 0), 0)), hint: SIZES.map((size) => t('cascade.groupOf', { size, count: read.groups[size] ?? 0 })).join(' · ') }]),
            ]}
          />
        ) : <p className="muted s13">{t('cascade.unread')}</p>)}
      </Loaded>
    </div>
  )
}
