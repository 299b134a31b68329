/** One play: a draft to write, or how it goes, with its phone page beside it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getPlay, movePlay, type Play } from '@api/plays'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { formatWindow } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { LiveCards } from './LiveCards'
import { AmendDrawer } from './AmendDrawer'
import { Amendments } from './Amendments'
import { Editor, type View } from './Editor'
import { PhonePreview } from './PhonePreview'
import { Versions } from './Versions'
import './plays.css'
import '@console/pages/campaigns/campaigns.css'

type Verb = 'pause' | 'resume' | 'end'
const TO = { pause: 'paused', resume: 'live', end: 'ended' } as const

export default function PlayPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['play', id], queryFn: () => getPlay(id) })
  return <Loaded page query={query} rows={10}>{(play) => <Shown play={play} />}</Loaded>
}

function Shown({ play }: { play: Play }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [asking, setAsking] = useState<Verb | null>(null)
  const [amending, setAmending] = useState(false)
  const [view, setView] = useState<View>('content')
  const verbs = (['pause', 'resume', 'end'] as const).filter((verb) => play.can.includes(verb))
  const move = async (verb: Verb, reason: string) => {
    await movePlay(play.id, { state: TO[verb], reason })
    await cache.invalidateQueries({ queryKey: ['play', play.id] })
  }
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.plays'), to: '/plays' }, { label: play.draft.name }]}
        title={play.draft.name}
        tag={<StatusTag kind="play" value={play.state} />}
        meta={`${t(`play.kinds.${play.draft.kind ?? 'wheel'}`)} · ${play.draft.opens_at ? formatWindow(play.draft.opens_at, play.draft.closes_at) : t('play.noWindow')}`}
        actions={<>{play.can.includes('amend') && <Button icon={<Icon name="edit" />} onClick={() => setAmending(true)}>{t('amend.begin')}</Button>}{verbs.map((verb) => <Button key={verb} danger={verb === 'end'} type={verb === 'resume' ? 'primary' : 'default'} onClick={() => setAsking(verb)}>{t(`play.verbs.${verb}`)}</Button>)}</>}
      />
      {play.state === 'submitted' && <Note icon="info">{t('play.waits')} {play.change_id && <Link to={`/approvals/${play.change_id}`}>{t('play.look')}</Link>}</Note>}
      {play.state === 'draft' ? <Editor key={play.version} play={play} view={view} setView={setView} /> : (
        <div className="play-columns">
          <div><Amendments play={play} /><LiveCards play={play} /><Versions play={play} take={null} /></div>
          {play.published_at ? <PhoneCard play={play} /> : <PhonePreview play={play} draft={play.draft} />}
        </div>
      )}
      {amending && <AmendDrawer play={play} close={() => setAmending(false)} />}
      {asking && (
        <Ask<{ reason: string }> title={t(`play.verbs.${asking}`)} danger={asking === 'end'} submit={({ reason }) => move(asking, reason ?? '')} close={() => setAsking(null)}>
          <p className="second s13">{t(`play.hints.${asking}`)}</p>
          {asking !== 'resume' && <Form.Item name="reason" label={t('play.reason')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('play.reason') }) }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>}
        </Ask>
      )}
    </>
  )
}

/** The page itself, as its customers see it. */
function PhoneCard({ play }: { play: Play }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const home = `/h5/${session.tenant.code}`
  const linked = (play.draft.channels ?? []).map((one) => one.channel).filter((channel) => channel !== 'wechat')
  const via = linked[0] ? `&via=${linked[0]}` : ''
  const address = `${home}/p/${play.code}?lang=${language}${via}`
  return (
    <aside className="play-phone">
      <Card title={t('play.phone')} right={<Segmented size="small" value={language} onChange={setLanguage} options={[{ value: 'zh', label: '中' }, { value: 'en', label: 'EN' }]} aria-label={t('play.phone')} />}>
        <figure className="phone-figure"><div className="phone-shell"><div className="phone-screen"><iframe key={address} src={address} title={t('play.phone')} tabIndex={-1} /></div></div></figure>
        <p className="s12 center"><a href={`${home}/p/${play.code}/verify`} target="_blank" rel="noreferrer">{t('play.proofPage')}</a></p>
        {linked.length > 0 && <p className="s12 center">{t('play.byChannel')}{t('list.colon')}{linked.map((channel) => <a key={channel} href={`${home}/p/${play.code}?via=${channel}`} target="_blank" rel="noreferrer" style={{ marginInlineEnd: 8 }}>{t(`play.channel.${channel}`)}</a>)}</p>}
      </Card>
    </aside>
  )
}
