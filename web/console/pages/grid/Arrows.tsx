/** Arrows over the map: from where customers came to the chosen cell, and where they went. */
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CellPage } from '@api/grid'
import { formatCount } from '@kit/format'
import { route, type Box, type Route } from './routes'
import { kindOf, placesOf, type MoveKind } from './words'

interface Arrow extends Route {
  key: string
  kind: MoveKind
  /** Its number stands on the way; else in the other cell. */
  pill: boolean
  customers: number
}

export function Arrows({ page, chosen }: { page: CellPage; chosen: string }) {
  const { t } = useTranslation()
  const own = useRef<SVGSVGElement>(null)
  const [arrows, setArrows] = useState<Arrow[]>([])
  useLayoutEffect(() => {
    const svg = own.current
    const map = svg?.parentElement
    if (!svg || !map) return
    const draw = () => setArrows(drawn(map, page, chosen))
    draw()
    const watch = new ResizeObserver(draw)
    watch.observe(map)
    return () => watch.disconnect()
  }, [page, chosen])
  return (
    <>
      <svg ref={own} className="grid-arrows" aria-hidden>
        {arrows.map((one) => (
          <g key={one.key} className={one.kind}>
            <path className="halo" d={one.path} />
            <path d={one.path} />
            <path className="tip" d={one.tip.to === 'right' ? `M${one.tip.x} ${one.tip.y}l-6 -3.5v7z` : `M${one.tip.x} ${one.tip.y}l6 -3.5v7z`} />
          </g>
        ))}
      </svg>
      {arrows.filter((one) => one.pill).map((one) => <span key={one.key} className={`grid-move ${one.kind}`} style={{ left: one.label.x, top: one.label.y }}>{t(`grid.arrow.${one.kind}`)}{formatCount(one.customers)}</span>)}
    </>
  )
}

function drawn(map: Element, page: CellPage, chosen: string): Arrow[] {
  const base = map.getBoundingClientRect()
  const box = (code: string | null): Box | null => {
    const cell = code && map.querySelector(`[data-cell="${code}"]`)?.getBoundingClientRect()
    return cell ? { left: cell.left - base.left, right: cell.right - base.left, top: cell.top - base.top, bottom: cell.bottom - base.top } : null
  }
  const target = box(chosen)
  if (!target) return []
  const found: Arrow[] = []
  const add = (kind: MoveKind, code: string | null, way: Route | null, customers: number) => {
    if (!code || !way) return
    const pill = placesOf(code)[0] !== placesOf(chosen)[0]
    found.push({ key: `${kind}${code}`, kind, customers, ...way, pill, label: pill ? { x: way.label.x, y: gapBetween(map, base, chosen, code) } : way.label })
  }
  page.came_from.forEach((flow, place) => { const from = box(flow.cell); add('in', flow.cell, from && route(from, target, 'left', place * 2), flow.customers) })
  page.went_to.forEach((flow, place) => { const to = box(flow.cell); add(flow.cell ? kindOf(chosen, flow.cell) : 'over', flow.cell, to && route(target, to, 'right', place * 2), flow.customers) })
  return found
}

/** The middle of the gap between the chosen cell's block and its neighbour on the way to another cell. */
function gapBetween(map: Element, base: DOMRect, chosen: string, other: string): number {
  const block = map.querySelector(`[data-cell="${chosen}"]`)?.closest('.grid-block')?.getBoundingClientRect()
  if (!block) return 0
  const below = (placesOf(other)[0] ?? 0) > (placesOf(chosen)[0] ?? 0)
  return (below ? block.bottom + 8 : block.top - 12) - base.top
}
