/** Campaigns with their burn, by state; a new one begins with its name. */
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listCampaigns, type CampaignRow } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { Burn, burnsFast } from '@kit/Burn'
import { DataPage } from '@kit/DataPage'
import { elapsedShare, formatCount, formatMoney, formatRecent, formatShare, formatWindow, formatYuan } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { HaltButton } from './HaltButton'
import { TemplateGallery } from './NewCampaignPage'

const states = ['running', 'paused', 'approved', 'submitted', 'draft', 'ended', 'stopped'] as const

export default function CampaignsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  const create = may('campaign.write') && (
    <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/campaigns/new' })}>{t('campaign.new')}</Button>
  )
  return (
    <>
      <DataPage
        name="campaigns"
        operation="list_campaigns"
        title={t('menu.campaigns')}
        label={t('menu.campaigns')}
        load={listCampaigns}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/campaigns/${row.id}` })}
        searchHint={t('campaign.search')}
        statuses={states.map((value) => ({ value, label: t(`status.campaign.${value}`) }))}
        actions={<><HaltButton /><Link to="/campaigns/calendar"><Button icon={<Icon name="clock" />}>{t('calendar.title')}</Button></Link>{create}</>}
        refetchInterval={15_000}
        columns={[
          { key: 'name', title: t('campaign.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{[unitLabel(row.unit_id, row.unit), row.sku].filter(Boolean).join(' · ')}</small></> },
          { key: 'window', title: t('campaign.window'), field: 'opens_at', format: 'instant', render: (row) => <span className="nowrap">{row.opens_at ? formatWindow(row.opens_at, row.closes_at) : '—'}</span> },
          { key: 'audience', title: t('campaign.audience'), field: 'audience_size', format: 'count', number: true, render: (row) => (row.published ? t('campaign.everybody') : formatCount(row.audience_size)) },
          { key: 'budget', title: t('campaign.budgetYuan'), field: 'committed_fen', format: 'yuan', width: 240, render: (row) => <BudgetCell row={row} /> },
          { key: 'stock', title: t('campaign.redeemedOf'), field: 'used', format: 'count', number: true, render: (row) => <>{formatCount(row.used)}<small>/ {formatCount(row.stock)}</small></> },
          { key: 'changed', title: t('campaign.changed'), field: 'changed_at', format: 'instant', render: (row) => <>{formatRecent(row.changed_at)}<small>{row.created_by}</small></> },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.campaign', render: (row) => <CampaignTag row={row} /> },
        ]}
        empty={<><Empty title={t('campaign.none')}>{t('campaign.noneHint')}</Empty>{may('campaign.write') && <div className="body"><TemplateGallery /></div>}</>}
      />
    </>
  )
}

interface Burning {
  state: string
  budget_fen: number
  committed_fen: number
  opens_at: string | null
  closes_at: string | null
}

/** A running campaign that spends faster than its time passes says so. */
export function CampaignTag({ row }: { row: Burning }) {
  const { t } = useTranslation()
  const fast = row.state === 'running' && burnsFast(row.committed_fen, row.budget_fen, elapsedShare(row.opens_at, row.closes_at))
  return fast ? <span className="tag warn">{t('campaign.fast')}</span> : <StatusTag kind="campaign" value={row.state} />
}

/** Time runs for a campaign only once it is live. */
const live = new Set(['running', 'paused', 'ended', 'stopped'])

export function BudgetCell({ row }: { row: Burning & Pick<CampaignRow, 'reserved_fen' | 'name'> }) {
  return (
    <>
      <span className="between s12" style={{ marginBottom: 4 }}>
        <span><b>{formatMoney(row.committed_fen)}</b> <span className="second">/ {row.budget_fen ? formatYuan(row.budget_fen) : '—'}</span></span>
        <span className="second">{formatShare(row.committed_fen, row.budget_fen)}</span>
      </span>
      <Burn label={row.name} spent={row.committed_fen} held={row.reserved_fen} limit={row.budget_fen} elapsed={live.has(row.state) ? elapsedShare(row.opens_at, row.closes_at) : null} />
    </>
  )
}
