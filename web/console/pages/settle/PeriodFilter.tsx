/** Which period, in days; unless said otherwise the last day of a statement lies in it. Kept in the address as `names`. */
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { ListState } from '@kit/listParams'

const day = (text?: string) => (text ? dayjs(text) : null)

type Names = readonly [first: string, last: string]
const NAMES: Names = ['since_on', 'until_on']

export function PeriodFilter({ state, label, since, until, names = NAMES }: { state: ListState; label?: string; since?: string; until?: string; names?: Names }) {
  const { t } = useTranslation()
  return (
    <DatePicker.RangePicker
      allowEmpty
      placeholder={[since ?? t('invoice.since'), until ?? t('invoice.until')]}
      aria-label={label ?? t('invoice.period')}
      value={[day(state.params[names[0]]), day(state.params[names[1]])]}
      onChange={(days) => state.change({ [names[0]]: days?.[0]?.format('YYYY-MM-DD'), [names[1]]: days?.[1]?.format('YYYY-MM-DD') })}
      className="invoice-period"
    />
  )
}
