/** Point policies in words. */
import type { TFunction } from 'i18next'
import type { EarnRule, Expiry } from '@api/points'
import { formatCount, formatDay } from '@kit/format'

export function expiryWords(expiry: Expiry, t: TFunction): string {
  const { n } = expiry
  if (n) {
    switch (expiry.kind) {
      case 'month_end': return t('points.expiries.month_end_n', { n, count: n })
      case 'quarter_end': return t('points.expiries.quarter_end_n', { n, count: n })
      case 'year_end': return t('points.expiries.year_end_n', { n, count: n })
    }
  }
  return t(`points.expiries.${expiry.kind}`, { n, count: n ?? 0, month: expiry.month, day: expiry.day })
}

export function givesWords(rule: EarnRule, t: TFunction): string {
  const points = `${formatCount(rule.points)} ${rule.target === 'growth' ? t('points.growth') : t('points.unit', { count: rule.points })}`
  const said = rule.per_fen ? t('points.perAmount', { amount: formatCount(rule.per_fen / 100), points }) : t('points.fixed', { points })
  const most = Math.max(100, ...(rule.multipliers ?? []).map((one) => one.percent))
  return most > 100 ? `${said} · ${t('points.times', { times: most / 100 })}` : said
}

export function capWords(rule: EarnRule, t: TFunction): string {
  const caps = [['capDay', rule.caps?.day], ['capMonth', rule.caps?.month], ['capPerson', rule.caps?.person]] as const
  return caps.filter(([, cap]) => cap).map(([key, cap]) => t(`points.${key}`, { count: formatCount(cap) as never })).join(' · ') || t('points.noCap')
}

export function seasonWords(rule: EarnRule, t: TFunction): string {
  if (!rule.from_on && !rule.until_on) return t('points.always')
  return [rule.from_on && t('points.from', { day: formatDay(rule.from_on) }), rule.until_on && t('points.until', { day: formatDay(rule.until_on) })].filter(Boolean).join(' ')
}
