/** Effects in words and figures of the page's language. */
import { useTranslation } from 'react-i18next'
import type { CampaignEffect, Effect, Estimate, Gap, Metric } from '@api/effects'
import { formatCount, formatMoney } from '@kit/format'

export type Unit = Metric['unit']

const grouped = (value: number, places: number) => new Intl.NumberFormat('en-US', { minimumFractionDigits: places, maximumFractionDigits: places }).format(value)
const minus = (value: number, places: number) => {
  const text = grouped(Math.abs(value), places)
  return value < 0 && Number(text.replaceAll(',', '')) > 0 ? `−${text}` : text
}

/** What a value of the metric is multiplied with on an axis: percentage points, times, yuan. */
export const scaleOf: Record<Unit, number> = { share: 100, count: 1, fen: 0.01 }
const placesOf: Record<Unit, number> = { share: 1, count: 2, fen: 2 }

export function formatMean(value: number | null | undefined, unit: Unit): string {
  if (value == null) return '—'
  if (unit === 'fen') return formatMoney(Math.round(value))
  return unit === 'share' ? `${grouped(value * 100, 1)} %` : grouped(value, 2)
}

export const formatChange = (value: number) => `${value < 0 ? '−' : '+'}${grouped(Math.abs(value) * 100, 1)} %`
export const formatEnd = (value: number, unit: Unit) => minus(value * scaleOf[unit], placesOf[unit])
export const formatTotal = (value: number, unit: Unit) => (unit === 'fen' ? formatMoney(Math.round(value)) : formatCount(Math.round(value)))

export function useEffectWords() {
  const { t, i18n } = useTranslation()
  const english = i18n.language.startsWith('en')
  const nameOf = (metric: Metric) => (english ? metric.name_en : metric.name)
  const unitOf = (unit: Unit) => (unit === 'share' ? t('effect.points') : unit === 'count' ? t('effect.times') : '')
  const signed = (value: number, unit: Unit) => `${value < 0 ? '−' : '+'}${unit === 'fen' ? formatMoney(Math.round(Math.abs(value))) : `${formatEnd(Math.abs(value), unit)} ${unitOf(unit)}`}`
  const totals = (found: Estimate, unit: Unit) => {
    const end = (value: number) => (unit === 'fen' ? minus(value / 100, 2) : minus(value, 0))
    return t('effect.interval', { low: end(found.low), high: end(found.high) })
  }
  const ends = (found: Estimate, unit: Unit) => t('effect.interval', { low: formatEnd(found.low, unit), high: formatEnd(found.high, unit) })
  const missing = (gap: Gap | null | undefined) => (gap ? t(`effect.gap.${gap.code}`, { have: formatCount(gap.have ?? 0), enough: formatCount(gap.enough ?? 0) }) : '')
  return { nameOf, definitionOf: (metric: Metric) => (english ? metric.definition_en : metric.definition), unitOf, signed, totals, ends, missing, headline: (told: CampaignEffect) => headline(told, t, nameOf, signed) }
}

function headline(told: CampaignEffect, t: (key: string, values?: Record<string, unknown>) => string, nameOf: (metric: Metric) => string, signed: (value: number, unit: Unit) => string): string {
  const { metric, effect } = told
  if (!metric) return t('effect.says.unmeasured')
  const name = nameOf(metric)
  if (effect.verdict === 'not_comparable') return t('effect.says.not_comparable')
  if (!effect.difference || !effect.incremental) return t('effect.says.silent')
  if (effect.verdict === 'not_enough_data') return t('effect.says.interim', { metric: name, difference: signed(effect.difference.value, metric.unit) })
  if (effect.verdict === 'no_difference_seen') return t('effect.says.no_difference_seen', { metric: name })
  return t(`effect.says.${effect.verdict}_${metric.unit}`, { n: formatTotal(Math.abs(effect.incremental.value), metric.unit), metric: name })
}

export const toneOf: Record<Effect['verdict'], string> = { raised: 'good', lowered: 'bad', no_difference_seen: '', not_enough_data: '', not_comparable: 'bad' }
