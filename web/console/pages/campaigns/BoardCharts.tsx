/** Two plain charts of a board: money redeemed over time, and today's hours. */
import { useTranslation } from 'react-i18next'
import type { Board } from '@api/campaigns'
import { BANK_ZONE, formatCount, formatDay, formatYuan } from '@kit/format'
import { useHeadlines } from '@kit/Headline'

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [210, 52, 48, 16, 24]
const [WIDE, NARROW] = [760, 444]

/** A round number at or above `value`, so that the axis has at most four steps. */
function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 2.5, 4, 5, 8, 10].find((each) => each * power >= value) ?? 10
  return step * power
}

/** Cumulated spending from the opening, with what was spent before the hours on record at its left. */
export function spendLine(board: Board): { at: number; fen: number }[] {
  const hours = [...board.by_hour].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  const within = hours.reduce((sum, hour) => sum + hour.redeemed_fen, 0)
  let fen = Math.max(0, (board.budget.committed_fen ?? 0) - within)
  const line = [{ at: Date.parse(board.opens_at ?? hours[0]?.at ?? new Date().toISOString()), fen }]
  for (const hour of hours) {
    fen += hour.redeemed_fen
    line.push({ at: Math.min(Date.parse(hour.at) + 3_600_000, Date.now()), fen })
  }
  return line
}

