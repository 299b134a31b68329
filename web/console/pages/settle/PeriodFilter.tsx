/** Which period, in days; unless said otherwise the last day of a statement lies in it. Kept in the address. */
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { ListState } from '@kit/listParams'

const day = (text?: string) => (text ? dayjs(text) : null)

export function PeriodFilter({ state, label, since, until }: { state: ListState; label?: string; since?: string; until?: string }) {
  const { t } = useTranslation()
  return (
    <DatePicker.RangePicker
      allowEmpty
      placeholder={[since ?? t('invoice.since'), until ?? t('invoice.until')]}
      aria-label={label ?? t('invoice.period')}
      value={[day(state.params.since_on), day(state.params.until_on)]}
      onChange={(days) => state.change({ since_on: days?.[0]?.format('YYYY-MM-DD'), until_on: days?.[1]?.format('YYYY-MM-DD') })}
      className="invoice-period"
    />
  )
}
