/** The metrics an effect can be measured by, in the reader's language. */
import { useQuery } from '@tanstack/react-query'
import { listMetrics } from '@api/campaigns'
import { useBilingual } from '@console/app/useWords'

export function useMetrics() {
  const bilingual = useBilingual()
  const query = useQuery({ queryKey: ['metrics'], queryFn: listMetrics, staleTime: 300_000 })
  return (query.data ?? []).map((metric) => ({ id: metric.id, unit: metric.unit, label: bilingual(metric.name, metric.name_en) }))
}

export function useMetricOptions() {
  return useMetrics().map(({ id, label }) => ({ value: id, label }))
}

/** The name of a metric; one nobody knows any more keeps its id. */
export function useMetricName() {
  const metrics = useMetrics()
  return (id: string) => metrics.find((metric) => metric.id === id)?.label ?? id
}
