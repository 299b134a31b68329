/** Cases of the service desk: mine, my units', found by number, words or customer. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listCases, type CaseRow } from '@api/desk'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ColleagueFilter, DaysFilter, KindFilter } from './filters'
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
          <KindFilter state={state} />
          {state.params.view !== 'mine' && <ColleagueFilter state={state} name="assigned" label={t('desk.assigned')} />}
          <DaysFilter state={state} label={t('desk.openedOn')} />
          <Checkbox checked={state.params.overdue === 'true'} onChange={(event) => state.change({ overdue: event.target.checked ? 'true' : undefined })}>{t('desk.overdue')}</Checkbox>
        </>
      )}
      columns={[
        { key: 'title', title: t('desk.case'), field: 'title', sort: 'title', render: (row) => <Link className="name" to={`/cases/${row.id}`}>{row.title || '—'}</Link> },
        { key: 'number', title: t('desk.number'), field: 'number', sort: 'number', render: (row) => <span className="mono nowrap">{row.number}</span> },
        { key: 'kind', title: t('desk.kind'), field: 'kind', sort: 'kind', words: 'desk.caseKinds', render: (row) => t(`desk.caseKinds.${row.kind}`) },
        { key: 'customer', title: t('customer.one'), field: 'customer_no', sort: 'customer', render: (row) => <>{row.name ?? '—'}<small className="mono">{row.customer_no}</small></> },
        { key: 'unit', title: t('customer.unit'), field: 'unit', sort: 'unit', render: (row) => unitLabel(row.unit_id, row.unit) },
        { key: 'notes', title: t('desk.notes'), field: 'notes', sort: 'notes', format: 'count', number: true, render: (row) => formatCount(row.notes) },
        { key: 'by', title: t('desk.by'), field: 'opened_by_name', sort: 'by', optional: true, render: (row) => row.opened_by_name },
        { key: 'assigned', title: t('desk.assigned'), field: 'assigned_to_name', sort: 'assigned', render: (row) => row.assigned_to_name },
        { key: 'due', title: t('desk.due'), field: 'due_at', sort: 'due', format: 'instant', render: (row) => <Due row={row} /> },
        { key: 'changed', title: t('desk.changed'), field: 'changed_at', sort: 'changed', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
        { key: 'state', title: t('campaign.state'), field: 'state', sort: 'state', words: 'status.case', render: (row) => <StatusTag kind="case" value={row.state} /> },
      ]}
      empty={<Empty title={t('desk.noneYet')} actions={find}>{t('desk.noneYetHint')}</Empty>}
    />
  )
}

/** By when an open case should be closed; a closed one has no such day any more. */
function Due({ row }: { row: CaseRow }) {
  const { t } = useTranslation()
  if (row.state === 'closed') return <span className="muted">—</span>
  return <span className="nowrap">{formatRecent(row.due_at)}{row.overdue && <small className="late">{t('desk.late')}</small>}</span>
}
