/** How figures of models are written: shares with a decimal, money in yuan, hashes cut short. */
import { formatCount, formatMoney } from '@kit/format'

const percents = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
const decimals = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 })
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10]
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

export const formatPercent = (share: number | null | undefined) => (share == null ? '—' : percents.format(share))

/** A score, or the mean of scores. */
export const formatScore = (value: number | null | undefined, unit: string) =>
  value == null ? '—' : unit === 'fen' ? formatMoney(Math.round(value)) : percents.format(value)

/** A share on an axis or as a bound: no decimal where it has none. */
export const formatTick = (share: number) => `${plain.format(share * 100)}%`

/** The end of an axis of four equal steps, each of them a round number. */
export function roundTop(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(most / 4))
  return 4 * unit * (ROUND.find((one) => one * unit * 4 >= most * (1 - 1e-9)) ?? 10)
}

/** How far what was seen is from what was told: points of percent without their sign, or money; nothing apart bears no sign. */
export function formatApart(value: number, unit: string): string {
  const size = formatScore(Math.abs(value), unit).replace('%', '')
  if (!/[1-9]/.test(size)) return size
  return value > 0 ? `+${size}` : `−${size}`
}

/** The value of a feature. */
export function formatFeature(value: number | null | undefined, unit: string, unknown: string): string {
  if (value == null) return unknown
  if (unit === 'fen') return formatMoney(Math.round(value))
  if (unit === 'share') return percents.format(value)
  return unit === 'count' ? formatCount(Math.round(value)) : plain.format(value)
}

export const metricOrder = ['auc', 'calibration_error', 'top_tenth_lift', 'log_loss', 'brier', 'total_error', 'correlation'] as const
export type Metric = (typeof metricOrder)[number]

export function formatMetric(name: Metric, value: number | undefined): string {
  if (value === undefined) return '—'
  if (name === 'calibration_error' || name === 'total_error') return percents.format(value)
  return name === 'top_tenth_lift' ? `${plain.format(value)}×` : decimals.format(value)
}

/** Whether a greater value is the better one. */
export const greaterIsBetter = (name: Metric) => name === 'auc' || name === 'top_tenth_lift' || name === 'correlation'

export const shortHash = (hash: string) => hash.slice(0, 12)
