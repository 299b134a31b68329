/** The metrics an effect can be measured by. */
import { useTranslation } from 'react-i18next'

const metrics = ['app_login', 'payment', 'active_month'] as const

export function useMetricOptions() {
  const { t } = useTranslation()
  return metrics.map((value) => ({ value, label: t(`metric.${value}`) }))
}
