/** A plain table: header, rows that open their object, sorting by the server, rows that can be marked. */
import { Checkbox } from 'antd'
import { useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'

export interface Column<Row> {
  key: string
  title: ReactNode
  number?: boolean
  width?: number | string
  /** The name of the server's sort key, where it can sort by this column. */
  sort?: string
  /** Shown only once somebody chooses it. */
  optional?: boolean
  /** The dotted path of the value in the server's row; without one the column is left out of exported files. */
  field?: string
  /** How an exported file writes the value: money comes in fen and leaves in yuan. */
  format?: 'text' | 'count' | 'yuan' | 'instant' | 'day'
  /** Words for coded values in an exported file: a family of words by its key (status.campaign), or the words themselves. */
  words?: string | Record<string, string>
  render: (row: Row) => ReactNode
}

type Key = string | number

export interface Marks {
  keys: ReadonlySet<Key>
  toggle: (key: Key, on: boolean) => void
  all: (on: boolean) => void
}

interface DataTableProps<Row> {
  rows: Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => Key
  label: string
  open?: (row: Row) => void
  sort?: string
  onSort?: (sort: string) => void
  tight?: boolean
  marks?: Marks
}

/** A click on a link, button or field inside the row is its own; anywhere else opens the row. */
const ownClick = (event: MouseEvent) => (event.target as Element).closest('a,button,input,label,.ant-select,[role="menu"]')

/** Where the arrow keys lead from a row. */
const neighbours: Record<string, (row: Element) => Element | null | undefined> = {
  ArrowDown: (row) => row.nextElementSibling,
  ArrowUp: (row) => row.previousElementSibling,
  Home: (row) => row.parentElement?.firstElementChild,
  End: (row) => row.parentElement?.lastElementChild,
}

/** On a phone every row becomes a block of names and values; the roles keep it a table for those who hear it. */
export function DataTable<Row>({ rows, columns, rowKey, label, open, sort, onSort, tight, marks }: DataTableProps<Row>) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const reached = Math.min(at, rows.length - 1)
  // Only a row itself listens: keys in a field or on a link inside it are theirs.
  const keys = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return
    const neighbour = neighbours[event.key]?.(event.currentTarget)
    if (event.key === 'Enter') open?.(row)
    else if (neighbour instanceof HTMLElement) neighbour.focus()
    else return
    event.preventDefault()
  }
  const marked = marks ? rows.filter((row) => marks.keys.has(rowKey(row))).length : 0
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={tight ? 'table tight' : 'table stacks'} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {marks && (
              <th className="mark" scope="col">
                <Checkbox aria-label={t('list.markAll')} checked={marked > 0 && marked === rows.length} indeterminate={marked > 0 && marked < rows.length} onChange={(event) => marks.all(event.target.checked)} />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, place) => (
            <tr
              key={rowKey(row)}
              role="row"
              className={open ? 'link' : undefined}
              tabIndex={open ? (place === reached ? 0 : -1) : undefined}
              onFocus={open ? () => setAt(place) : undefined}
              onKeyDown={open ? (event) => keys(event, row) : undefined}
              onClick={open ? (event) => !ownClick(event) && !window.getSelection()?.toString() && open(row) : undefined}
            >
              {marks && (
                <td className="mark" role="cell">
                  <Checkbox aria-label={t('list.mark')} checked={marks.keys.has(rowKey(row))} onChange={(event) => marks.toggle(rowKey(row), event.target.checked)} />
                </td>
              )}
              {columns.map((column) => (
                <td key={column.key} role="cell" className={column.number ? 'number' : undefined} data-label={typeof column.title === 'string' ? column.title : ''}>
                  <div className="cell">{column.render(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeadCell<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const { t } = useTranslation()
  const shared = { style: { width: column.width }, className: column.number ? 'number' : undefined, scope: 'col' as const }
  if (!column.sort || !onSort) return <th {...shared}>{column.title || <span className="visually-hidden">{t('table.actions')}</span>}</th>
  const direction = sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : 'none'
  const next = direction === 'descending' ? column.sort : `-${column.sort}`
  return (
    <th {...shared} aria-sort={direction}>
      <button type="button" className="sort" data-on={direction === 'none' ? undefined : ''} onClick={() => onSort(next)}>
        {column.title}
        {direction !== 'none' && <Icon name={direction === 'ascending' ? 'sortUp' : 'sortDown'} style={{ width: 12, height: 12 }} />}
      </button>
    </th>
  )
}
