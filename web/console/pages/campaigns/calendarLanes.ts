/** Days of a month or week, and campaigns laid into as few lines as fit without covering each other. */
import { formatDay } from '@kit/format'

export type Span = 'month' | 'week'

export function addDays(day: string, count: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + count)
  return at.toISOString().slice(0, 10)
}

/** The first of the month, or the Monday of the week, a day lies in. */
export function startOf(day: string, span: Span): string {
  if (span === 'month') return `${day.slice(0, 7)}-01`
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}

export function daysOf(begin: string, span: Span): string[] {
  const length = span === 'week' ? 7 : new Date(Date.UTC(Number(begin.slice(0, 4)), Number(begin.slice(5, 7)), 0)).getUTCDate()
  return Array.from({ length }, (_, index) => addDays(begin, index))
}

interface Placed {
  unit_id: number
  unit: string
  opens_at: string
  closes_at: string
}

export interface Cell<Row> {
  from: string
  days: number
  row: Row | null
}

export interface Lane<Row> {
  unit_id: number
  unit: string
  lines: Cell<Row>[][]
}

/** One lane for each unit; a campaign takes the first line of it that is free from its first day on. */
export function lanesOf<Row extends Placed>(rows: Row[], days: string[]): Lane<Row>[] {
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const units = [...new Map(rows.map((row) => [row.unit_id, row.unit]))]
  return units.map(([unit_id, unit]) => {
    const lines: { row: Row; from: number; to: number }[][] = []
    for (const row of rows.filter((each) => each.unit_id === unit_id)) {
      const from = Math.max(0, days.indexOf(formatDay(row.opens_at) < first ? first : formatDay(row.opens_at)))
      const ending = formatDay(row.closes_at) > last ? last : formatDay(row.closes_at)
      const to = Math.max(from, days.indexOf(ending))
      const free = lines.find((line) => (line.at(-1)?.to ?? -1) < from)
      if (free) free.push({ row, from, to })
      else lines.push([{ row, from, to }])
    }
    return { unit_id, unit, lines: lines.map((line) => cellsOf(line, days)) }
  })
}

function cellsOf<Row>(line: { row: Row; from: number; to: number }[], days: string[]): Cell<Row>[] {
  const cells: Cell<Row>[] = []
  let at = 0
  const gap = (until: number) => {
    if (until > at) cells.push({ from: days[at] ?? '', days: until - at, row: null })
    at = until
  }
  for (const { row, from, to } of line) {
    gap(from)
    cells.push({ from: days[from] ?? '', days: to - from + 1, row })
    at = to + 1
  }
  gap(days.length)
  return cells
}
