// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deliver, numbered } from './deliver'

const write = (body: unknown, method = 'POST') => new Request('http://bank.test/v1/segments', { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })

/** A network that loses as many answers as it is told to; what reached the server stands in `reached`. */
function network(lost: number, status = 200) {
  const reached: unknown[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    reached.push(JSON.parse(await request.text()))
    if (reached.length <= lost) throw new TypeError('Failed to fetch')
    return new Response('[]', { status })
  })
  return reached as { request_no: string }[][]
}
const numberIn = (sent: { request_no: string }[] | undefined) => sent?.[0]?.request_no

afterEach(() => vi.unstubAllGlobals())

describe('a write', () => {
  it('whose answer was lost is sent again under the same number', async () => {
    const reached = network(1)
    await expect(deliver(write([{ name: 'a' }]))).rejects.toThrow('Failed to fetch')
    await deliver(write([{ name: 'a' }]))
    expect(reached).toHaveLength(2)
    expect(numberIn(reached[0])).toMatch(/^web-/)
    expect(numberIn(reached[1])).toBe(numberIn(reached[0]))
  })

  it('keeps its number through an outage, also one its page gave it', async () => {
    const reached = network(0, 503)
    await deliver(write([{ name: 'b', request_no: 'first' }]))
    await deliver(write([{ name: 'b', request_no: 'second' }]))
    expect(reached.map(numberIn)).toEqual(['first', 'first'])
  })

  it('that was answered is another one the next time', async () => {
    const reached = network(0)
    await deliver(write([{ name: 'c' }]))
    await deliver(write([{ name: 'c' }]))
    expect(numberIn(reached[0])).not.toBe(numberIn(reached[1]))
  })

  it('of other content has a number of its own', async () => {
    const reached = network(1)
    await expect(deliver(write([{ name: 'd' }]))).rejects.toThrow()
    await deliver(write([{ name: 'e' }]))
    expect(numberIn(reached[0])).not.toBe(numberIn(reached[1]))
  })
})

describe('numbers', () => {
  it('are put on lists and kept off single objects that have none', () => {
    expect(numbered('{"name":"a"}')).toBeNull()
    expect(numbered('not json')).toBeNull()
    expect(numbered('["a"]')).toBeNull()
    expect(JSON.parse(numbered('{"request_no":"mine"}')?.body ?? '')).toEqual({ request_no: 'mine' })
  })
})
