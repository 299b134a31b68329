/** Filters that the lists of the desk share: kind of case, a colleague, days. */
import { useQuery } from '@tanstack/react-query'
import { DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { listColleagues } from '@api/desk'
import type { ListState } from '@kit/listParams'
import { caseKinds } from './CaseDialogs'

interface FilterProps {
  state: ListState
}

export function KindFilter({ state }: FilterProps) {
  const { t } = useTranslation()
  return (
    <Select
      aria-label={t('desk.kind')} placeholder={t('desk.kind')} allowClear className="desk-whose" value={state.params.kind}
      options={caseKinds.map((value) => ({ value, label: t(`desk.caseKinds.${value}`) }))}
      onChange={(kind?: string) => state.change({ kind })}
    />
  )
}

export function ColleagueFilter({ state, name, label }: FilterProps & { name: string; label: string }) {
  const people = useQuery({ queryKey: ['colleagues'], queryFn: () => listColleagues() })
  return (
    <Select
      aria-label={label} placeholder={label} allowClear showSearch optionFilterProp="label" className="desk-whose" value={state.params[name]} loading={people.isPending}
      options={people.data?.items.map((one) => ({ value: one.id, label: one.name }))}
      onChange={(id?: string) => state.change({ [name]: id })}
    />
  )
}

export function DaysFilter({ state, label }: FilterProps & { label: string }) {
  const { since, until } = state.params
  const day = (value?: string) => (value ? dayjs(value) : null)
  return (
    <DatePicker.RangePicker
      aria-label={label} className="desk-days" allowEmpty={[true, true]} value={[day(since), day(until)]}
      onChange={(range) => state.change({ since: range?.[0]?.format('YYYY-MM-DD'), until: range?.[1]?.format('YYYY-MM-DD') })}
    />
  )
}
