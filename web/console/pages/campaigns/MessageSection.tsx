/** What is said to whom the campaign reaches: nothing, a short message, or a list for the bank's own sender. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getLetter, tryMessage, type Campaign, type Letter, type Trial } from '@api/campaigns'
import { listTrialPhones } from '@api/channels'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Field, Section, type SectionProps } from './FormParts'

const channels = ['none', 'sms', 'list_export'] as const
const variables = ['name', 'benefit', 'link', 'expires', 'bank', 'unsubscribe'] as const
type Message = NonNullable<SectionProps['draft']['message']>
const nothing: Message = { channel: 'none', texts: { zh: '', en: '' }, send_at: null }

interface MessageProps extends SectionProps {
  saved: Campaign
  settle: () => Promise<Campaign>
}

export function MessageSection({ draft, change, problems, checks, saved, settle }: MessageProps) {
  const { t } = useTranslation()
  const message = draft.message ?? nothing
  const put = (part: Partial<Message>) => change({ message: { ...message, ...part } })
  const channel = message.channel ?? 'none'
  const letter = useQuery({ queryKey: ['campaign-message', saved.id, saved.version], queryFn: () => getLetter(saved.id), enabled: channel === 'sms', placeholderData: (old) => old })
  const reach = checks?.waterfall.reachable ?? 0
  return (
    <Section id="message" title={t('wizard.message.title')} hint={t('wizard.message.hint')}>
      <Field label={t('wizard.message.channel')} problem={problems.get('/message/channel')} hint={t(`wizard.message.says.${channel}`)}>
        {(id) => <div><Segmented id={id} value={channel} options={channels.map((value) => ({ value, label: t(`wizard.message.channels.${value}`) }))} onChange={(next) => put({ channel: next })} /></div>}
      </Field>
      {channel === 'sms' && (['zh', 'en'] as const).map((language) => (
        <SmsText
          key={language} language={language} text={message.texts?.[language] ?? ''} problem={problems.get(`/message/texts/${language}`)}
          put={(text) => put({ texts: { zh: message.texts?.zh ?? '', en: message.texts?.en ?? '', [language]: text } })}
          written={letter.data?.written.find((each) => each.language === language)}
        />
      ))}
      {channel === 'sms' && letter.data && letter.data.written.length > 0 && <Cost letter={letter.data} reach={reach} />}
      {channel === 'sms' && <TryOut campaignId={saved.id} settle={settle} ready={(letter.data?.written.length ?? 0) > 0} />}
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

interface SmsTextProps {
  language: 'zh' | 'en'
  text: string
  put: (text: string) => void
  problem: ReturnType<SectionProps['problems']['get']>
  written: Letter['written'][number] | undefined
}

/** The text with its variables; below it the whole message as the server composes and counts it. */
function SmsText({ language, text, put, problem, written }: SmsTextProps) {
  const { t } = useTranslation()
  return (
    <Field label={t(`wizard.message.text.${language}`)} required problem={problem}>
      {(id) => (
        <>
          <div className="row wrap variables">
            {variables.map((name) => <Button key={name} size="small" onClick={() => put(`${text}{${name}}`)}>{t(`wizard.message.variables.${name}`)}</Button>)}
          </div>
          <Input.TextArea id={id} rows={3} value={text} maxLength={500} onChange={(event) => put(event.target.value)} />
          {written && (
            <div className="sms">
              <p lang={language === 'zh' ? 'zh-CN' : 'en'}>{written.text}</p>
              <small className="muted">{t('wizard.message.counted', { length: written.characters, count: written.parts })}</small>
            </div>
          )}
        </>
      )}
    </Field>
  )
}

function Cost({ letter, reach }: { letter: Letter; reach: number }) {
  const { t } = useTranslation()
  const parts = Math.max(...letter.written.map((each) => each.parts))
  const price = letter.price_fen_per_thousand
  if (price == null) return <Note kind="warning">{t('wizard.message.noGateway')}</Note>
  return (
    <div className="box two-groups">
      <span><small>{t('wizard.message.each')}</small><b>{t('wizard.message.parts', { count: parts })}</b></span>
      <span><small>{t('wizard.message.all')}</small><b>{formatCount(parts * reach)}</b></span>
      <span><small>{t('wizard.message.cost')}</small><b className="gold">{formatMoney(Math.round((parts * reach * price) / 1000))}</b></span>
    </div>
  )
}

/** One message now to a colleague's phone that the bank allows; what is typed is saved first. */
function TryOut({ campaignId, settle, ready }: { campaignId: string; settle: () => Promise<Campaign>; ready: boolean }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const phones = useQuery({ queryKey: ['trial-phones'], queryFn: listTrialPhones })
  const [phone, setPhone] = useState<string>()
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const [busy, setBusy] = useState(false)
  const [told, setTold] = useState<Trial | string | null>(null)
  const items = phones.data?.items ?? []
  const send = async () => {
    setBusy(true)
    try {
      await settle()
      setTold(await tryMessage(campaignId, { phone_id: phone ?? items[0]?.id ?? '', language }))
    } catch (error) {
      setTold(say(problemOf(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Field label={t('wizard.message.try')} hint={phones.data && items.length === 0 ? t('wizard.message.tryNone') : t('wizard.message.tryHint')}>
      {(id) => (
        <>
          <div className="try-out">
            <Select id={id} placeholder={t('wizard.message.tryPhone')} disabled={items.length === 0} value={phone ?? items[0]?.id} onChange={setPhone} options={items.map((each) => ({ value: each.id, label: `${each.name} ${each.phone}` }))} />
            <Segmented aria-label={t('wizard.language')} value={language} onChange={setLanguage} options={[{ value: 'zh', label: '中' }, { value: 'en', label: 'EN' }]} />
            <Button icon={<Icon name="message" />} disabled={!ready || items.length === 0} loading={busy} onClick={() => void send()}>{t('wizard.message.trySend')}</Button>
          </div>
          <div aria-live="polite">{told && <div className="try-told">{typeof told === 'string' ? <Note kind="danger">{told}</Note> : <Note kind={told.state === 'accepted' ? undefined : 'warning'} icon={told.state === 'accepted' ? 'check' : undefined}>{t(`wizard.message.tried.${told.state}`, { phone: told.phone, left: told.left })}</Note>}</div>}</div>
        </>
      )}
    </Field>
  )
}
