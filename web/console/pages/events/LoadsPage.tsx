/** Files of events: what was loaded, what runs, what was taken back. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listLoads } from '@api/loads'
import { useSession } from '@console/app/session'
import { DataPage } from '@kit/DataPage'
import { formatBytes, formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const states = ['queued', 'running', 'done', 'refused', 'cancelled', 'withdrawing', 'withdrawn'] as const

export default function LoadsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const create = may('event.write') && <Link to="/event-loads/new"><Button type="primary" icon={<Icon name="upload" />}>{t('events.load.new')}</Button></Link>
  return (
    <DataPage
      name="event-loads"
      operation="list_event_loads"
      title={t('menu.eventLoads')}
      label={t('menu.eventLoads')}
      meta={t('events.load.hint')}
      load={listLoads}
      rowKey={(load) => load.id}
      open={(load) => void navigate({ to: `/event-loads/${load.id}` })}
      searchHint={t('events.load.search')}
      statuses={states.map((value) => ({ value, label: t(`status.eventLoad.${value}`) }))}
      actions={create}
      refetchInterval={4_000}
      columns={[
        { key: 'file', title: t('import.file'), field: 'name', render: (load) => <><b className="wrap-any">{load.name}</b><small>{formatBytes(load.size_bytes)} · {load.source}</small></> },
        { key: 'read', title: t('import.rows'), field: 'read', format: 'count', number: true, render: (load) => formatCount(load.read) },
        { key: 'loaded', title: t('events.load.loaded'), field: 'loaded', format: 'count', number: true, render: (load) => <b>{formatCount(load.loaded)}</b> },
        { key: 'duplicate', title: t('events.load.duplicate'), field: 'duplicate', format: 'count', number: true, render: (load) => formatCount(load.duplicate) },
        { key: 'waiting', title: t('events.load.waiting'), field: 'waiting', format: 'count', number: true, render: (load) => formatCount(load.waiting) },
        { key: 'refused', title: t('events.load.refused'), field: 'refused', format: 'count', number: true, render: (load) => <span className={load.refused ? 'bad' : ''}>{formatCount(load.refused)}</span> },
        { key: 'by', title: t('import.by'), field: 'created_by', render: (load) => <>{load.created_by}<small>{formatRecent(load.created_at)}</small></> },
        { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.eventLoad', render: (load) => <><StatusTag kind="eventLoad" value={load.status} />{load.status === 'running' && <small>{Math.round(load.share * 100)}%</small>}</> },
      ]}
      empty={<Empty title={t('events.load.none')} actions={create}>{t('events.load.noneHint')}</Empty>}
    />
  )
}
