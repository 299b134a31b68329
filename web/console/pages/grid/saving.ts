/** The map as a file a spreadsheet opens: counts only, so that nobody is named in it. */
import type { TFunction } from 'i18next'
import type { GridMap } from '@api/grid'
import { MEASURES } from './shades'
import { monthName } from './words'

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** Rows of comma-separated values with a header; what is too small to be told stays empty. */
export function rowsOf(map: GridMap, nameOf: (cell: string) => string, t: TFunction): string[] {
  const yuan = (fen: number | null) => (fen === null ? '' : String(fen / 100))
  return [
    [t('grid.cell'), t('grid.cellName'), ...MEASURES.map((measure) => t(`grid.measures.${measure}`)), t('grid.net')].map(quoted).join(','),
    ...map.cells.map((cell) => [cell.cell, quoted(nameOf(cell.cell)), cell.customers ?? '', yuan(cell.aum_fen), cell.active?.toFixed(4) ?? '', cell.temperature ?? '', yuan(cell.cost_fen), cell.change ?? ''].join(',')),
  ]
}

export function saveMap(map: GridMap, nameOf: (cell: string) => string, t: TFunction): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`\uFEFF${rowsOf(map, nameOf, t).join('\r\n')}`], { type: 'text/csv;charset=utf-8' }))
  link.download = `grid-${monthName(map.month?.month ?? '')}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
