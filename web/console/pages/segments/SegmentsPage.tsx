/** Saved segments, latest change first. */
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSegments } from '@api/segments'
import { useSession } from '@console/app/session'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'

export default function SegmentsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const create = may('segment.write') && (
    <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/segments/new' })}>{t('segment.new')}</Button>
  )
  return (
    <DataPage
      name="segments"
      title={t('menu.segments')}
      label={t('menu.segments')}
      load={({ view, ...params }) => listSegments(view ? { ...params, status: view } : params)}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/segments/${row.id}` })}
      operation="list_segments"
      views={(['mine'] as const).map((value) => ({ value, label: t(`builder.tabs.${value}`) }))}
      statuses={(['used', 'unused', 'archived'] as const).map((value) => ({ value, label: t(`builder.tabs.${value}`), apart: value === 'archived' }))}
      searchHint={t('segment.search')}
      actions={create}
      columns={[
        { key: 'name', title: t('segment.name'), sort: 'name', field: 'name', render: (row) => <><b>{row.name}</b><small>v{row.version}</small></> },
        { key: 'serves', title: t('segment.serves'), sort: 'serves', field: 'serves', words: { selection: t('segment.servesAs.selection'), condition: t('segment.servesAs.condition') }, render: (row) => t(`segment.servesAs.${row.serves}`) },
        { key: 'basis', optional: true, title: t('segment.basis'), field: 'basis', render: (row) => row.basis ?? <span className="muted">—</span> },
        { key: 'size', title: t('segment.size'), sort: 'size', field: 'size', format: 'count', number: true, render: (row) => <>{formatCount(row.size)}<small>{row.counted_at ? formatRecent(row.counted_at) : ''}</small></> },
        { key: 'lives', title: t('builder.lives'), render: (row) => <><span className={`tag ${row.followed ? 'run' : 'plain'}`}>{t(row.followed ? 'builder.dynamic' : 'builder.asked')}</span>{row.frozen ? <small>{t('builder.frozen', { count: row.frozen, shown: formatCount(row.frozen) })}</small> : null}</> },
        { key: 'used', title: t('builder.usedBy'), sort: 'used', number: true, render: (row) => (row.used ? formatCount(row.used) : <span className="muted">—</span>) },
        { key: 'shared', title: t('builder.sharedWith'), sort: 'shared', render: (row) => t(`builder.shared.${row.shared_with}`) },
        { key: 'by', title: t('segment.owner'), field: 'created_by', render: (row) => row.created_by },
        { key: 'changed', title: t('segment.changed'), sort: 'changed', field: 'changed_at', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
      ]}
      empty={<Empty title={t('segment.none')} actions={create}>{t('segment.noneHint')}</Empty>}
    />
  )
}
