/** A row of tabs that is wider than its window shows the one that is chosen. */
import { useEffect, useRef } from 'react'

export function useChosenInView<Row extends HTMLElement>(chosen: string) {
  const row = useRef<Row>(null)
  useEffect(() => {
    const [all, one] = [row.current, row.current?.querySelector<HTMLElement>('[aria-selected="true"]')]
    if (!all || !one) return
    const [from, to] = [one.offsetLeft - all.offsetLeft, one.offsetLeft - all.offsetLeft + one.offsetWidth]
    if (from < all.scrollLeft) all.scrollLeft = from
    else if (to > all.scrollLeft + all.clientWidth) all.scrollLeft = to - all.clientWidth
  }, [chosen])
  return row
}
