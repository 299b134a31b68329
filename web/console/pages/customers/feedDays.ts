/** A feed's days as marks: what a person sees of each at a glance. */
import type { Day, Feed } from '@api/imports'

export type Mark = 'done' | 'late' | 'failed' | 'missing' | 'excused' | 'open' | 'none'

export function markOf(day: Day | undefined): Mark {
  if (!day) return 'none'
  if (day.status === 'done') return day.late ? 'late' : 'done'
  if (day.status === 'waiting' || day.status === 'running') return 'open'
  if (day.status === 'cancelled') return 'failed'
  return day.status
}

/** The last `weeks` weeks up to today, whole weeks from Monday on, as ISO days. */
export function calendar(weeks: number, today = new Date()): string[] {
  const end = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()))
  const monday = new Date(end)
  monday.setUTCDate(end.getUTCDate() - ((end.getUTCDay() + 6) % 7) - (weeks - 1) * 7)
  const days: string[] = []
  for (const day = monday; day <= end; day.setUTCDate(day.getUTCDate() + 1)) days.push(day.toISOString().slice(0, 10))
  return days
}

export const dayOf = (feed: Feed, day: string) => feed.days.find((one) => one.business_on === day)
export const looksGood = (feed: Feed) => !feed.days.some((day) => ['failed', 'missing'].includes(markOf(day)))
