/** Customers in scope, masked; found by exact number, phone or id document. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listCustomers, type CustomerRow } from '@api/customers'
import { useSession } from '@console/app/session'
import { UnitSelect, useUnitLabel } from '@console/app/units'
import { EndDialog } from '@console/pages/managers/EndDialog'
import { GiveDialog } from '@console/pages/managers/GiveDialog'
import { ManagerSelect, useManagers } from '@console/pages/managers/ManagerSelect'
import type { BulkAction } from '@kit/Bulk'
import { DataPage } from '@kit/DataPage'
import { formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

export default function CustomersPage() {
  const { t } = useTranslation()
  const { may, ownCustomers } = useSession()
  const assigns = may('customer.assign')
  const search: { looked_after_by?: string } = useSearch({ strict: false })
  const manager = useManagers(assigns).data?.items.find((one) => one.id === search.looked_after_by)
  const [moving, setMoving] = useState<{ by: 'give' | 'end'; numbers: string[]; clear: () => void } | null>(null)
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  const bring = may('customer.import') && (
    <Link to="/imports/new"><Button type="primary" icon={<Icon name="upload" />}>{t('import.new')}</Button></Link>
  )
  const active = (row: CustomerRow) => row.status === 'active'
  const begin = (by: 'give' | 'end') => (rows: CustomerRow[], clear: () => void) => setMoving({ by, numbers: rows.map((row) => row.customer_no), clear })
  const bulk: BulkAction<CustomerRow>[] = [
    { key: 'give', label: t('ownership.give'), fits: active, begin: begin('give') },
    { key: 'end', label: t('ownership.endMany'), fits: active, danger: true, begin: begin('end') },
  ]
  return (
    <>
      <DataPage
        name="customers"
        operation={ownCustomers ? undefined : 'list_customers'}
        title={t('customer.search')}
        label={t('menu.customers')}
        meta={<span><Icon name="lock" style={{ width: 12, height: 12, display: 'inline', verticalAlign: -1 }} /> {t('customer.maskedHint')}</span>}
        load={listCustomers}
        rowKey={(row) => row.seq}
        open={(row) => void navigate({ to: `/customers/${row.seq}` })}
        searchHint={t('customer.searchHint')}
        actions={bring}
        filters={(state) => (
          <>
            <UnitSelect
              aria-label={t('customer.unit')} placeholder={t('customer.unit')} allowClear style={{ minWidth: 180 }}
              value={state.params.unit_id ? Number(state.params.unit_id) : undefined}
              onChange={(unit?: number) => state.change({ unit_id: unit?.toString() })}
            />
            <Select
              aria-label={t('campaign.state')} placeholder={t('campaign.state')} allowClear style={{ minWidth: 110 }} value={state.params.status}
              options={['active', 'merged', 'closed', 'erased'].map((value) => ({ value, label: t(`status.customer.${value}`) }))}
              onChange={(status?: string) => state.change({ status })}
            />
            {assigns && (
              <>
                <ManagerSelect by="id" aria-label={t('ownership.filter')} placeholder={t('ownership.filter')} allowClear style={{ minWidth: 180 }} value={state.params.looked_after_by} onChange={(id?: string) => state.change({ looked_after_by: id })} />
                <Checkbox checked={state.params.pool === 'true'} onChange={(event) => state.change({ pool: event.target.checked ? 'true' : undefined })}>{t('ownership.poolOnly')}</Checkbox>
              </>
            )}
          </>
        )}
        columns={[
          { key: 'name', title: t('customer.one'), field: 'name', render: (row) => <Link className="name" to={`/customers/${row.seq}`}>{row.name ?? '—'}</Link> },
          { key: 'no', title: t('customer.no'), sort: 'no', field: 'customer_no', render: (row) => <span className="mono">{row.customer_no}</span> },
          { key: 'phone', title: t('customer.phone'), field: 'phone', render: (row) => row.phone ?? '—' },
          { key: 'id', title: t('customer.idDocument'), field: 'id_document', render: (row) => row.id_document ?? '—' },
          { key: 'unit', title: t('customer.unit'), sort: 'unit', field: 'unit_name', render: (row) => unitLabel(row.unit_id, row.unit_name) },
          { key: 'changed', title: t('customer.changed'), sort: 'changed', field: 'changed_at', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
          { key: 'status', title: t('campaign.state'), sort: 'status', field: 'status', words: 'status.customer', render: (row) => <StatusTag kind="customer" value={row.status} /> },
        ]}
        bulk={assigns ? bulk : undefined}
        empty={<Empty title={t('customer.none')} actions={bring}>{t('customer.noneHint')}</Empty>}
      />
      {moving?.by === 'give' && <GiveDialog numbers={moving.numbers} close={() => setMoving(null)} done={moving.clear} />}
      {moving?.by === 'end' && <EndDialog numbers={moving.numbers} login={manager?.login} close={() => setMoving(null)} done={moving.clear} />}
    </>
  )
}
