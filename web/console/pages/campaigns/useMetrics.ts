/** The metrics an effect can be measured by, in the reader's language. */
import { useQuery } from '@tanstack/react-query'
import { listMetrics } from '@api/campaigns'
import { useBilingual } from '@console/app/useWords'

export function useMetricOptions() {
  const bilingual = useBilingual()
  const query = useQuery({ queryKey: ['metrics'], queryFn: listMetrics, staleTime: 300_000 })
  return (query.data ?? []).map((metric) => ({ value: metric.id, label: bilingual(metric.name, metric.name_en) }))
}

/** The name of a metric; one nobody knows any more keeps its id. */
export function useMetricName() {
  const options = useMetricOptions()
  return (id: string) => options.find((option) => option.value === id)?.label ?? id
}
