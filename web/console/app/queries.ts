/** One cache for all pages. A session that has ended is noticed here, wherever the answer came from. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { problemOf } from '@kit/problem'

export const SESSION_ENDED = 'huoke:session-ended'

const notice = (error: unknown) => {
  if (problemOf(error).status === 401) window.dispatchEvent(new Event(SESSION_ENDED))
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only an outage is worth asking again.
      retry: (count, error) => count < 2 && Boolean(problemOf(error).retryable),
    },
  },
})
