/** Sending: every item of a list that is written carries a number, and a write whose answer was lost goes out again under its own. */
import { requestNo } from './request'

/** By what was sent, numbers apart: the body of a write that may have been done without our hearing of it. */
const unanswered = new Map<string, { body: string; at: number }>()
/** Later than that the same content is meant as another write. */
const SAME_WRITE_MS = 600_000

const isItem = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The body with a number on each item, and what it says beside its numbers; null where nothing in it can be numbered. */
export function numbered(body: string): { body: string; content: string } | null {
  let told: unknown
  try {
    told = JSON.parse(body)
  } catch {
    return null
  }
  const items = Array.isArray(told) ? told : isItem(told) && 'request_no' in told ? [told] : []
  if (items.length === 0 || !items.every(isItem)) return null
  const content = JSON.stringify(items.map((item) => ({ ...item, request_no: null })))
  for (const item of items) item.request_no ??= requestNo()
  return { body: JSON.stringify(told), content }
}

export async function deliver(request: Request): Promise<Response> {
  const isJson = request.headers.get('Content-Type')?.startsWith('application/json')
  const write = request.method === 'POST' && isJson ? numbered(await request.clone().text()) : null
  if (!write) return fetch(request)
  const key = `${request.url} ${write.content}`
  const earlier = unanswered.get(key)
  const body = earlier && Date.now() - earlier.at < SAME_WRITE_MS ? earlier.body : write.body
  unanswered.set(key, { body, at: Date.now() })
  const response = await fetch(new Request(request, { body }))
  // An outage may have struck before or after the work was done.
  if (response.status < 500) unanswered.delete(key)
  return response
}
