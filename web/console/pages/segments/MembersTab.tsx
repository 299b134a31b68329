/** A followed segment by day: how many were in, who entered and left, and the days on which the rule was another. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { followSegment, getGrowth, reckonSegment, type Growth, type GrowthDay } from '@api/segmentLife'
import type { SegmentPage } from '@api/segments'
import { useConfirmed } from './useConfirmed'
import { formatCount, formatDay, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'

const SPANS = [30, 90, 365]

export function MembersTab({ page }: { page: SegmentPage }) {
  const id = page.segment.id
  const [days, setDays] = useState(90)
  const query = useQuery({ queryKey: ['segment-growth', id, days], queryFn: () => getGrowth(id, days), refetchInterval: (found) => (found.state.data?.following && !found.state.data.following.day ? 2_000 : false) })
  return (
    <Loaded query={query} rows={8}>
      {(growth) => (growth.following == null ? <NotFollowed id={id} growth={growth} /> : <Followed page={page} growth={growth} days={days} setDays={setDays} />)}
    </Loaded>
  )
}

function useDoing(id: string) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  return async (work: Promise<unknown>, said: string) => {
    try {
      await work
      await cache.invalidateQueries({ queryKey: ['segment-growth', id] })
      void message.success(said)
    } catch (error) {
      void modal.error({ title: t('builder.notDone'), content: say(problemOf(error)), okText: t('action.close') })
    }
  }
}

function NotFollowed({ id, growth }: { id: string; growth: Growth }) {
  const { t } = useTranslation()
  const doing = useDoing(id)
  return (
    <Card title={t('segmentLife.members')}>
      <Empty
        title={t('segmentLife.notFollowed')}
        actions={growth.can.includes('follow') && <Button type="primary" onClick={() => void doing(followSegment(id, true), t('segmentLife.followed'))}>{t('segmentLife.follow')}</Button>}
      >
        {t('segmentLife.notFollowedHint')}
      </Empty>
    </Card>
  )
}

function Followed({ page, growth, days, setDays }: { page: SegmentPage; growth: Growth; days: number; setDays: (days: number) => void }) {
  const { t } = useTranslation()
  const doing = useDoing(page.segment.id)
  const confirmed = useConfirmed()
  const following = growth.following
  if (following == null) return null
  const sum = (pick: (day: GrowthDay) => number | null | undefined) => growth.days.reduce((all, day) => all + (pick(day) ?? 0), 0)
  const last = growth.days[growth.days.length - 1]
  return (
    <div className="stack">
      {following.held && <Note kind="warning"><b>{t('segmentLife.held')}</b> {t(`segmentLife.heldBy.${following.held.split('.').pop()}`, { defaultValue: following.held_detail })} {t('segmentLife.heldHint', { day: following.day ? formatDay(following.day) : '—' })}</Note>}
      <Card
        title={t('segmentLife.members')}
        hint={following.day ? t('segmentLife.asOf', { day: formatDay(following.day), at: formatInstant(following.data_at) }) : undefined}
        right={<Segmented size="small" value={days} onChange={setDays} options={SPANS.map((value) => ({ value, label: t('segmentLife.span', { count: value }) }))} />}
      >
        {last === undefined ? (
          <p className="muted s13">{t('segmentLife.first')}</p>
        ) : (
          <>
            <Figures
              items={[
                { label: t('segmentLife.now'), value: told(last.members) },
                { label: t('segmentLife.enteredIn', { count: days }), value: formatCount(sum((day) => day.entered)) },
                { label: t('segmentLife.leftIn', { count: days }), value: formatCount(sum((day) => day.left)) },
                { label: t('segmentLife.since'), value: following.since ? formatDay(following.since) : '—' },
              ]}
            />
            {growth.days.length > 1 ? <GrowthChart days={growth.days} /> : <p className="muted s13">{t('segmentLife.oneDay')}</p>}
            <DaysTable days={growth.days} />
          </>
        )}
      </Card>
      <div className="row wrap">
        {growth.can.includes('reckon') && <Button icon={<Icon name="retry" />} onClick={() => void doing(reckonSegment(page.segment.id), t('segmentLife.asked'))}>{t('segmentLife.reckon')}</Button>}
        {growth.can.includes('unfollow') && <Button danger onClick={() => confirmed(t('segmentLife.unfollow'), t('segmentLife.unfollowHint'), () => doing(followSegment(page.segment.id, false), t('segmentLife.unfollowed')))}>{t('segmentLife.unfollow')}</Button>}
        <span className="muted s12">{t('segmentLife.followedBy', { name: following.began_by, at: formatRecent(following.began_at) })}</span>
      </div>
    </div>
  )
}

/** A number too small to be told to staff of some units reads "under ten". */
export const told = (count: number | null | undefined) => (count == null ? '< 10' : formatCount(count))

