/** One cache for all pages. */
import { QueryClient } from '@tanstack/react-query'
import { problemOf } from '@kit/problem'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only an outage is worth asking again.
      retry: (count, error) => count < 2 && Boolean(problemOf(error).retryable),
    },
  },
})
