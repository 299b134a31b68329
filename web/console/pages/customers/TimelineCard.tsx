/** What a customer did and what happened to them, latest first, all sources in one line of time. */
import { useState } from 'react'
import { Button, Segmented } from 'antd'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getTimeline, type Happening } from '@api/timeline'
import { useBilingual } from '@console/app/useWords'
import { formatDay, formatMoney } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './timeline.css'

const FILTERS: Record<string, { kind?: string[]; name?: string[] }> = {
  all: {},
  money: { name: ['payment.made', 'transfer.made', 'bill.paid', 'transaction.posted', 'salary.received', 'product.bought', 'product.matured'] },
  visits: { name: ['app.login', 'page.viewed', 'screen.viewed', 'benefit.viewed', 'campaign.viewed', 'product.viewed', 'branch.visited'] },
  benefits: { kind: ['grant'] },
  service: { name: ['call.made', 'message.opened', 'branch.visited', 'card.activated'] },
}
const ICONS: Record<string, IconName> = { money: 'budget', visits: 'eye', benefits: 'benefit', service: 'message', all: 'tag' }

const groupOf = (line: Happening) =>
  line.kind === 'grant' ? 'benefits' : (Object.keys(FILTERS).find((each) => FILTERS[each]?.name?.includes(line.name)) ?? 'all')

const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Shanghai' })

export function TimelineCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const [filter, setFilter] = useState('all')
  const query = useInfiniteQuery({
    queryKey: ['timeline', seq, filter],
    queryFn: ({ pageParam }) => getTimeline(seq, { ...FILTERS[filter], ...(pageParam ? { cursor: pageParam } : {}), limit: 12 }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  return (
    <Card
      className="c12"
      title={t('timeline.title')}
      hint={t('timeline.hint')}
      right={<Segmented value={filter} onChange={setFilter} options={Object.keys(FILTERS).map((value) => ({ value, label: t(`timeline.filters.${value}`) }))} />}
    >
      <Loaded query={query} rows={6}>
        {(found) => {
          const lines = found.pages.flatMap((page) => page.items)
          if (lines.length === 0) return <Empty sign="search" title={t('timeline.none')}>{t('timeline.noneHint')}</Empty>
          return (
            <>
              <ol className="timeline" aria-label={t('timeline.title')}>
                {lines.map((line, place) => (
                  <Line key={`${line.id}${line.at}${line.name}`} line={line} newDay={formatDay(line.at) !== formatDay(lines[place - 1]?.at)} />
                ))}
              </ol>
              {query.hasNextPage && <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('timeline.more')}</Button>}
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

function Line({ line, newDay }: { line: Happening; newDay: boolean }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const group = groupOf(line)
  const day = formatDay(line.at)
  const today = day === formatDay(new Date())
  const title = line.kind === 'grant' ? t(`timeline.states.${line.properties.state}`, { defaultValue: line.name }) : say(line.title, line.title_en)
  const said = Object.entries(line.properties).filter(([key]) => !(line.kind === 'grant' && key === 'state')).map(([, value]) => value)
  return (
    <li>
      <span className="day" title={day}>{newDay ? (today ? t('timeline.today') : day.slice(5)) : ''}</span>
      <time dateTime={line.at}>{clock.format(new Date(line.at))}</time>
      <span className="mark" data-of={group} aria-hidden><Icon name={ICONS[group] ?? 'tag'} /></span>
      <span>
        <b>{title}</b>{line.withheld ? <> <span className="muted s12">{t('held.hidden')}</span></> : line.amount_fen !== 0 && <> {formatMoney(line.amount_fen)}</>}
        {said.length > 0 && <small>{said.join(' · ')}</small>}
      </span>
    </li>
  )
}
