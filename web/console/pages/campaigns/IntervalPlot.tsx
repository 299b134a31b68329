/** Estimates with their intervals under each other, on one axis around 0; grey where an interval holds 0. */
import { useTranslation } from 'react-i18next'
import type { Estimate } from '@api/effects'
import { formatEnd, scaleOf, type Unit } from './effectWords'

export interface PlotRow {
  key: string
  label: string
  found: Estimate
  main?: boolean
}

const STEPS = 5
const [LABEL, ROW] = [104, 34]
const MARGINS = 66

function stepOf(span: number): number {
  const raw = span / STEPS
  const power = 10 ** Math.floor(Math.log10(raw))
  return power * ([1, 2, 5, 10].find((nice) => power * nice >= raw) ?? 10)
}

export function axisOf(rows: PlotRow[], unit: Unit): { first: number; last: number; step: number } {
  const scale = scaleOf[unit]
  const low = Math.min(0, ...rows.map((row) => row.found.low * scale))
  const high = Math.max(0, ...rows.map((row) => row.found.high * scale))
  const step = stepOf(high - low || 1)
  return { first: Math.floor(low / step) * step, last: Math.ceil(high / step) * step, step }
}

/** `width` is that of the card on a desk; on a phone the plot is as wide as the screen allows, so that its words stay readable. */
export function IntervalPlot({ rows, unit, width: wanted = 360 }: { rows: PlotRow[]; unit: Unit; width?: number }) {
  const { t } = useTranslation()
  const width = Math.min(wanted, window.innerWidth - MARGINS)
  const { first, last, step } = axisOf(rows, unit)
  const scale = scaleOf[unit]
  const bottom = rows.length * ROW + 4
  const x = (value: number) => LABEL + ((value - first) / (last - first)) * (width - LABEL - 16)
  const ticks = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, index) => first + index * step)
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const tick = (value: number) => `${value < -1e-9 ? '−' : value > 1e-9 ? '+' : ''}${Math.abs(value).toFixed(places)}`
  const said = rows.map((row) => t('effect.plot', { label: row.label, value: formatEnd(row.found.value, unit), low: formatEnd(row.found.low, unit), high: formatEnd(row.found.high, unit) })).join('; ')
  return (
    <svg className="board-chart intervals" viewBox={`0 0 ${width} ${bottom + 20}`} role="img" aria-label={said}>
      {ticks.map((value) => (
        <g key={value}>
          <path d={`M${x(value)} 0V${bottom}`} stroke={Math.abs(value) < 1e-9 ? 'var(--t3)' : 'var(--line2)'} />
          <text x={x(value)} y={bottom + 15} textAnchor="middle">{tick(value)}</text>
        </g>
      ))}
      {rows.map((row, index) => {
        const y = index * ROW + ROW / 2
        const [low, middle, high] = [row.found.low, row.found.value, row.found.high].map((value) => x(value * scale)) as [number, number, number]
        const colour = row.found.low <= 0 && row.found.high >= 0 ? 'var(--c7)' : 'var(--c1)'
        return (
          <g key={row.key} stroke={colour} strokeWidth="2">
            <text x="0" y={y + 4} stroke="none" className={row.main ? 'main' : 'part'}>{row.label}</text>
            <path d={`M${low} ${y}H${high}M${low} ${y - 5}V${y + 5}M${high} ${y - 5}V${y + 5}`} fill="none" />
            {row.main ? <path d={`M${middle} ${y - 7}l7 7l-7 7l-7 -7Z`} fill={colour} stroke="none" /> : <circle cx={middle} cy={y} r="4" fill={colour} stroke="none" />}
          </g>
        )
      })}
    </svg>
  )
}
