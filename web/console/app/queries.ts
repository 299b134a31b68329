/** One cache for all pages. */
import { QueryClient } from '@tanstack/react-query'
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
    },
  },
})
