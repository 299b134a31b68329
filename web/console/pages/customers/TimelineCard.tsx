/** All that happened to a customer, latest first, all sources in one line of time; how they stood on any day. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTimeline, type Group, type Happening, type TimelineQuery } from '@api/timeline'
import { useSession } from '@console/app/session'
import type { Column } from '@kit/DataTable'
import { formatClock, formatDay } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card } from '@kit/layout'
import { ExportDialog } from '@kit/ListTools'
import { Empty, Loaded } from '@kit/states'
import { Said } from './Said'
import { StandingDrawer } from './StandingDrawer'
import './timeline.css'

const GROUPS: Group[] = ['money', 'visits', 'benefits', 'messages', 'service', 'profile']
const CHANNELS = ['app', 'web', 'qr', 'counter', 'phone', 'sms']
const ICONS: Record<Group, IconName> = { money: 'budget', visits: 'eye', benefits: 'benefit', messages: 'message', service: 'help', profile: 'tag' }
const PAGE = 15
/** Whoever reads on wants more at once. */
const PAGE_ON = 50
const FOLD_MAX = 100
const DAY = 86_400_000
const EXPORTED = [
  { field: 'at', format: 'instant' },
  { field: 'title' },
  { field: 'about' },
  { field: 'group', words: 'timeline.filters' },
  { field: 'amount_fen', format: 'yuan' },
] as const

interface Chosen {
  group?: Group
  channel?: string
  since?: string
  until?: string
}

