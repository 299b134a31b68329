/** One cache for all pages. */
import { QueryClient } from '@tanstack/react-query'
import { api, isSafe } from '@api/client'
import { problemOf } from '@kit/problem'

export const queries = new QueryClient({
  defaultOptions: {
    // Without a network a question fails at once and says so, instead of waiting in silence.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only an outage is worth asking again.
      retry: (count, error) => count < 2 && Boolean(problemOf(error).retryable),
      // Twice within a second: whoever waits longer than that wants to be told.
      retryDelay: (count) => 300 * 2 ** count,
    },
  },
})

// After a write nothing that was read before it counts as fresh: the next page that needs it asks again.
api.use({
  onResponse({ request, response }) {
    if (response.ok && !isSafe(request.method)) void queries.invalidateQueries({ refetchType: 'none' })
  },
})
