/** Imports, latest first: tries and real ones. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listImports } from '@api/customers'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ImportProgress } from './ImportProgress'

const states = ['queued', 'running', 'done', 'refused', 'cancelled'] as const

export default function ImportsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const create = <Link to="/imports/new"><Button type="primary" icon={<Icon name="upload" />}>{t('import.new')}</Button></Link>
  return (
    <DataPage
      name="imports"
      operation="list_imports"
      title={t('menu.imports')}
      label={t('menu.imports')}
      load={listImports}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/imports/${row.id}` })}
      statuses={states.map((value) => ({ value, label: t(`status.import.${value}`) }))}
      actions={<><Link to="/feeds"><Button icon={<Icon name="clock" />}>{t('menu.feeds')}</Button></Link>{create}</>}
      refetchInterval={4_000}
      columns={[
        { key: 'file', title: t('import.file'), field: 'file_name', render: (row) => <><b className="wrap-any">{row.name || row.file_name}</b>{row.dry_run && <small>{t('import.dryRun')}</small>}</> },
        { key: 'rows', title: t('import.rows'), field: 'rows_read', format: 'count', number: true, width: 150, render: (row) => (['running', 'undoing'].includes(row.status) ? <ImportProgress run={row} brief /> : formatCount(row.rows_read)) },
        { key: 'added', title: t('import.added'), field: 'rows_added', format: 'count', number: true, render: (row) => formatCount(row.rows_added) },
        { key: 'changed', title: t('import.changed'), field: 'rows_changed', format: 'count', number: true, render: (row) => formatCount(row.rows_changed) },
        { key: 'same', title: t('import.same'), field: 'rows_same', format: 'count', number: true, render: (row) => formatCount(row.rows_same) },
        { key: 'refused', title: t('import.refused'), field: 'rows_refused', format: 'count', number: true, render: (row) => <span className={row.rows_refused ? 'bad' : ''}>{formatCount(row.rows_refused)}</span> },
        { key: 'by', title: t('import.by'), field: 'created_by', render: (row) => <>{row.created_by}<small>{formatRecent(row.created_at)}</small></> },
        { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.import', render: (row) => <StatusTag kind="import" value={row.status} /> },
      ]}
      empty={<Empty title={t('import.none')} actions={create}>{t('import.noneHint')}</Empty>}
    />
  )
}