export function SpendChart({ board, narrow }: { board: Board; narrow?: boolean }) {
  const { t } = useTranslation()
  const say = useHeadlines()
  const WIDTH = narrow ? NARROW : WIDE
  const line = spendLine(board)
  const last = line.at(-1)
  const start = line[0]?.at ?? 0
  const end = board.closes_at ? Date.parse(board.closes_at) : (last?.at ?? start) + 1
  const limit = board.budget.limit_fen ?? 0
  const top = roundUp(limit * 1.04)
  const x = (at: number) => LEFT + ((Math.min(Math.max(at, start), end) - start) / Math.max(1, end - start)) * (WIDTH - LEFT - RIGHT)
  const y = (fen: number) => HEIGHT - BOTTOM - (fen / top) * (HEIGHT - TOP - BOTTOM)
  const path = line.map((point, index) => `${index ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point.fen).toFixed(1)}`).join('')
  const base = HEIGHT - BOTTOM
  const ticks = [0, 0.5, 1].map((part) => part * top)
  const days = (narrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map((part) => start + part * (end - start))
  return (
    <div className="table-scroll">
    <svg className={narrow ? 'board-chart' : 'board-chart wide'} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('board.spendSaid', { spent: formatYuan(last?.fen), limit: formatYuan(limit) })}>
      {ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${LEFT} ${y(tick)}H${WIDTH - RIGHT}`} stroke="var(--line2)" />
          <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">{say.count(Math.round(tick / 100))}</text>
        </g>
      ))}
      {days.map((day, index) => <text key={index} x={x(day)} y={HEIGHT - 6} textAnchor={index === 0 ? 'start' : index === days.length - 1 ? 'end' : 'middle'}>{formatDay(new Date(day)).slice(5)}</text>)}
      <path d={`M${x(start)} ${y(0)}L${x(end)} ${y(limit)}`} stroke="var(--c7)" strokeDasharray="2 3" fill="none" />
      <path d={`M${LEFT} ${y(limit)}H${WIDTH - RIGHT}`} stroke="var(--bad)" strokeDasharray="4 3" />
      <text x={WIDTH - RIGHT + 4} y={y(limit) + 4} style={{ fill: 'var(--bad-t)' }}>{t('board.limitShort')}</text>
      {last && (
        <>
          <path d={`${path}V${base}H${x(start)}Z`} fill="var(--c1)" opacity=".12" />
          <path d={path} fill="none" stroke="var(--c1)" strokeWidth="2" strokeLinejoin="round" />
          <circle cx={x(last.at)} cy={y(last.fen)} r="4" fill="var(--card)" stroke="var(--c1)" strokeWidth="2" />
          <text x={Math.min(x(last.at) + 8, WIDTH - RIGHT - 4)} textAnchor={x(last.at) + 8 > WIDTH - RIGHT - 4 ? 'end' : 'start'} y={Math.max(TOP, y(last.fen) - 6)} style={{ fontWeight: 600, fill: 'var(--ink)' }}>{formatYuan(last.fen)}</text>
        </>
      )}
    </svg>
    </div>
  )
}

const hourOf = new Intl.DateTimeFormat('en-GB', { timeZone: BANK_ZONE, hour: '2-digit', hourCycle: 'h23' })

interface HourChartProps {
  board: Board
  /** Called with the hour that was chosen: begin and end, and words for it. */
  open?: (begin: string, end: string, what: string) => void
}

export function HourChart({ board, open }: HourChartProps) {
  const { t } = useTranslation()
  const say = useHeadlines()
  const latest = board.by_hour.findLast((row) => row.claimed + row.redeemed > 0)?.at ?? new Date()
  const today = formatDay(board.state === 'running' ? new Date() : latest)
  const hours = Array.from({ length: 24 }, () => ({ claimed: 0, redeemed: 0 }))
  for (const row of board.by_hour) {
    const slot = hours[Number(hourOf.format(new Date(row.at)))]
    if (formatDay(row.at) !== today || !slot) continue
    slot.claimed += row.claimed
    slot.redeemed += row.redeemed
  }
  const sum = hours.reduce((all, hour) => ({ claimed: all.claimed + hour.claimed, redeemed: all.redeemed + hour.redeemed }), { claimed: 0, redeemed: 0 })
  const top = roundUp(Math.max(...hours.map((hour) => Math.max(hour.claimed, hour.redeemed)), 4))
  const [width, height, left, bottom] = [444, 200, 30, 24]
  const step = (width - left) / 24
  const y = (count: number) => height - bottom - (count / top) * (height - bottom - 12)
  return (
    <>
      <div className="row wrap s12" style={{ gap: 16 }}>
        {board.state !== 'running' && <span className="muted">{today}</span>}
        <span className="legend"><i style={{ background: 'var(--h3)' }} />{t('board.claimed')} <b>{formatCount(sum.claimed)}</b></span>
        <span className="legend"><i />{t('board.redeemed')} <b>{formatCount(sum.redeemed)}</b></span>
      </div>
      <svg className="board-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('board.hoursSaid', { claimed: formatCount(sum.claimed), redeemed: formatCount(sum.redeemed) })}>
        {[0, top / 2, top].map((tick) => (
          <g key={tick}>
            <path d={`M${left} ${y(tick)}H${width}`} stroke="var(--line2)" />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">{say.count(Math.round(tick))}</text>
          </g>
        ))}
        {hours.map((hour, index) => (
          <g key={index}>
            <rect x={left + index * step + 1} width={step / 2 - 1} y={y(hour.claimed)} height={height - bottom - y(hour.claimed)} rx="1.5" fill="var(--h3)" />
            <rect x={left + index * step + step / 2} width={step / 2 - 1} y={y(hour.redeemed)} height={height - bottom - y(hour.redeemed)} rx="1.5" fill="var(--c1)" />
            {index % 6 === 0 && <text x={left + index * step + step / 2} y={height - 6} textAnchor="middle">{String(index).padStart(2, '0')}</text>}
          </g>
        ))}
      </svg>
      {open && sum.claimed > 0 && (
        <div className="row wrap s12 drills">
          <span className="muted">{t('drill.open')}</span>
          {board.by_hour.filter((row) => formatDay(row.at) === today && row.claimed > 0).map((row) => {
            const shown = `${hourOf.format(new Date(row.at))}:00`
            return <button key={row.at} type="button" className="drill" onClick={() => open(row.at, new Date(Date.parse(row.at) + 3_600_000).toISOString(), shown)}>{shown}</button>
          })}
        </div>
      )}
    </>
  )
}
