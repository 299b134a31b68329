/** What the pages of plays share: looks, and odds between parts of a million and percent. */
import type { PlayDraft } from '@api/plays'

export const KINDS = ['wheel', 'grid', 'scratch', 'egg', 'box'] as const
export type Kind = NonNullable<PlayDraft['kind']>
export const PPM = 1_000_000

export const percentOf = (ppm: number): number => ppm / 10_000
export const ppmOf = (percent: number | null): number => Math.round((percent ?? 0) * 10_000)
export const oddsSum = (draft: PlayDraft): number => (draft.prizes ?? []).reduce((sum, one) => sum + (one.odds_ppm ?? 0), 0)
export const exactPercent = (ppm: number): string => `${percentOf(ppm).toFixed(4).replace(/\.?0+$/, '')}%`
