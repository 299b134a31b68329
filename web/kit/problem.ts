/** What the server says when it says no (RFC 9457), and the error that carries it through the pages. */
export interface Problem {
  status: number
  code: string
  detail: string
  pointer?: string
  retryable?: boolean
  request_id?: string
  data?: Record<string, unknown>
}

export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** Whatever went wrong, as a problem: a network that is away becomes an outage that may be tried again. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return { status: 0, code: 'network', detail: error instanceof Error ? error.message : String(error), retryable: true }
}
