/** Choosing a relationship manager: by name, with login, and how many customers they own. */
import { useQuery } from '@tanstack/react-query'
import { Select, type SelectProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { every } from '@api/every'
import { listManagers, type Manager } from '@api/ownership'
import { useUnitLabel } from '@console/app/units'
import { formatCount } from '@kit/format'

export const useManagers = (enabled = true) => useQuery({ queryKey: ['managers', 'every'], queryFn: () => every(listManagers), enabled })

interface ManagerSelectProps extends Omit<SelectProps<string>, 'options'> {
  /** What an option stands for. */
  by: 'id' | 'login'
  /** Only those customers can be given to. */
  active?: boolean
  without?: string
  before?: { value: string; label: string }[]
}

export function ManagerSelect({ by, active = false, without, before = [], ...select }: ManagerSelectProps) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { data, isPending } = useManagers()
  const shown = (data?.items ?? []).filter((one) => (!active || one.active) && one[by] !== without)
  const option = (one: Manager) => ({ value: one[by], label: `${one.name} · ${unitLabel(one.unit_id, '')}`, words: `${one.name} ${one.login}`, owned: formatCount(one.owned) })
  return (
    <Select<string>
      loading={isPending}
      showSearch={{ filterOption: (text, found) => String(found?.words ?? found?.label).toLowerCase().includes(text.toLowerCase()) }}
      notFoundContent={t('ownership.noManagers')}
      options={[...before, ...shown.map(option)]}
      optionRender={(found) => <span className="between"><span className="ellipsis">{found.label}</span>{found.data.owned !== undefined && <small className="muted">{t('ownership.owned')} {found.data.owned}</small>}</span>}
      {...select}
    />
  )
}
