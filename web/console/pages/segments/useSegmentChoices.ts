/** Other segments to choose from, found by name as one types. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listSegments } from '@api/segments'

export function useSegmentChoices(own: string) {
  const [typed, setTyped] = useState('')
  const query = useQuery({ queryKey: ['segment-choices', typed], queryFn: () => listSegments({ q: typed, limit: '50' }), placeholderData: keepPreviousData })
  const [known, setKnown] = useState<Map<string, string>>(new Map())
  const fresh = (query.data?.items ?? []).filter((one) => one.id !== own && !known.has(one.id))
  if (fresh.length > 0) setKnown(new Map([...known, ...fresh.map((one) => [one.id, one.name] as const)]))
  return {
    loading: query.isFetching,
    showSearch: true,
    optionFilterProp: 'label',
    onSearch: setTyped,
    options: [...known].map(([value, label]) => ({ value, label })),
  }
}
