import { describe, expect, it } from 'vitest'
import { filtersOf, isView } from './ListTools'

describe('a view of a list', () => {
  it('holds the filters of the address, without tab and page', () => {
    expect(filtersOf({ status: 'running', tab: 'skus', cursor: 'x', q: '', sort: '-name' })).toEqual({ sort: '-name', status: 'running' })
  })

  it('is in use only while filters and columns are just its own', () => {
    const view = { filters: { q: 'a', status: 'running' }, columns: ['unit', 'name'] }
    expect(isView(view, { status: 'running', q: 'a' }, ['name', 'unit'])).toBe(true)
    expect(isView(view, { status: 'running' }, ['name', 'unit'])).toBe(false)
    expect(isView(view, { status: 'running', q: 'a' }, [])).toBe(false)
  })
})
