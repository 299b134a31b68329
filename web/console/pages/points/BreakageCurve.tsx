/** The breakage curve of one type of points: of what was given in each month, the share that ended unspent. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PointsReport } from '@api/points'
import { formatCount, formatShare } from '@kit/format'
import { monthsOf, topOf, typesOf } from './breakageShares'

const WIDE = 900
const HIGH = 240
const ASIDE = 8
const INSIDE = 56
const ABOVE = 34
const BELOW = 40
const NAMES_MAX = 6

export function BreakageCurve({ rows, name }: { rows: PointsReport['breakage']; name: (currency: string) => string }) {
  const { t } = useTranslation()
  const types = typesOf(rows)
  const [chosen, choose] = useState('')
  const currency = types.includes(chosen) ? chosen : types[0]
  if (currency === undefined) return null
  const months = monthsOf(rows, currency)
  const top = topOf(Math.max(...months.map((one) => one.expired)))
  const x = (place: number) => (months.length === 1 ? WIDE / 2 : INSIDE + (place / (months.length - 1)) * (WIDE - 2 * INSIDE))
  const y = (share: number) => HIGH - BELOW - (share / top) * (HIGH - BELOW - ABOVE)
  const step = Math.ceil(months.length / NAMES_MAX)
  const said = (one: (typeof months)[number]) => `${one.month} ${formatShare(one.expired, 1)}`
  return (
    <div className="breakage">
      {types.length > 1 && <Segmented size="small" value={currency} onChange={choose} options={types.map((value) => ({ value, label: name(value) }))} />}
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={`${name(currency)} · ${t('points.share')}: ${months.map(said).join(', ')}`}>
        {[0, 0.5, 1].map((tick) => (
          <g key={tick}>
            <line className="axis" x1={ASIDE} x2={WIDE - ASIDE} y1={y(tick * top)} y2={y(tick * top)} />
            {tick > 0 && <text x={ASIDE} y={y(tick * top) - 8}>{formatShare(tick * top, 1)}</text>}
          </g>
        ))}
        <path className="area" d={`M${x(0)} ${y(0)}${months.map((one, place) => `L${x(place).toFixed(1)} ${y(one.expired).toFixed(1)}`).join('')}L${x(months.length - 1)} ${y(0)}Z`} />
        <path className="curve" d={months.map((one, place) => `${place ? 'L' : 'M'}${x(place).toFixed(1)} ${y(one.expired).toFixed(1)}`).join('')} />
        {months.map((one, place) => (
          <g key={one.month}>
            <circle cx={x(place)} cy={y(one.expired)} r="4"><title>{`${said(one)} · ${t('points.credited')} ${formatCount(one.credited)}`}</title></circle>
            {(months.length - 1 - place) % step === 0 && <text x={x(place)} y={HIGH - 10} textAnchor="middle">{one.month}</text>}
          </g>
        ))}
      </svg>
    </div>
  )
}
