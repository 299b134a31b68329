/** What is said to whom the campaign reaches: nothing, a short message, or a list for the bank's own sender. */
import { Button, DatePicker, Input, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { Campaign } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { formatCount, formatDay, formatInstant } from '@kit/format'
import { Note } from '@kit/layout'
import { Field, Section, type SectionProps } from './FormParts'
import { smsParts } from './sms'

const channels = ['none', 'sms', 'list_export'] as const
const variables = ['name', 'benefit', 'link', 'expires', 'bank'] as const
type Message = NonNullable<SectionProps['draft']['message']>
const nothing: Message = { channel: 'none', texts: { zh: '', en: '' }, send_at: null }

export function MessageSection({ draft, change, problems, checks, sku }: SectionProps & { sku: Campaign['sku'] }) {
  const { t } = useTranslation()
  const message = draft.message ?? nothing
  const put = (part: Partial<Message>) => change({ message: { ...message, ...part } })
  const channel = message.channel ?? 'none'
  return (
    <Section id="message" title={t('wizard.message.title')} hint={t('wizard.message.hint')}>
      <Field label={t('wizard.message.channel')} problem={problems.get('/message/channel')} hint={t(`wizard.message.says.${channel}`)}>
        {(id) => <div><Segmented id={id} value={channel} options={channels.map((value) => ({ value, label: t(`wizard.message.channels.${value}`) }))} onChange={(next) => put({ channel: next })} /></div>}
      </Field>
      {channel === 'sms' && (['zh', 'en'] as const).map((language) => (
        <SmsText key={language} language={language} text={message.texts?.[language] ?? ''} put={(text) => put({ texts: { zh: message.texts?.zh ?? '', en: message.texts?.en ?? '', [language]: text } })} draft={draft} sku={sku} problems={problems} reach={checks?.waterfall.reachable} />
      ))}
      {channel !== 'none' && (
        <Field label={t('wizard.message.sendAt')} hint={t('wizard.message.sendAtHint')} problem={problems.get('/message/send_at')}>
          {(id) => (
            <DatePicker id={id} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" previewValue={false} placeholder={t('wizard.message.withRun')}
              value={message.send_at ? dayjs(formatInstant(message.send_at)) : null}
              onChange={(day) => put({ send_at: day ? `${day.format('YYYY-MM-DDTHH:mm')}:00+08:00` : null })} />
          )}
        </Field>
      )}
    </Section>
  )
}

interface SmsTextProps extends Pick<SectionProps, 'draft' | 'problems'> {
  language: 'zh' | 'en'
  text: string
  put: (text: string) => void
  sku: Campaign['sku']
  reach: number | undefined
}

function SmsText({ language, text, put, draft, sku, problems, reach }: SmsTextProps) {
  const { t } = useTranslation()
  const { session } = useSession()
  const bank = language === 'en' ? session.tenant.name_en || session.tenant.name : session.tenant.name
  const sample: Record<string, string> = {
    name: language === 'zh' ? '张*' : 'Zhang *',
    benefit: sku?.name ?? t('campaign.sku'),
    link: 'https://…/e/2222abcdefgh',
    expires: draft.closes_at ? formatDay(draft.closes_at).slice(5) : '—',
    bank,
  }
  const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) => sample[name] ?? whole)
  const parts = smsParts(filled)
  return (
    <Field label={t(`wizard.message.text.${language}`)} required problem={problems.get(`/message/texts/${language}`)} hint={t('wizard.message.counted', { length: filled.length, count: parts })}>
      {(id) => (
        <>
          <div className="row wrap variables">
            {variables.map((name) => <Button key={name} size="small" onClick={() => put(`${text}{${name}}`)}>{t(`wizard.message.variables.${name}`)}</Button>)}
          </div>
          <Input.TextArea id={id} rows={3} value={text} maxLength={500} onChange={(event) => put(event.target.value)} />
          {text && (
            <div className="sms">
              <p lang={language === 'zh' ? 'zh-CN' : 'en'}>【{bank}】{filled} {t(`wizard.message.optOut.${language}`)}</p>
              {parts > 1 && <Note icon="info">{t('wizard.message.long', { count: parts, all: formatCount(parts * (reach ?? 0)) })}</Note>}
            </div>
          )}
        </>
      )}
    </Field>
  )
}
