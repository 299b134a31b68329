/** What can be done with a campaign once it lives: turn it, release the next step, extend, top up, copy, keep. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyCampaign, keepTemplate, openRelease, turnCampaign, type Campaign, type CampaignVerb } from '@api/campaigns'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { AmendDialog } from './AmendDialog'
import { Reason, type DialogProps } from './DialogParts'

type Act = CampaignVerb | 'release' | 'amend' | 'keep'

const verbs: { verb: CampaignVerb; icon: IconName }[] = [
  { verb: 'pause', icon: 'pause' },
  { verb: 'resume', icon: 'play' },
]

/** The verbs of its state as buttons; what is rarer, and what cannot be taken back, in a menu. */
export function LifeActions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const [act, setAct] = useState<Act | null>(null)
  const copy = useCopy(campaign)
  const can = (way: string) => campaign.can.includes(way)
  const waiting = campaign.releases.some((release) => !release.opened_at)
  const more = [
    can('amend') && { key: 'amend', label: t('life.amend') },
    can('copy') && { key: 'copy', label: t('life.copy') },
    can('keep_template') && { key: 'keep', label: t('life.keep') },
    can('stop') && { key: 'stop', label: t('campaign.verbs.stop'), danger: true },
  ].filter((item) => item !== false)
  const close = () => setAct(null)
  return (
    <>
      {more.length > 0 && (
        <Dropdown menu={{ items: more, onClick: ({ key }) => (key === 'copy' ? void copy() : setAct(key as Act)) }} trigger={['click']}>
          <Button aria-label={t('action.more')}>{t('action.more')}<Icon name="down" /></Button>
        </Dropdown>
      )}
      {verbs.map(({ verb, icon }) => can(verb) && <Button key={verb} type={verb === 'resume' ? 'primary' : 'default'} icon={<Icon name={icon} />} onClick={() => setAct(verb)}>{t(`campaign.verbs.${verb}`)}</Button>)}
      {can('release') && waiting && <Button type="primary" onClick={() => setAct('release')}>{t('life.release')}</Button>}
      {(act === 'pause' || act === 'resume' || act === 'stop') && <TurnDialog campaign={campaign} verb={act} close={close} />}
      {act === 'release' && <ReleaseDialog campaign={campaign} close={close} />}
      {act === 'amend' && <AmendDialog campaign={campaign} close={close} />}
      {act === 'keep' && <KeepDialog campaign={campaign} close={close} />}
    </>
  )
}

function useCopy(campaign: Campaign) {
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    try {
      const copied = await copyCampaign(campaign.id, { name: '' })
      await cache.invalidateQueries({ queryKey: ['campaigns'] })
      await navigate({ to: `/campaigns/${copied.id}/edit`, search: { step: 'goal' } as never })
    } catch (error) {
      void message.error(say(problemOf(error)))
    }
  }
}

/** Stopping is for good, so it asks for the campaign's name. */
function TurnDialog({ campaign, verb, close }: DialogProps & { verb: CampaignVerb }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const turn = async ({ reason }: { reason: string }) => {
    cache.setQueryData(['campaigns', campaign.id], await turnCampaign(verb, campaign.id, reason))
    await cache.invalidateQueries({ queryKey: ['campaigns'] })
  }
  return (
    <Ask<{ reason: string }> title={t(`campaign.verbs.${verb}`)} submit={turn} close={close} danger={verb === 'stop'} action={t(`campaign.verbs.${verb}`)} typed={verb === 'stop' ? campaign.draft.name : undefined}>
      <div className="form-note"><Note kind={verb === 'stop' ? 'danger' : undefined}>{t(`campaign.verbSays.${verb}`)}</Note></div>
      <Reason />
    </Ask>
  )
}

function ReleaseDialog({ campaign, close }: DialogProps) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const next = campaign.releases.find((release) => !release.opened_at)
  const open = async ({ reason }: { reason: string }) => {
    cache.setQueryData(['campaigns', campaign.id], await openRelease(campaign.id, reason))
  }
  return (
    <Ask<{ reason: string }> title={t('life.release')} submit={open} close={close} action={t('life.release')}>
      <div className="form-note"><Note kind={next?.held_at ? 'warning' : undefined}>{next?.held_at ? t(`life.held.${next.held_for}`, { defaultValue: next.held_for }) : ''} {t('life.releaseSays', { shown: formatCount(next?.customers), percent: next?.percent })}</Note></div>
      <Reason />
    </Ask>
  )
}

function KeepDialog({ campaign, close }: DialogProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const keep = async ({ name, summary }: { name: string; summary?: string }) => {
    await keepTemplate({ campaign_id: campaign.id, name, summary: summary ?? '' })
    await cache.invalidateQueries({ queryKey: ['campaign-templates'] })
    void message.success(t('life.kept'))
  }
  return (
    <Ask<{ name: string; summary?: string }> title={t('life.keep')} submit={keep} close={close} initial={{ name: campaign.draft.name }} action={t('action.save')}>
      <Form.Item name="name" label={t('campaign.name')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('campaign.name') }) }]}><Input maxLength={60} showCount /></Form.Item>
      <Form.Item name="summary" label={t('life.summary')}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </Ask>
  )
}
