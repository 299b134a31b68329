/** The typed client: paths and shapes come from the server's own OpenAPI, so an API change that breaks a page does not compile. */
import createClient, { type Middleware } from 'openapi-fetch'
import { ApiError, type Problem } from '@kit/problem'
import { deliver } from './deliver'
import type { paths } from './schema'

let csrfToken = ''

/** The session's token; sent with every unsafe request. */
export const setCsrfToken = (token: string) => {
  csrfToken = token
}

export const csrfHeader = (): Record<string, string> => (csrfToken ? { 'X-CSRF-Token': csrfToken } : {})

/** Told to the page when the server no longer knows the session, whichever call noticed it. */
export const SESSION_ENDED = 'huoke:session-ended'
/** Told to the page when somebody has signed in again: what could not be saved is worth another try. */
export const SESSION_RESUMED = 'huoke:session-resumed'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request of this method only reads. */
export const isSafe = (method: string) => safe.has(method)

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken && !isSafe(request.method)) request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
}

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin', fetch: deliver })
api.use(csrf)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value

/** The answer's data, or its problem thrown. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked
  if (response.ok) return data as T
  if (response.status === 401) window.dispatchEvent(new Event(SESSION_ENDED))
  if (isProblem(error)) throw new ApiError(error)
  throw new ApiError({
    status: response.status,
    code: response.status >= 500 ? 'outage' : `http.${response.status}`,
    detail: response.statusText || `HTTP ${response.status}`,
    retryable: response.status >= 500,
    request_id: response.headers.get('X-Request-Id') ?? undefined,
  })
}

interface WriteResult {
  index: number
  status: string
  id?: string | null
  error?: Problem | null
}

/** Writes take lists; a page that writes one thing wants its id, or its refusal thrown. */
export async function one(asked: Promise<Answer<WriteResult[]>>): Promise<string> {
  const [result] = await answered(asked)
  if (!result) throw new ApiError({ status: 500, code: 'bug', detail: 'The answer was empty.' })
  if (result.error) throw new ApiError(result.error)
  return result.id ?? ''
}
