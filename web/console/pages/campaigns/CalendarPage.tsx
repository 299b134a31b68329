/** When which campaign is open: a lane for each unit, bars over days, shared customers where two meet. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { getCalendar, type CalendarAnswer } from '@api/campaigns'
import { UnitSelect, useUnitLabel } from '@console/app/units'
import { formatCount, formatDay, formatWindow } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { addDays, daysOf, lanesOf, startOf, type Span } from './calendarLanes'
import './campaigns.css'

type Row = CalendarAnswer['rows'][number]

export default function CalendarPage() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as { span?: string; day?: string; unit?: string }
  const span: Span = search.span === 'week' ? 'week' : 'month'
  const begin = startOf(search.day ?? formatDay(new Date()), span)
  const days = daysOf(begin, span)
  const end = addDays(days.at(-1) ?? begin, 1)
  const go = (changes: Record<string, string | undefined>) => void navigate({ to: '.', search: { ...search, ...changes } as never, replace: true })
  const query = useQuery({
    queryKey: ['campaign-calendar', begin, end, search.unit],
    queryFn: () => getCalendar(`${begin}T00:00:00+08:00`, `${end}T00:00:00+08:00`, search.unit),
    placeholderData: keepPreviousData,
  })
  const shift = (by: number) => go({ day: span === 'week' ? addDays(begin, by * 7) : startOf(addDays(begin, by > 0 ? 32 : -1), 'month') })
  const title = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', year: 'numeric', month: 'long', ...(span === 'week' ? { day: 'numeric' } : {}) }).format(new Date(begin))
  return (
    <>
      <PageHead title={t('calendar.title')} crumbs={[{ label: t('menu.campaigns'), to: '/campaigns' }, { label: t('calendar.title') }]} meta={t('calendar.meta')} />
      <div className="card filters calendar-bar">
        <Segmented aria-label={t('calendar.span')} value={span} onChange={(next) => go({ span: next })} options={(['month', 'week'] as const).map((value) => ({ value, label: t(`calendar.spans.${value}`) }))} />
        <Button size="small" aria-label={t('calendar.before')} icon={<Icon name="left" />} onClick={() => shift(-1)} />
        <b aria-live="polite">{title}</b>
        <Button size="small" aria-label={t('calendar.after')} icon={<Icon name="right" />} onClick={() => shift(1)} />
        <Button size="small" onClick={() => go({ day: undefined })}>{t('calendar.today')}</Button>
        <UnitSelect size="small" allowClear aria-label={t('campaign.unit')} placeholder={t('life.anyUnit')} style={{ width: 180, marginLeft: 'auto' }} value={search.unit ? Number(search.unit) : undefined} onChange={(unit?: number) => go({ unit: unit ? String(unit) : undefined })} />
      </div>
      <Loaded query={query} rows={8}>{(calendar) => (calendar.rows.length === 0 ? <div className="card"><Empty sign="search" title={t('calendar.none')} /></div> : <Lanes calendar={calendar} days={days} />)}</Loaded>
    </>
  )
}

function Lanes({ calendar, days }: { calendar: CalendarAnswer; days: string[] }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const today = formatDay(new Date())
  const lanes = lanesOf(calendar.rows, days)
  const region = useRef<HTMLDivElement>(null)
  const from = days[0]
  useEffect(() => {
    const { current } = region
    const [unit, now] = [current?.querySelector<HTMLElement>('thead th'), current?.querySelector<HTMLElement>('th[data-today]')]
    // Where the month is wider than the screen, today stands beside the unit's name.
    if (current) current.scrollLeft = now && unit ? now.offsetLeft - unit.offsetWidth - now.offsetWidth : 0
  }, [from])
  const meets = (id: string) => calendar.meetings.filter((meeting) => meeting.one === id || meeting.other === id)
  return (
    <div ref={region} className="card table-scroll" tabIndex={0} role="region" aria-label={t('calendar.title')}>
      <table className="calendar">
        <thead>
          <tr>
            <th scope="col">{t('campaign.unit')}</th>
            {days.map((day) => <th key={day} scope="col" data-today={day === today ? '' : undefined} data-weekend={[0, 6].includes(new Date(day).getUTCDay()) ? '' : undefined}>{Number(day.slice(8))}</th>)}
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) =>
            lane.lines.map((line, index) => (
              <tr key={`${lane.unit_id}-${index}`}>
                {index === 0 && <th scope="rowgroup" rowSpan={lane.lines.length}>{unitLabel(lane.unit_id, lane.unit)}</th>}
                {line.map((cell) => (
                  <td key={cell.from} colSpan={cell.days} data-gap={cell.row ? undefined : ''}>
                    {cell.row && <Bar row={cell.row} shared={meets(cell.row.id)} rows={calendar.rows} />}
                  </td>
                ))}
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  )
}

function Bar({ row, shared, rows }: { row: Row; shared: CalendarAnswer['meetings']; rows: Row[] }) {
  const { t } = useTranslation()
  const names = shared.map((meeting) => {
    const other = rows.find((each) => each.id === (meeting.one === row.id ? meeting.other : meeting.one))
    return t('calendar.meets', { name: other?.name ?? '', shown: formatCount(meeting.customers) })
  })
  const said = [row.name, formatWindow(row.opens_at, row.closes_at), row.published ? t('campaign.everybody') : row.reachable != null ? t('unit.sized', { shown: formatCount(row.reachable) }) : '', ...names].filter(Boolean).join('\n')
  return (
    <Link to={`/campaigns/${row.id}`} className="calendar-bar-item" data-state={row.state} title={said}>
      <StatusTag kind="campaign" value={row.state} />
      <b>{row.name}</b>
      {shared.length > 0 && <span className="tag gold plain">{t('calendar.overlaps', { count: shared.length })}</span>}
    </Link>
  )
}
