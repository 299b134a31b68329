/** One campaign: live board, configuration, grants, history; what its state allows stands in the header. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { getCampaign, turnCampaign, type Campaign, type CampaignVerb } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { Ask } from '@kit/ask'
import { formatInstant, formatRecent, formatWindow } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { LiveBoard } from './LiveBoard'
import { ConfigTab, GrantsTab, HistoryTab } from './CampaignTabs'
import './campaigns.css'

export default function CampaignPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => getCampaign(id), refetchInterval: 10_000 })
  return <Loaded query={query} rows={10}>{(campaign) => <Detail campaign={campaign} />}</Loaded>
}

const live = ['running', 'paused', 'ended', 'stopped']

function Detail({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const { tab } = useSearch({ strict: false }) as { tab?: string }
  const hasBoard = live.includes(campaign.state) && may('figure.read')
  const tabs = [...(hasBoard ? ['board'] : []), 'config', ...(campaign.offer_id ? ['grants'] : []), ...(may('audit.read') ? ['history'] : [])]
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
      {shown === 'board' && <LiveBoard campaign={campaign} />}
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

const verbs: { verb: CampaignVerb; icon: IconName }[] = [
  { verb: 'pause', icon: 'pause' },
  { verb: 'resume', icon: 'play' },
  { verb: 'stop', icon: 'end' },
]

function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [turning, setTurning] = useState<CampaignVerb | null>(null)
  const editable = campaign.can.includes('edit')
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(campaign.entry_path ?? '', window.location.origin).href)
    void message.success(t('action.copied'))
  }
  return (
    <>
      {campaign.entry_path && <Button icon={<Icon name="copy" />} onClick={() => void copy()}>{t('campaign.link')}</Button>}
      {verbs.map(({ verb, icon }) => campaign.can.includes(verb) && (
        <Button key={verb} danger={verb === 'stop'} type={verb === 'resume' ? 'primary' : 'default'} icon={<Icon name={icon} />} onClick={() => setTurning(verb)}>{t(`campaign.verbs.${verb}`)}</Button>
      ))}
      {editable && <Link to={`/campaigns/${campaign.id}/edit`}><Button type="primary" icon={<Icon name="edit" />}>{t('campaign.continue')}</Button></Link>}
      {turning && <TurnDialog campaign={campaign} verb={turning} close={() => setTurning(null)} />}
    </>
  )
}

/** Stopping is for good, so it asks for the campaign's name. */
function TurnDialog({ campaign, verb, close }: { campaign: Campaign; verb: CampaignVerb; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const { name } = campaign.draft
  const turn = async ({ reason }: { reason: string; name?: string }) => {
    const turned = await turnCampaign(verb, campaign.id, reason)
    cache.setQueryData(['campaigns', campaign.id], turned)
    await cache.invalidateQueries({ queryKey: ['campaigns'] })
  }
  return (
    <Ask<{ reason: string; name?: string }> title={t(`campaign.verbs.${verb}`)} submit={turn} close={close} danger={verb === 'stop'} action={t(`campaign.verbs.${verb}`)}>
      <div style={{ marginBottom: 16 }}><Note kind={verb === 'stop' ? 'danger' : undefined}>{t(`campaign.verbSays.${verb}`)}</Note></div>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
      {verb === 'stop' && (
        <Form.Item name="name" label={t('confirm.type', { name })} rules={[{ required: true, validator: (_, value) => (value === name ? Promise.resolve() : Promise.reject(new Error(t('confirm.mismatch')))) }]}>
          <Input autoComplete="off" />
        </Form.Item>
      )}
    </Ask>
  )
}
