/** Where a play may be shown, and what its rules say by each channel; none chosen is every channel (rule M3). */
import { Checkbox, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PlayDraft } from '@api/plays'
import { Card } from '@kit/layout'
import { Field, type PartProps } from './PlayForm'

export const CHANNELS = ['app', 'wechat', 'sms', 'lobby'] as const
type ChannelText = NonNullable<PlayDraft['channels']>[number]
type Channel = ChannelText['channel']

export function ChannelTexts({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const chosen = draft.channels ?? []
  const choose = (names: Channel[]) => put({ channels: CHANNELS.filter((name) => names.includes(name)).map((channel) => chosen.find((one) => one.channel === channel) ?? { channel, zh: '', en: '' }) })
  const change = (channel: Channel, changes: Partial<ChannelText>) => put({ channels: chosen.map((one) => (one.channel === channel ? { ...one, ...changes } : one)) })
  return (
    <Card title={t('play.channels')} hint={t('play.channelsHint')}>
      <Checkbox.Group<Channel> className="play-channels" value={chosen.map((one) => one.channel)} onChange={choose} options={CHANNELS.map((value) => ({ value, label: t(`play.channel.${value}`) }))} />
      {chosen.map((one) => (
        <div className="play-fields" key={one.channel}>
          {(['zh', 'en'] as const).map((language) => {
            const label = t(`play.channelRules.${language}`, { channel: t(`play.channel.${one.channel}`) })
            return <Field key={language} label={label}><Input.TextArea aria-label={label} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} value={one[language]} onChange={(event) => change(one.channel, { [language]: event.target.value })} /></Field>
          })}
        </div>
      ))}
    </Card>
  )
}
