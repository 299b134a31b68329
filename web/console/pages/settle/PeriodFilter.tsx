/** Which period: the last day of a statement lies between two days; kept in the address like every filter. */
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { ListState } from '@kit/listParams'

const day = (text?: string) => (text ? dayjs(text) : null)

export function PeriodFilter({ state }: { state: ListState }) {
  const { t } = useTranslation()
  return (
    <DatePicker.RangePicker
      allowEmpty
      placeholder={[t('invoice.since'), t('invoice.until')]}
      aria-label={t('invoice.period')}
      value={[day(state.params.since_on), day(state.params.until_on)]}
      onChange={(days) => state.change({ since_on: days?.[0]?.format('YYYY-MM-DD'), until_on: days?.[1]?.format('YYYY-MM-DD') })}
      className="invoice-period"
    />
  )
}
