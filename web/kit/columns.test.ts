import { describe, expect, it } from 'vitest'
import { shownColumns } from './columns'
import type { Column } from './DataTable'

const column = (key: string, more: Partial<Column<unknown>> = {}): Column<unknown> => ({ key, title: key, render: () => null, ...more })
const columns = [column('name'), column('unit'), column('note', { optional: true }), column('actions', { title: '' })]
const keys = (chosen: string[]) => shownColumns(columns, chosen).map((each) => each.key)

describe('the columns of a list', () => {
  it('leaves out the optional ones until somebody chooses', () => {
    expect(keys([])).toEqual(['name', 'unit', 'actions'])
  })

  it('keeps what names a row and what acts on it, whatever is chosen', () => {
    expect(keys(['note'])).toEqual(['name', 'note', 'actions'])
  })

  it('forgets a column that the page no longer has', () => {
    expect(keys(['gone'])).toEqual(['name', 'actions'])
  })
})
