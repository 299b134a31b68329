/** A stored value as the page writes it, by its unit; anything structured becomes one line a part. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount, formatInstant, formatPpm, formatYuan } from '@kit/format'

export function useShownValue(): (value: unknown, unit: string) => ReactNode {
  const { t } = useTranslation()
  const scalar = (value: unknown, unit: string): string => {
    if (typeof value === 'boolean') return t(value ? 'segment.yes' : 'segment.no')
    if (typeof value === 'number') {
      if (unit === 'fen') return `${formatYuan(value)} ${t('unit.yuan')}`
      if (unit === 'ppm') return formatPpm(value)
      if (unit === 'percent') return `${value}%`
      const name = t(`unit.${unit}`, { defaultValue: '' })
      return name ? `${formatCount(value)} ${name}` : formatCount(value)
    }
    if (unit === 'instant' && typeof value === 'string') return formatInstant(value)
    if (typeof value === 'string') return t(`approval.values.${value}`, { defaultValue: value })
    return JSON.stringify(value)
  }
  return (value, unit) => {
    if (value == null || value === '' || (Array.isArray(value) && value.length === 0)) return null
    if (Array.isArray(value)) return value.map((part, index) => <span key={index} style={{ display: 'block' }}>{line(part, unit, scalar)}</span>)
    if (typeof value === 'object') return Object.entries(value).map(([key, part]) => <span key={key} style={{ display: 'block' }}>{`${key}: ${line(part, unit, scalar)}`}</span>)
    return scalar(value, unit)
  }
}

function line(part: unknown, unit: string, scalar: (value: unknown, unit: string) => string): string {
  if (part === null || typeof part !== 'object') return scalar(part, unit)
  return Object.entries(part)
    .map(([key, value]) => (key.endsWith('_fen') && typeof value === 'number' ? `¥${formatYuan(value)}` : typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(' · ')
}
