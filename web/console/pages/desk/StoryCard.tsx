/** What became of a benefit, step by step, what to say about it, and what can be done. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getStory, type ActKind, type Story } from '@api/desk'
import { useBilingual } from '@console/app/useWords'
import { formatInstant } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card, Facts } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ActDialog, CompensateDialog, ExtendDialog, ReadCodeDialog } from './ActDialogs'

const REFRESH_MS = 5_000
const acts: ActKind[] = ['link', 'message', 'query_order', 'cancel_order', 'deliver_again']
const signs: Record<string, IconName> = { link: 'message', message: 'message', query_order: 'retry', cancel_order: 'stop', deliver_again: 'undo', extend: 'clock', read_code: 'sound', compensate: 'benefit' }
const marks: Record<string, string> = { good: 'done', bad: 'no', wait: 'now', plain: '' }

export function StoryCard({ grantId, seq }: { grantId: string; seq: number }) {
  const query = useQuery({ queryKey: ['story', grantId], queryFn: () => getStory(grantId), refetchInterval: REFRESH_MS })
  return <Loaded query={query} rows={8}>{(story) => <View story={story} seq={seq} />}</Loaded>
}

function View({ story, seq }: { story: Story; seq: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { benefit } = story
  return (
    <div className="stack">
      <Card accent title={say(benefit.title, benefit.title_en)} hint={benefit.source} right={<StatusTag kind="grant" value={benefit.state} />}>
        <p className="stands">{say(benefit.stands.zh, benefit.stands.en)}</p>
        <ReadAloud said={story.script} />
        <Acts story={story} seq={seq} />
      </Card>
      <Card title={t('desk.story')}>
        <ol className="steps story">
          {story.steps.map((step, index) => (
            <li key={index} data-state={marks[step.tone] ?? ''}>
              <span className="between">
                <b>{say(step.what.zh, step.what.en)}</b>
                <span className="muted s12 nowrap">{formatInstant(step.at)}</span>
              </span>
              {step.more && <small>{say(step.more.zh, step.more.en)}</small>}
            </li>
          ))}
        </ol>
      </Card>
      {story.order && (
        <Card title={t('desk.order')}>
          <Facts
            rows={[
              [t('supplierOrder.number'), <span key="n" className="mono wrap-any">{story.order.number}</span>],
              [t('desk.supplier'), story.order.supplier],
              [t('desk.recipient'), story.order.recipient || '—'],
              [t('campaign.state'), <StatusTag key="s" kind="supplierOrder" value={story.order.state} />],
              ...(story.order.reason ? [[t('desk.reason'), story.order.reason] as [string, string]] : []),
            ]}
          />
        </Card>
      )}
    </div>
  )
}

/** One sentence, in the words of the bank: it is read out as it stands. */
export function ReadAloud({ said }: { said: { zh: string; en: string } }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <figure className="aloud">
      <figcaption><Icon name="sound" />{t('desk.aloud')}</figcaption>
      <blockquote>{say(said.zh, said.en)}</blockquote>
    </figure>
  )
}

function Acts({ story, seq }: { story: Story; seq: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [open, setOpen] = useState<string | null>(null)
  const shown = [...acts, 'extend', 'read_code', 'compensate'].filter((way) => story.can.includes(way))
  const cannot = Object.entries(story.cannot)
  if (shown.length === 0 && cannot.length === 0) return null
  const close = () => setOpen(null)
  const common = { seq, grantId: story.benefit.id, close }
  return (
    <>
    <div className="row wrap acts">
      {shown.map((way) => (
        <Button key={way} icon={<Icon name={signs[way] ?? 'check'} />} type={way === 'compensate' ? 'primary' : 'default'} onClick={() => setOpen(way)}>{t(`desk.acts.${way}`)}</Button>
      ))}
      {open === 'extend' && <ExtendDialog {...common} />}
      {open === 'compensate' && <CompensateDialog {...common} />}
      {open === 'read_code' && <ReadCodeDialog {...common} />}
      {open && acts.includes(open as ActKind) && <ActDialog {...common} kind={open as ActKind} />}
    </div>
    {cannot.length > 0 && (
      <ul className="cannot">
        {cannot.map(([way, why]) => <li key={way}><b>{t(`desk.acts.${way}`)}</b>{t('desk.colon')}{say(why.zh, why.en)}</li>)}
      </ul>
    )}
    </>
  )
}
