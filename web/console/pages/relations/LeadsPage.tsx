/** Colleagues of known good customers, with the reason: whom to look at next, where the same employers pay. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listLeads, type Lead } from '@api/relations'
import { listSegments } from '@api/segments'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { formatShare } from '@kit/format'
import { Empty } from '@kit/states'
import './relations.css'

const SORTS = ['good', 'share', 'employer'] as const

export default function LeadsPage() {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { ownCustomers } = useSession()
  const segments = useQuery({ queryKey: ['segments', 'choices'], queryFn: () => listSegments({ limit: '200' }), enabled: !ownCustomers })
  const choices = segments.data?.items ?? []
  const first = choices[0]?.id
  return (
    <DataPage<Lead>
      name="leads"
      operation={ownCustomers ? undefined : 'list_leads'}
      title={t('menu.leads')}
      label={t('menu.leads')}
      meta={<span>{t(ownCustomers ? 'leads.ownMeta' : 'leads.meta')}</span>}
      load={(params) => listLeads(params)}
      rowKey={(row) => row.seq}
      searchHint={t('leads.search')}
      filters={(state) => (
        <>
          {!ownCustomers && <Select
            showSearch aria-label={t('leads.good')} placeholder={t('leads.good')} style={{ minWidth: 240 }} value={state.params.segment} loading={segments.isPending}
            optionFilterProp="label" options={choices.map((one) => ({ value: one.id, label: t('leads.goodIs', { name: one.name }) }))}
            onChange={(segment: string) => state.change({ segment })} defaultOpen={false} notFoundContent={first ? undefined : t('leads.noSegments')}
          />}
          <Select
            aria-label={t('leads.sort')} style={{ minWidth: 150 }} value={state.params.sort ?? 'good'}
            options={SORTS.map((value) => ({ value, label: t(`leads.sorts.${value}`) }))} onChange={(sort: string) => state.change({ sort: sort === 'good' ? undefined : sort })}
          />
        </>
      )}
      columns={[
        { key: 'who', title: t('leads.who'), field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small></span> },
        { key: 'employer', title: t('leads.employer'), field: 'employer', render: (row) => row.employer },
        { key: 'why', title: t('leads.why'), render: (row) => <span>{t('leads.because', { good: row.good, staff: row.staff })}</span> },
        { key: 'share', title: t('leads.share'), number: true, render: (row) => formatShare(row.good, row.staff) },
        { key: 'good', title: t('leads.goodCount'), field: 'good', number: true, optional: true, render: (row) => row.good },
        { key: 'staff', title: t('leads.staffCount'), field: 'staff', number: true, optional: true, render: (row) => row.staff },
        { key: 'unit', title: t('leads.unit'), field: 'unit_name', render: (row) => unitLabel(row.unit_id, row.unit_name) },
      ]}
      empty={<Empty sign="search" title={t('leads.none')}>{t(ownCustomers ? 'leads.ownNoneHint' : 'leads.noneHint')}</Empty>}
    />
  )
}
