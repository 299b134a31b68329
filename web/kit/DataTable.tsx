/** A plain table: header, rows that open their object, sorting by the server. */
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'

export interface Column<Row> {
  key: string
  title: ReactNode
  number?: boolean
  width?: number | string
  /** The name of the server's sort key, where it can sort by this column. */
  sort?: string
  render: (row: Row) => ReactNode
}

interface DataTableProps<Row> {
  rows: Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string | number
  label: string
  open?: (row: Row) => void
  sort?: string
  onSort?: (sort: string) => void
  tight?: boolean
}

/** A click on a link, button or field inside the row is its own; anywhere else opens the row. */
const ownClick = (event: MouseEvent) => (event.target as Element).closest('a,button,input,label,.ant-select,[role="menu"]')

export function DataTable<Row>({ rows, columns, rowKey, label, open, sort, onSort, tight }: DataTableProps<Row>) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={tight ? 'table tight' : 'table'}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={open ? 'link' : undefined}
              onClick={open ? (event) => !ownClick(event) && !window.getSelection()?.toString() && open(row) : undefined}
            >
              {columns.map((column) => (
                <td key={column.key} className={column.number ? 'number' : undefined}>
                  {column.render(row)}
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