export function TimelineCard({ seq, className = 'c8' }: { seq: number; className?: string }) {
  const { t } = useTranslation()
  const { ownCustomers } = useSession()
  const [chosen, setChosen] = useState<Chosen>({})
  const [stood, setStood] = useState<string | null>(null)
  const [exporting, setExporting] = useState(false)
  const { channel, ...rest } = chosen
  const query = useInfiniteQuery({
    queryKey: ['timeline', seq, chosen],
    queryFn: ({ pageParam }) => getTimeline(seq, { ...rest, ...(channel && { channel: [channel] }), folded: true, limit: pageParam ? PAGE_ON : PAGE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  return (
    <Card
      className={className}
      title={t('timeline.title')}
      hint={t('timeline.hint')}
      right={<span className="row" style={{ gap: 8 }}><Button size="small" icon={<Icon name="clock" />} onClick={() => setStood(formatDay(new Date(Date.now() - 30 * DAY)))}>{t('timeline.asOf')}</Button>{!ownCustomers && <Button size="small" icon={<Icon name="download" />} onClick={() => setExporting(true)}>{t('action.export')}</Button>}</span>}
    >
      <Filters chosen={chosen} change={(part) => setChosen({ ...chosen, ...part })} />
      <Loaded query={query} rows={6}>
        {(found) => {
          const lines = found.pages.flatMap((page) => page.items)
          const narrowed = Object.values(chosen).some(Boolean)
          if (lines.length === 0) return <Empty sign="search" title={t(narrowed ? 'table.noMatch' : 'timeline.none')}>{t(narrowed ? 'timeline.noMatchHint' : 'timeline.noneHint')}</Empty>
          return (
            <>
              <Lines seq={seq} lines={lines} stood={setStood} />
              {query.hasNextPage && <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('timeline.more')}</Button>}
            </>
          )
        }}
      </Loaded>
      {stood && <StandingDrawer seq={seq} day={stood} choose={setStood} close={() => setStood(null)} />}
      {exporting && <Export seq={seq} chosen={chosen} close={() => setExporting(false)} />}
    </Card>
  )
}

function Filters({ chosen, change }: { chosen: Chosen; change: (part: Chosen) => void }) {
  const { t } = useTranslation()
  return (
    <div className="timeline-filters">
      <Segmented size="small" value={chosen.group ?? 'all'} onChange={(value: Group | 'all') => change({ group: value === 'all' ? undefined : value })} options={(['all', ...GROUPS] as const).map((value) => ({ value, label: t(`timeline.filters.${value}`) }))} />
      <Select size="small" allowClear aria-label={t('timeline.channel')} placeholder={t('timeline.channel')} value={chosen.channel} onChange={(channel?: string) => change({ channel })} options={CHANNELS.map((value) => ({ value, label: t(`timeline.channels.${value}`) }))} />
      <DatePicker.RangePicker
        size="small" aria-label={t('timeline.period')} allowEmpty={[true, true]}
        disabledDate={(day) => day.isAfter(dayjs(), 'day')}
        onChange={(range) => change({ since: bankDay(range?.[0]?.format('YYYY-MM-DD')), until: bankDay(range?.[1]?.add(1, 'day').format('YYYY-MM-DD')) })}
      />
    </div>
  )
}

/** The beginning of one of the bank's days. */
const bankDay = (day?: string) => (day ? `${day}T00:00:00+08:00` : undefined)

function Export({ seq, chosen, close }: { seq: number; chosen: Chosen; close: () => void }) {
  const { t } = useTranslation()
  const columns: Column<Happening>[] = EXPORTED.map(({ field, ...how }) => ({ key: field, title: t(`timeline.columns.${field}`), field, ...how, render: () => null }))
  return (
    <ExportDialog<Happening>
      label={t('timeline.title')}
      operation="get_customer_timeline"
      state={{ params: { ...chosen } }}
      fixed={{ seq: String(seq) }}
      picked={{ chosen: [], choose: () => undefined }}
      columns={columns}
      close={close}
    />
  )
}

function Lines({ seq, lines, stood }: { seq: number; lines: Happening[]; stood: (day: string) => void }) {
  const { t } = useTranslation()
  return (
    <ol className="timeline" aria-label={t('timeline.title')}>
      {lines.map((line, place) => (
        <Line key={`${line.at}${line.id}`} seq={seq} line={line} newDay={formatDay(line.at) !== formatDay(lines[place - 1]?.at)} stood={stood} />
      ))}
    </ol>
  )
}

function Line({ seq, line, newDay, stood }: { seq: number; line: Happening; newDay: boolean; stood: (day: string) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const day = formatDay(line.at)
  const today = formatDay(new Date())
  const short = day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day.slice(2)
  return (
    <li>
      <span className="day">{newDay && <button type="button" title={t('timeline.asOfDay', { day })} onClick={() => stood(day)}>{day === today ? t('timeline.today') : short}</button>}</span>
      <time dateTime={line.at}>{formatClock(line.at)}</time>
      <span className="mark" data-of={line.group ?? 'other'} aria-hidden><Icon name={line.group ? ICONS[line.group] : 'drop'} /></span>
      <div>
        <Said line={line} />
        {(line.times ?? 1) > 1 && <Button type="link" size="small" className="times" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'timeline.fold' : 'timeline.times', { count: line.times })}</Button>}
        {open && <Unfolded seq={seq} line={line} />}
      </div>
      <small className="then" title={t('timeline.thenHint')}>{line.temperature == null ? '' : t('timeline.then', { temperature: line.temperature })}</small>
    </li>
  )
}

/** What one line of a day stands for, one by one. */
function Unfolded({ seq, line }: { seq: number; line: Happening }) {
  const start = Date.parse(`${formatDay(line.at)}T00:00:00+08:00`)
  const asked: TimelineQuery = { name: [line.name], since: new Date(start).toISOString(), until: new Date(start + DAY).toISOString(), limit: FOLD_MAX }
  const query = useQuery({ queryKey: ['timeline', seq, 'day', line.name, start], queryFn: () => getTimeline(seq, asked) })
  return (
    <Loaded query={query} rows={2}>
      {(page) => <ol className="unfolded">{page.items.map((each) => <li key={`${each.at}${each.id}`}><time dateTime={each.at}>{formatClock(each.at)}</time><span><Said line={each} /></span></li>)}</ol>}
    </Loaded>
  )
}