const [WIDTH, TOP, LINE, BARS, RIGHT] = [760, 12, 150, 70, 12]
/** Room for the numbers left of the lines: at least so much, of long ones so much a sign. */
const [LEFT_MIN, SIGN] = [56, 6.4]

export function GrowthChart({ days }: { days: GrowthDay[] }) {
  const { t } = useTranslation()
  const members = days.map((day) => day.members ?? 0)
  const [low, high] = [Math.min(...members), Math.max(...members)]
  const [base, most] = [Math.max(0, low - Math.max(1, (high - low) * 0.2)), high + Math.max(1, (high - low) * 0.1)]
  const moved = Math.max(1, ...days.flatMap((day) => [day.entered ?? 0, day.left ?? 0]))
  const left = Math.max(LEFT_MIN, 14 + SIGN * formatCount(Math.round(most)).length)
  const step = (WIDTH - left - RIGHT) / days.length
  const x = (place: number) => left + (place + 0.5) * step
  const y = (count: number) => TOP + (1 - (count - base) / Math.max(1, most - base)) * LINE
  const middle = TOP + LINE + 22 + BARS / 2
  const tall = (count: number) => (count / moved) * (BARS / 2)
  const width = Math.min(14, Math.max(1.5, step * 0.6))
  const [first, last] = [days[0] as GrowthDay, days[days.length - 1] as GrowthDay]
  const bottom = TOP + LINE + 22 + BARS
  const said = t('segmentLife.chartSaid', { from: formatDay(first.day), to: formatDay(last.day), before: told(first.members), after: told(last.members) })
  return (
    <>
      <svg className="growth" viewBox={`0 0 ${WIDTH} ${bottom + 22}`} role="img" aria-label={said}>
        {[base, (base + most) / 2, most].map((count) => (
          <g key={count}>
            <line x1={left} x2={WIDTH - RIGHT} y1={y(count)} y2={y(count)} />
            <text x={left - 8} y={y(count) + 4} textAnchor="end">{formatCount(Math.round(count))}</text>
          </g>
        ))}
        {days.map((day, place) => day.changed && (
          <g key={day.day} className="changed">
            <line x1={x(place)} x2={x(place)} y1={TOP} y2={bottom} />
            <text x={x(place)} y={TOP - 2} textAnchor="middle">{t('segmentLife.ruleMark', { version: day.version })}</text>
          </g>
        ))}
        <polyline points={days.map((day, place) => `${x(place)},${y(day.members ?? 0)}`).join(' ')} />
        <line x1={left} x2={WIDTH - RIGHT} y1={middle} y2={middle} />
        {days.map((day, place) => (
          <g key={day.day}>
            <rect className="came" x={x(place) - width / 2} y={middle - tall(day.entered ?? 0)} width={width} height={tall(day.entered ?? 0)} rx="1" />
            <rect className="went" x={x(place) - width / 2} y={middle} width={width} height={tall(day.left ?? 0)} rx="1" />
            <rect className="over" x={x(place) - step / 2} y={TOP} width={step} height={bottom - TOP}><title>{t('segmentLife.daySaid', { day: formatDay(day.day), members: told(day.members), entered: told(day.entered), left: told(day.left) })}</title></rect>
          </g>
        ))}
        <text x={left - 8} y={middle - BARS / 2 + 10} textAnchor="end">+{formatCount(moved)}</text>
        <text x={left - 8} y={middle + BARS / 2} textAnchor="end">−{formatCount(moved)}</text>
        <text x={left} y={bottom + 18}>{formatDay(first.day)}</text>
        <text x={WIDTH - RIGHT} y={bottom + 18} textAnchor="end">{formatDay(last.day)}</text>
      </svg>
      <p className="overlap-key s12 second"><i className="line" />{t('segmentLife.members')}<i className="came" />{t('segmentLife.entered')}<i className="went" />{t('segmentLife.left')}{days.some((day) => day.changed) && <><i className="rule-mark" />{t('segmentLife.changed')}</>}</p>
    </>
  )
}

function DaysTable({ days }: { days: GrowthDay[] }) {
  const { t } = useTranslation()
  return (
    <details className="as-table s13">
      <summary>{t('segmentLife.table')}</summary>
      <div className="table-scroll">
        <table className="table">
          <thead><tr><th>{t('segmentLife.day')}</th><th className="number">{t('segmentLife.members')}</th><th className="number">{t('segmentLife.entered')}</th><th className="number">{t('segmentLife.left')}</th><th>{t('segmentLife.rule')}</th></tr></thead>
          <tbody>
            {[...days].reverse().map((day) => (
              <tr key={day.day}><td>{formatDay(day.day)}</td><td className="number">{told(day.members)}</td><td className="number">{told(day.entered)}</td><td className="number">{told(day.left)}</td><td>v{day.version}{day.changed && <span className="tag draft"> {t('segmentLife.changed')}</span>}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
