/** One feed: its last five weeks at a glance, every day with what became of it, and what can be done about it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getFeed, listDatabases, moveDay, moveFeed, type Day, type Feed } from '@api/imports'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { calendar, dayOf, markOf } from './feedDays'
import { FeedForm, wayOf } from './FeedForm'
import { FeedUpload } from './FeedUpload'
import './imports.css'

const LEGEND = ['done', 'late', 'failed', 'missing', 'excused', 'none'] as const

export default function FeedPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['feeds', id], queryFn: () => getFeed(id), refetchInterval: 3_000 })
  return <Loaded page query={query} rows={8}>{(feed) => <View feed={feed} refresh={() => void query.refetch()} />}</Loaded>
}

function View({ feed, refresh }: { feed: Feed; refresh: () => void }) {
  const { t } = useTranslation()
  const count = (test: (day: Day) => boolean) => formatCount(feed.days.filter(test).length)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.feeds'), to: '/feeds' }, { label: feed.name }]}
        title={feed.name}
        tag={<StatusTag kind="feed" value={feed.status} />}
        meta={<><span>{t('feed.declaredBy', { name: feed.created_by })}</span><span>{formatInstant(feed.changed_at)}</span></>}
        actions={<Actions feed={feed} refresh={refresh} />}
      />
      <Figures
        items={[
          { label: t('feed.figures.done'), value: count((day) => day.status === 'done') },
          { label: t('feed.figures.late'), value: count((day) => day.status === 'done' && day.late) },
          { label: t('feed.figures.failed'), value: <span className={feed.days.some((day) => day.status === 'failed') ? 'bad' : ''}>{count((day) => day.status === 'failed')}</span> },
          { label: t('feed.figures.missing'), value: <span className={feed.days.some((day) => day.status === 'missing') ? 'bad' : ''}>{count((day) => day.status === 'missing')}</span> },
        ]}
      />
      <div className="grid">
        <div className="c5"><CalendarCard feed={feed} /></div>
        <div className="c7"><HowCard feed={feed} /></div>
        <div className="c12"><DaysCard feed={feed} refresh={refresh} /></div>
      </div>
    </>
  )
}

function Actions({ feed, refresh }: { feed: Feed; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const [open, setOpen] = useState<'change' | 'upload' | null>(null)
  const failed = (error: unknown) => void modal.error({ title: t('state.broken'), content: say(problemOf(error)), okText: t('action.close') })
  const move = useMutation({
    mutationFn: (verb: 'run' | 'pause' | 'resume') => moveFeed(feed.id, verb),
    onSuccess: (_, verb) => { if (verb === 'run') void message.success(t(feed.database_id ? 'feed.asking' : 'feed.looking')) },
    onSettled: refresh,
    onError: failed,
  })
  const can = (verb: string) => feed.can.includes(verb)
  return (
    <>
      {can('change') && <Button icon={<Icon name="edit" />} onClick={() => setOpen('change')}>{t('feed.change')}</Button>}
      {can('pause') && <Button icon={<Icon name="pause" />} loading={move.isPending && move.variables === 'pause'} onClick={() => move.mutate('pause')}>{t('feed.pause')}</Button>}
      {can('upload') && <Button icon={<Icon name="upload" />} type={wayOf(feed) === 'upload' ? 'primary' : 'default'} onClick={() => setOpen('upload')}>{t('feed.upload')}</Button>}
      {can('run') && wayOf(feed) !== 'upload' && <Button type="primary" icon={<Icon name="search" />} loading={move.isPending && move.variables === 'run'} onClick={() => move.mutate('run')}>{t('feed.run')}</Button>}
      {can('resume') && <Button type="primary" icon={<Icon name="play" />} loading={move.isPending} onClick={() => move.mutate('resume')}>{t('feed.resume')}</Button>}
      {open === 'change' && <FeedForm feed={feed} close={() => setOpen(null)} done={refresh} />}
      {open === 'upload' && <FeedUpload feed={feed} close={() => setOpen(null)} done={refresh} />}
    </>
  )
}

function CalendarCard({ feed }: { feed: Feed }) {
  const { t } = useTranslation()
  return (
    <Card title={t('feed.calendar')}>
      <div className="days">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => <span key={day} className="head" aria-hidden>{t(`feed.weekdays.${day}`)}</span>)}
        {calendar(5).map((day) => {
          const mark = markOf(dayOf(feed, day))
          const said = t('feed.dayOf', { day, state: mark === 'open' ? t('status.feedDay.running') : t(`feed.legend.${mark}`) })
          return <span key={day} data-state={mark} role="img" aria-label={said} title={said}>{Number(day.slice(8))}</span>
        })}
      </div>
      <div className="feed-legend" aria-hidden>{LEGEND.map((mark) => <span key={mark}><i data-state={mark} />{t(`feed.legend.${mark}`)}</span>)}</div>
    </Card>
  )
}

const HINTS = { folder: 'feed.byFolder', database: 'feed.byDatabase', upload: 'feed.byUpload' } as const

function FromDatabase({ feed }: { feed: Feed }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const known = useQuery({ queryKey: ['import-databases'], queryFn: listDatabases })
  const database = known.data?.items.find((one) => one.id === feed.database_id)
  return (
    <>
      {feed.trouble && <Note kind="danger"><b>{t('feed.trouble')}</b> {say({ status: 422, code: String(feed.trouble.code), detail: String(feed.trouble.detail), data: {} })}</Note>}
      <span><span className="second">{t('source.database')}</span> <b>{database?.name ?? '—'}</b> <code className="mono wrap-any">{database?.address}</code></span>
      <span className="second">{t('source.query')}</span><code className="mono feed-place">{feed.query}</code>
      <span className="second">{t('feed.count')}</span><code className="mono feed-place">{feed.control_query}</code>
      <span className="muted s12">{feed.asked_at ? t('feed.askedAt', { at: formatInstant(feed.asked_at) }) : t('feed.notAsked')} {t('feed.countHint')}</span>
    </>
  )
}

function HowCard({ feed }: { feed: Feed }) {
  const { t } = useTranslation()
  return (
    <Card title={t('feed.by')} hint={t(HINTS[wayOf(feed)])}>
      <div className="stack tight s13">
        {feed.database_id && <FromDatabase feed={feed} />}
        {feed.folder && (
          <>
            <span className="second">{t('feed.place')}</span><code className="mono feed-place">{feed.place}</code>
            <div className="row wrap" style={{ gap: 24 }}>
              <span><span className="second">{t('feed.pattern')}</span> <code className="mono">{feed.pattern}</code></span>
              <span><span className="second">{t('feed.control')}</span> <code className="mono">{feed.control_pattern}</code></span>
            </div>
          </>
        )}
        <div className="row wrap" style={{ gap: 24 }}>
          <span><span className="second">{t('feed.days')}</span> {feed.weekdays.map((day) => t(`feed.weekdays.${day}`)).join(' ')}</span>
          <span><span className="second">{t('feed.due')}</span> {feed.due_hour}:00 <span className="muted">{t('feed.dueHint')}</span></span>
          <span><span className="second">{t('feed.begins')}</span> {feed.begins_on}</span>
        </div>
        {!feed.database_id && <p className="muted s12">{t('feed.controlSays')}</p>}
      </div>
    </Card>
  )
}

function DaysCard({ feed, refresh }: { feed: Feed; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal } = App.useApp()
  const failed = (error: unknown) => void modal.error({ title: t('state.broken'), content: say(problemOf(error)), okText: t('action.close') })
  const move = useMutation({ mutationFn: ({ day, verb }: { day: string; verb: 'rerun' | 'cancel' | 'excuse' }) => moveDay(feed.id, day, verb), onSettled: refresh, onError: failed })
  if (feed.days.length === 0) return <Card title={t('feed.all')}><Empty title={t('feed.nothing')}>{t(feed.database_id ? 'feed.countHint' : 'feed.controlSays')}</Empty></Card>
  return (
    <Card title={t('feed.all')} flush>
      <DataTable
        label={t('feed.all')}
        rows={feed.days}
        rowKey={(day) => day.business_on}
        columns={[
          { key: 'day', title: t('feed.day'), render: (day) => <><b>{day.business_on}</b>{day.file_name && !feed.database_id && <small className="mono wrap-any">{day.file_name}</small>}</> },
          { key: 'state', title: t('feed.state'), render: (day) => <span className="row wrap"><StatusTag kind="feedDay" value={day.status} />{day.late && day.status === 'done' && <span className="tag warn">{t('feed.late')}</span>}{day.attempt > 1 && <small className="second">{t('feed.attempt', { count: day.attempt })}</small>}</span> },
          { key: 'arrived', title: t('feed.arrived'), render: (day) => formatInstant(day.arrived_at) },
          { key: 'rows', title: t('feed.rows'), number: true, render: (day) => <>{formatCount(day.counts?.read ?? day.rows_expected)}{day.counts && <small>{t('feed.done', { added: formatCount(day.counts.added), changed: formatCount(day.counts.changed) })}{day.counts.older > 0 && ` · ${t('brought.older')} ${formatCount(day.counts.older)}`}{day.counts.refused > 0 && <span className="bad"> · {t('import.refused')} {formatCount(day.counts.refused)}</span>}</small>}</> },
          { key: 'why', title: t('import.cause'), render: (day) => (day.refusal ? <span className="bad wrap-any">{say({ status: 422, code: String(day.refusal.code), detail: String(day.refusal.detail), data: (day.refusal.data ?? {}) as Record<string, unknown> })}</span> : day.import_id ? <Link to="/imports/$id" params={{ id: day.import_id }}>{t('feed.openImport')}</Link> : '—') },
          { key: 'do', title: '', render: (day) => <span className="row">{(['rerun', 'cancel', 'excuse'] as const).filter((verb) => day.can.includes(verb)).map((verb) => <Button key={verb} size="small" title={verb === 'excuse' ? t('feed.excuseHint') : undefined} loading={move.isPending && move.variables.day === day.business_on} onClick={() => move.mutate({ day: day.business_on, verb })}>{t(`feed.${verb}`)}</Button>)}</span> },
        ]}
      />
    </Card>
  )
}
