/** How the grid is spoken of: bands in the reader's language, cells by their bands, values of a measure. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { GridAxis } from '@api/grid'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatPpm } from '@kit/format'
import { useHeadlines } from '@kit/Headline'
import type { Measure } from './shades'

export const placesOf = (cell: string): number[] => cell.split('-').map(Number)

/** A cell by its bands: 成长 · 育儿期 · 工薪. */
export function useCellName(axes: GridAxis[]): (cell: string | null, sign?: string) => string {
  const { t } = useTranslation()
  const say = useBilingual()
  return useCallback(
    (cell, sign = ' · ') =>
      cell === null
        ? t('grid.nobody')
        : placesOf(cell).every((place) => place === 0) ? t('grid.unknownBand') : placesOf(cell).map((place, axis) => { const band = axes[axis]?.bands[place - 1]; return band ? say(band.label, band.label_en) : t('grid.unknownBand') }).join(sign),
    [axes, say, t],
  )
}

/** A month as people say it: 2026-11. */
export const monthName = (day: string): string => day.slice(0, 7)

/** An amount without its fen, where they are none. */
const whole = (money: string): string => money.replace(/\.00$/, '')

export function useValue(): (value: number | null, measure: Measure) => string {
  const headlines = useHeadlines()
  return useCallback((value, measure) => {
    if (value === null) return '—'
    switch (measure) {
      case 'customers': return formatCount(value)
      case 'active': return formatPpm(value * 1e6)
      case 'temperature': return value.toFixed(1)
      default: return whole(headlines.money(Math.round(value / 100) * 100))
    }
  }, [headlines])
}

export type MoveKind = 'in' | 'up' | 'down' | 'over'

/** Wealth has its best band first: a smaller place is a rise. */
export function kindOf(from: string, to: string): 'up' | 'down' | 'over' {
  const [was = 0] = placesOf(from)
  const [now = 0] = placesOf(to)
  return now === was ? 'over' : now < was ? 'up' : 'down'
}
