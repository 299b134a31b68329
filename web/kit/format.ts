/** How figures read: integer fen, whole counts, parts per million and instants, in the reader's language. */

/** Banks count their days in this zone; the server's instants are UTC. */
export const BANK_ZONE = 'Asia/Shanghai'
export const MISSING = '—'

type Maybe<T> = T | null | undefined

const grouped = new Intl.NumberFormat('en-US')
const percentTenth = new Intl.NumberFormat('en-US', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

export const formatCount = (count: Maybe<number>): string => (count == null ? MISSING : grouped.format(count))

/** Fen as yuan with two decimals and separators: 1234567 → "12,345.67". */
export function formatYuan(fen: Maybe<number>): string {
  if (fen == null) return MISSING
  const whole = Math.trunc(Math.abs(fen) / 100)
  const rest = String(Math.abs(fen) % 100).padStart(2, '0')
  return `${fen < 0 ? '−' : ''}${grouped.format(whole)}.${rest}`
}

/** The same with the sign of the currency: "¥12,345.67". */
export function formatMoney(fen: Maybe<number>): string {
  if (fen == null) return MISSING
  return fen < 0 ? `−¥${formatYuan(-fen)}` : `¥${formatYuan(fen)}`
}

const exact = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** A value of a condition: large numbers with separators, smaller ones, among them years, as they are. A text of digits is a number only where `numeric` says so. */
export const formatFigure = (value: unknown, numeric = typeof value === 'number'): string =>
  numeric && value !== '' && Math.abs(Number(value)) >= 10_000 ? exact.format(Number(value)) : String(value)

type Reader = 'zh-CN' | 'en'

/** Powers a headline is said in, the greatest first, with so many decimals at most. */
const powers: Record<Reader, readonly [number, string, number][]> = {
  'zh-CN': [[1e8, ' 亿', 2], [1e4, ' 万', 1]],
  en: [[1e9, 'B', 2], [1e6, 'M', 2], [1e3, 'K', 1]],
}
/** What is below this is read in full. */
const SHORT_FROM = 100_000
const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals))

function shortened(value: number, reader: Reader): string | null {
  if (Math.abs(value) < SHORT_FROM) return null
  const fits = powers[reader].find(([power, , decimals]) => rounded(Math.abs(value) / power, decimals) >= 1) ?? powers[reader][1]
  if (!fits) return null
  const [power, word, decimals] = fits
  const digits = new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals }).format(Math.abs(value) / power)
  return `${value < 0 ? '−' : ''}${digits}${word}`
}

/** A count as a headline says it: 123,456 is "12.3 万" or "123.5K"; what is small stays whole. */
export const headlineCount = (count: Maybe<number>, reader: Reader): string =>
  count == null ? MISSING : (shortened(count, reader) ?? grouped.format(count))

/** Fen as a headline says them: "1.2 亿元", "¥1.2M"; what is small keeps its fen. */
export function headlineMoney(fen: Maybe<number>, reader: Reader): string {
  if (fen == null) return MISSING
  const short = shortened(fen / 100, reader)
  if (short === null) return formatMoney(fen)
  return reader === 'zh-CN' ? `${short}元` : short.replace(/^(−?)/, '$1¥')
}

/** A difference of two shares in percentage points, with its sign: "+10.8". */
export function formatPoints(points: number): string {
  const shown = Math.abs(points).toFixed(1)
  return shown === '0.0' ? shown : `${points < 0 ? '−' : '+'}${shown}`
}

/** What a person typed, in yuan, as fen; null when it is no amount. */
export function parseYuan(text: string): number | null {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', ''))
  if (!match) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** A share of a whole; a share of nothing is missing, never 0 %. */
export const formatShare = (part: Maybe<number>, whole: Maybe<number>): string =>
  part == null || !whole ? MISSING : percentTenth.format(part / whole)

/** A span of time as people say it: seconds below a minute, minutes below two hours, then hours. */
export function formatSpan(seconds: number, language: string): string {
  const unit = seconds < 60 ? 'second' : seconds < 7_200 ? 'minute' : 'hour'
  const value = Math.max(1, Math.round(seconds / { second: 1, minute: 60, hour: 3_600 }[unit]))
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

export const formatPpm = (ppm: Maybe<number>): string => (ppm == null ? MISSING : percentTenth.format(ppm / 1_000_000))

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: BANK_ZONE, hour: '2-digit', minute: '2-digit' })
const seconds = new Intl.DateTimeFormat('sv-SE', { timeZone: BANK_ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: BANK_ZONE, year: 'numeric', month: '2-digit', day: '2-digit' })

export const formatClock = (at: Maybe<string | Date>): string => (at ? clock.format(new Date(at)) : MISSING)
export const formatSeconds = (at: Maybe<string | Date>): string => (at ? seconds.format(new Date(at)) : MISSING)

/** The bank's calendar day of an instant: "2026-11-18". */
export const formatDay = (at: Maybe<string | Date>): string => (at ? day.format(new Date(at)) : MISSING)
/** The last whole day before an instant that ends something: what ends at midnight was good until the day before. */
export const formatLastDay = (end: Maybe<string>): string => (end ? formatDay(new Date(Date.parse(end) - 1)) : MISSING)

/** "2026-11-18 14:32" in the bank's zone. */
/** A minute of the day, 0 … 1440, as the clock shows it. */
export const formatMinute = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
export const formatInstant = (at: Maybe<string | Date>): string => (at ? `${formatDay(at)} ${formatClock(at)}` : MISSING)

export const isPast = (at: string): boolean => Date.parse(at) < Date.now()

/** Short form for lists: the clock today, else month and day, else the full day. */
export function formatRecent(at: Maybe<string | Date>, now: Date = new Date()): string {
  if (!at) return MISSING
  const [that, today] = [formatDay(at), formatDay(now)]
  if (that === today) return formatClock(at)
  return that.slice(0, 4) === today.slice(0, 4) ? `${that.slice(5)} ${formatClock(at)}` : that
}

/** "11-10 → 11-30", with the year where the two differ or it is not this one. */
export function formatWindow(from: Maybe<string>, to: Maybe<string>): string {
  const [start, end] = [formatDay(from), formatDay(to)]
  const year = formatDay(new Date()).slice(0, 4)
  const short = start.startsWith(year) && end.startsWith(year)
  return short ? `${start.slice(5)} → ${end.slice(5)}` : `${start} → ${end}`
}

/** How far the clock has come through a window, 0 … 1; null before it is known. */
export function elapsedShare(from: Maybe<string>, to: Maybe<string>, now: Date = new Date()): number | null {
  if (!from || !to) return null
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return end > start ? Math.min(1, Math.max(0, (now.getTime() - start) / (end - start))) : null
}

/** Bytes for a file list: "4.2 MB". */
export function formatBytes(bytes: Maybe<number>): string {
  if (bytes == null) return MISSING
  const units = ['B', 'KB', 'MB', 'GB'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`
}
