/** One campaign: live board, configuration, grants, history; what its state allows stands in the header. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getCampaign, type Campaign } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { formatInstant, formatRecent, formatWindow } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { EffectTab } from './EffectTab'
import { LifeActions } from './LifeDialogs'
import { ReleasesCard } from './LifeCards'
import { LiveBoard } from './LiveBoard'
import { ConfigTab, GrantsTab, HistoryTab } from './CampaignTabs'
import './campaigns.css'

export default function CampaignPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => getCampaign(id), refetchInterval: 10_000 })
  return <Loaded page query={query} rows={10}>{(campaign) => <Detail campaign={campaign} />}</Loaded>
}

const live = ['running', 'paused', 'ended', 'stopped']

function Detail({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const hasBoard = live.includes(campaign.state) && may('figure.read')
  const tabs = [...(hasBoard ? ['board', 'effect'] : []), 'config', ...(campaign.offer_id ? ['grants'] : []), 'history']
  const shown = tab && tabs.includes(tab) ? tab : (tabs[0] ?? 'config')
  const unitLabel = useUnitLabel()
  const { draft } = campaign
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.campaigns'), to: '/campaigns' }, { label: draft.name }]}
        title={draft.name}
        tag={<StatusTag kind="campaign" value={campaign.state} />}
        meta={
          <>
            {draft.opens_at && <span><em>{t('campaign.period')}</em>{formatWindow(draft.opens_at, draft.closes_at)}</span>}
            <span><em>{t('campaign.owner')}</em>{campaign.created_by}</span>
            <span><em>{t('campaign.unit')}</em>{unitLabel(campaign.unit_id, campaign.unit)}</span>
            {campaign.audience && <span><em>{t('campaign.snapshot')}</em>{campaign.audience.name}</span>}
            <span><em>{t('campaign.changed')}</em>{formatRecent(campaign.changed_at)}</span>
          </>
        }
        actions={<Actions campaign={campaign} />}
      />
      <StateNote campaign={campaign} />
      <div className="tabs" role="tablist" aria-label={draft.name}>
        {tabs.map((key) => (
          <button key={key} type="button" role="tab" aria-selected={shown === key} onClick={() => void navigate({ to: '.', search: { tab: key } as never, replace: true })}>
            {t(`campaign.tabs.${key}`)}
          </button>
        ))}
      </div>
      {shown === 'board' && <div className="stack"><ReleasesCard campaign={campaign} /><LiveBoard campaign={campaign} /></div>}
      {shown === 'effect' && <EffectTab campaignId={campaign.id} />}
      {shown === 'config' && <ConfigTab campaign={campaign} />}
      {shown === 'grants' && <GrantsTab campaign={campaign} />}
      {shown === 'history' && <HistoryTab campaign={campaign} />}
    </>
  )
}

function StateNote({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const notes: Partial<Record<string, React.ReactNode>> = {
    submitted: campaign.change_id && <>{t('campaign.waits')} <Link to={`/approvals/${campaign.change_id}`}>{t('campaign.seeChange')} ›</Link></>,
    approved: t('campaign.opensAt', { time: formatInstant(campaign.draft.opens_at) }),
    paused: campaign.reason && t('campaign.pausedFor', { reason: campaign.reason }),
    stopped: campaign.reason && t('campaign.stoppedFor', { reason: campaign.reason }),
    draft: campaign.reason && t('campaign.returnedFor', { reason: campaign.reason }),
  }
  const note = notes[campaign.state]
  if (!note) return null
  return <div style={{ marginBottom: 16 }}><Note kind={campaign.state === 'paused' || campaign.state === 'stopped' ? 'warning' : undefined}>{note}</Note></div>
}

function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(campaign.entry_path ?? '', window.location.origin).href)
    void message.success(t('action.copied'))
  }
  return (
    <>
      {campaign.entry_path && <Button icon={<Icon name="copy" />} onClick={() => void copy()}>{t('campaign.link')}</Button>}
      <LifeActions campaign={campaign} />
      {campaign.can.includes('edit') && <Link to={`/campaigns/${campaign.id}/edit`}><Button type="primary" icon={<Icon name="edit" />}>{t('campaign.continue')}</Button></Link>}
    </>
  )
}
