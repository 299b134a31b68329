/** Which columns of a list are shown: chosen per list, kept in this browser, saved with a view. */
import { useState } from 'react'
import type { Column } from './DataTable'

const key = (name: string) => `huoke.columns.${name}`

function read(name: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(name)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((each): each is string => typeof each === 'string') : []
  } catch {
    return []
  }
}

/** The first column names the row and a column without a title acts on it: both always stay. */
export const staysShown = <Row,>(columns: Column<Row>[], column: Column<Row>) => column === columns[0] || !column.title

/** The columns in the page's order; no choice shows all but the optional ones. */
export const shownColumns = <Row,>(columns: Column<Row>[], chosen: string[]): Column<Row>[] =>
  columns.filter((column) => staysShown(columns, column) || (chosen.length ? chosen.includes(column.key) : !column.optional))

export interface ChosenColumns {
  /** Keys in no particular order; empty for the page's own choice. */
  chosen: string[]
  choose: (keys: string[]) => void
}

export function useChosenColumns(name: string): ChosenColumns {
  const [chosen, setChosen] = useState(() => read(name))
  const choose = (keys: string[]) => {
    setChosen(keys)
    try {
      if (keys.length) localStorage.setItem(key(name), JSON.stringify(keys))
      else localStorage.removeItem(key(name))
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
  return { chosen, choose }
}
