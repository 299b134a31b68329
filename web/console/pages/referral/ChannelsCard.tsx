/** Rules per channel: what holds for invitations that come by a code, a link, a poster or staff, and what came by each. */
import { Form, InputNumber, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProgrammePage } from '@api/referral'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatMoney } from '@kit/format'
import { Card } from '@kit/layout'

export const channels = ['code', 'link', 'poster', 'staff'] as const
export type Channel = (typeof channels)[number]

interface Side { sku_id?: string; stock?: number; valid_days?: number }
export interface ChannelValues { open: boolean; days?: number; person_limit?: number; day_limit?: number; inviter?: Side; invitee?: Side }
export const freshChannel: ChannelValues = { open: true, days: 0, person_limit: 0, day_limit: 0 }

/** The rules as a form: everything left at 0 or empty is as the programme has it. */
export function ChannelFields({ choose, help }: { choose: ReactNode; help: boolean }) {
  const { t } = useTranslation()
  return (
    <Card title={t('referral.channels')} hint={t('referral.channelsHint')}>
      {channels.filter((channel) => !(help && channel === 'staff')).map((channel) => <OneChannel key={channel} channel={channel} choose={choose} help={help} />)}
    </Card>
  )
}

function OneChannel({ channel, choose, help }: { channel: Channel; choose: ReactNode; help: boolean }) {
  const { t } = useTranslation()
  const open = (Form.useWatch(['channels', channel, 'open']) as boolean | undefined) ?? true
  const own = (side: 'inviter' | 'invitee') => (
    <div className="referral-cells">
      <Form.Item name={['channels', channel, side, 'sku_id']} label={t(`referral.channelGets.${side}`)}>{choose}</Form.Item>
      <Form.Item name={['channels', channel, side, 'stock']} label={t('referral.stock')}><InputNumber min={1} max={1000000} precision={0} /></Form.Item>
      <Form.Item name={['channels', channel, side, 'valid_days']} label={t('referral.validDays')}><InputNumber min={1} max={365} precision={0} /></Form.Item>
    </div>
  )
  return (
    <div className="referral-channel">
      <div className="between"><h3>{t(`referral.channel.${channel}`)}</h3><Form.Item name={['channels', channel, 'open']} valuePropName="checked" noStyle><Switch aria-label={t('referral.channelOpen', { channel: t(`referral.channel.${channel}`) })} /></Form.Item></div>
      <p className="small muted">{t(`referral.channelSays.${channel}`)}</p>
      {open && (
        <>
          <div className="referral-cells">
            <Form.Item name={['channels', channel, 'days']} label={t('referral.channelDays')}><InputNumber min={0} max={365} precision={0} /></Form.Item>
            <Form.Item name={['channels', channel, 'person_limit']} label={t('referral.channelLimit')}><InputNumber min={0} max={10000} precision={0} /></Form.Item>
            <Form.Item name={['channels', channel, 'day_limit']} label={t('referral.dayLimit')}><InputNumber min={0} max={1000} precision={0} /></Form.Item>
          </div>
          {own('invitee')}
          {channel !== 'staff' && !help && own('inviter')}
        </>
      )}
    </div>
  )
}

/** What came by each channel, beside what holds there. */
export function ChannelsCard({ page }: { page: ProgrammePage }) {
  const { t } = useTranslation()
  const rules = page.terms.channels ?? {}
  const said = (channel: Channel) => {
    const rule = rules[channel]
    if (!rule) return t('referral.channelAs')
    if (rule.open === false) return t('referral.channelClosed')
    const own = page.benefits.filter((one) => one.channel === channel)
    const parts = [
      rule.days ? t('referral.channelDaysSaid', { count: rule.days }) : '',
      rule.person_limit ? t('referral.channelLimitSaid', { count: rule.person_limit }) : '',
      rule.day_limit ? t('referral.channelDaySaid', { count: rule.day_limit }) : '',
      ...own.map((one) => t(one.line % 10 === 0 ? 'referral.channelInviter' : 'referral.channelInvitee', { title: one.title })),
    ].filter(Boolean)
    return parts.length ? parts.join(' · ') : t('referral.channelAs')
  }
  return (
    <Card className="c12" title={t('referral.channels')} hint={t('referral.channelsSaid')} flush>
      <DataTable
        label={t('referral.channels')}
        rows={page.channels}
        rowKey={(row) => row.channel}
        columns={[
          { key: 'channel', title: t('referral.channelName'), render: (row) => <><b>{t(`referral.channel.${row.channel}`)}</b><small>{said(row.channel)}</small></> },
          { key: 'accepted', title: t('referral.accepted'), number: true, render: (row) => formatCount(row.accepted) },
          { key: 'qualified', title: t('referral.qualified'), number: true, render: (row) => formatCount(row.qualified) },
          { key: 'rewarded', title: t('referral.rewarded'), number: true, render: (row) => formatCount(row.rewarded) },
          { key: 'cost', title: t('referral.cost'), number: true, render: (row) => formatMoney(row.cost_fen) },
          { key: 'value', title: t('referral.value'), number: true, render: (row) => formatMoney(row.value_fen) },
        ]}
      />
    </Card>
  )
}
