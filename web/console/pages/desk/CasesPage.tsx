/** Cases of the service desk: mine, my units', found by number, words or customer. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listCases } from '@api/desk'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { caseKinds } from './CaseDialogs'
import './desk.css'

export default function CasesPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  const find = may('desk.find') && <Link to="/desk"><Button type="primary" icon={<Icon name="search" />}>{t('desk.find')}</Button></Link>
  return (
    <DataPage
      name="cases"
      operation="list_cases"
      title={t('desk.cases')}
      label={t('desk.cases')}
      load={listCases}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/cases/${row.id}` })}
      searchHint={t('desk.caseSearch')}
      statuses={['open', 'closed'].map((value) => ({ value, label: t(`status.case.${value}`) }))}
      actions={find}
      filters={(state) => (
        <>
          <Select
            aria-label={t('desk.whose')} className="desk-whose" value={state.params.view ?? ''}
            options={[{ value: '', label: t('desk.myUnits') }, { value: 'mine', label: t('desk.onlyMine') }]}
            onChange={(view: string) => state.change({ view: view || undefined })}
          />
          <Select
            aria-label={t('desk.kind')} placeholder={t('desk.kind')} allowClear className="desk-whose" value={state.params.kind}
            options={caseKinds.map((value) => ({ value, label: t(`desk.caseKinds.${value}`) }))}
            onChange={(kind?: string) => state.change({ kind })}
          />
        </>
      )}
      columns={[
        { key: 'title', title: t('desk.case'), field: 'title', render: (row) => <Link className="name" to={`/cases/${row.id}`}>{row.title || '—'}</Link> },
        { key: 'number', title: t('desk.number'), field: 'number', render: (row) => <span className="mono nowrap">{row.number}</span> },
        { key: 'kind', title: t('desk.kind'), field: 'kind', words: 'desk.caseKinds', render: (row) => t(`desk.caseKinds.${row.kind}`) },
        { key: 'customer', title: t('customer.one'), field: 'customer_no', render: (row) => <>{row.name ?? '—'}<small className="mono">{row.customer_no}</small></> },
        { key: 'unit', title: t('customer.unit'), field: 'unit', render: (row) => unitLabel(row.unit_id, row.unit) },
        { key: 'notes', title: t('desk.notes'), field: 'notes', format: 'count', number: true, render: (row) => formatCount(row.notes) },
        { key: 'by', title: t('desk.by'), field: 'opened_by_name', render: (row) => row.opened_by_name },
        { key: 'changed', title: t('desk.changed'), field: 'changed_at', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
        { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.case', render: (row) => <StatusTag kind="case" value={row.state} /> },
      ]}
      empty={<Empty title={t('desk.noneYet')} actions={find}>{t('desk.noneYetHint')}</Empty>}
    />
  )
}
