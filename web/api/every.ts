/** Whole lists, for choices and for names: page after page. */
type Params = Record<string, string | undefined>

const PAGES_MAX = 10
const PAGE = '200'

interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

/** Every row that `list` has, at most two thousand. */
export async function every<T>(list: (query: Params) => Promise<Page<T>>, query: Params = {}): Promise<{ items: T[] }> {
  const items: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await list({ ...query, limit: PAGE, cursor })
    items.push(...found.items)
    cursor = found.next_cursor ?? undefined
    if (!cursor) break
  }
  return { items }
}
