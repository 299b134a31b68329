/** A day of a form: kept as YYYY-MM-DD, chosen from a calendar that speaks the reader's language. */
import dayjs, { type Dayjs } from 'dayjs'

export const dayShown = (day?: string | null) => ({ value: day ? dayjs(day) : null })
export const dayKept = (day: Dayjs | null) => day?.format('YYYY-MM-DD') ?? ''
