/** Up to five segments laid over each other: every part as a bar over the segments it lies in, and as a table. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { intersectSegments, type Intersection } from '@api/segmentLife'
import type { SegmentPage } from '@api/segments'
import { formatCount, formatInstant, formatShare } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { told } from './MembersTab'
import { useSegmentChoices } from './useSegmentChoices'

const OTHERS_MAX = 4

export function OverlapTab({ page }: { page: SegmentPage }) {
  const { t } = useTranslation()
  const [others, setOthers] = useState<string[]>([])
  const [open, setOpen] = useState(false)
  const choices = useSegmentChoices(page.segment.id)
  const ids = [page.segment.id, ...others]
  const query = useQuery({ queryKey: ['segment-intersection', ids], queryFn: () => intersectSegments(ids), enabled: others.length > 0, placeholderData: keepPreviousData, retry: false })
  // Once no more can be chosen, the list would only lie over the picture.
  const choose = (ids: string[]) => {
    setOthers(ids)
    if (ids.length === OTHERS_MAX) setOpen(false)
  }
  return (
    <Card title={t('segmentLife.overlap')} hint={query.data && others.length > 0 ? t('segmentLife.dataAt', { at: formatInstant(query.data.data_at) }) : t('segmentLife.overlapHint')}>
      <div className="stack">
        <Select
          mode="multiple" maxCount={OTHERS_MAX} value={others} onChange={choose} open={open} onOpenChange={setOpen} aria-label={t('segmentLife.choose')} placeholder={t('segmentLife.choose')}
          style={{ width: '100%', maxWidth: 640 }} {...choices}
        />
        {others.length === 0 ? <Empty title={t('segmentLife.overlapNone')}>{t('segmentLife.overlapNoneHint')}</Empty> : <Loaded query={query} rows={8}>{(found) => <Parts found={found} />}</Loaded>}
      </div>
    </Card>
  )
}

function Parts({ found }: { found: Intersection }) {
  const { t } = useTranslation()
  const names = new Map(found.segments.map((one) => [one.id, one.name]))
  const nameOf = (ids: string[]) => (ids.length === found.segments.length ? t('segmentLife.inAll') : ids.length === 1 ? t('segmentLife.onlyIn', { name: names.get(ids[0] as string) }) : ids.map((id) => names.get(id)).join(' ∩ '))
  return (
    <>
      <Upset found={found} nameOf={nameOf} />
      <p className="s12 second">{t('segmentLife.anybody', { count: told(found.anybody), universe: formatCount(found.universe) })}{found.parts.some((part) => part.count == null) && ` ${t('segmentLife.small')}`}</p>
      <details className="as-table s13">
        <summary>{t('segmentLife.table')}</summary>
        <div className="table-scroll">
          <table className="table">
            <thead><tr><th>{t('segmentLife.part')}</th><th className="number">{t('segmentLife.customers')}</th><th className="number">{t('segmentLife.shareOfAny')}</th></tr></thead>
            <tbody>{found.parts.map((part) => <tr key={part.segment_ids.join()}><td>{nameOf(part.segment_ids)}</td><td className="number">{told(part.count)}</td><td className="number">{part.count == null || found.anybody == null ? '—' : formatShare(part.count, found.anybody)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </>
  )
}

const [BARS, ROW, HEAD] = [150, 30, 22]
/**
 * Room for names, their sizes and bars of these, and of each column: of a name so many Chinese characters are shown,
 * others take about half of one. On a phone the last column in sight is cut: there are more.
 */
const WIDE = { names: 284, size: 60, signs: 12, column: 40 }
const NARROW = { names: 140, size: 0, signs: 6, column: 34 }
/** How wide a digit is, the room between two numbers, and what a size of six digits takes of the names' room. */
const [SIGN, GAP, TOTAL] = [6.2, 8, 52]
const isNarrow = () => window.matchMedia('(max-width: 720px)').matches

/** Numbers of large banks are wide: columns and the place of sizes give them room. */
function roomFor(found: Intersection, least: typeof WIDE): typeof WIDE {
  const wide = (counts: (number | null | undefined)[]) => Math.max(...counts.map((count) => told(count).length)) * SIGN + GAP
  const total = Math.max(TOTAL, wide(found.segments.map((one) => one.total)))
  return { ...least, names: least.names + total - TOTAL, column: Math.max(least.column, wide(found.parts.map((part) => part.count))) }
}

/** A name as far as there is room for it. */
function shortened(name: string, signs: number): string {
  let [room, shown] = [signs, '']
  for (const sign of name) {
    room -= /[\u2e80-\uffef]/.test(sign) ? 1 : 0.56
    if (room < 0) return `${shown}…`
    shown += sign
  }
  return shown
}

/** Columns are parts, the largest first; rows are the segments with their size. Left and right go from part to part. */
function Upset({ found, nameOf }: { found: Intersection; nameOf: (ids: string[]) => string }) {
  const { t } = useTranslation()
  const [at, setAt] = useState<number | null>(null)
  const parts = found.parts.filter((part) => part.count !== 0)
  const most = Math.max(1, ...parts.map((part) => part.count ?? 0))
  const largest = Math.max(1, ...found.segments.map((one) => one.total ?? 0))
  const room = roomFor(found, isNarrow() ? NARROW : WIDE)
  const [width, height] = [room.names + parts.length * room.column + 12, HEAD + BARS + 12 + found.segments.length * ROW]
  const shown = at === null ? undefined : parts[at]
  const sayPart = (part: Intersection['parts'][number]) => t('segmentLife.partSaid', { name: nameOf(part.segment_ids), count: told(part.count) })
  const move = (event: React.KeyboardEvent, place: number) => {
    const next = event.key === 'ArrowRight' ? place + 1 : event.key === 'ArrowLeft' ? place - 1 : null
    if (next === null || next < 0 || next >= parts.length) return
    event.preventDefault()
    event.currentTarget.parentElement?.querySelectorAll<SVGGElement>('g.part')[next]?.focus()
  }
  return (
    <>
      <div className="table-scroll">
        <svg className="upset" width={width} height={height} role="group" aria-label={t('segmentLife.upsetSaid', { count: parts.length, most: parts[0] ? sayPart(parts[0]) : '—' })}>
          {found.segments.map((one, row) => {
            const y = HEAD + BARS + 12 + row * ROW
            return (
              <g key={one.id}>
                {row % 2 === 0 && <rect className="stripe" x="0" y={y} width={width} height={ROW} />}
                <rect className="size" x={room.names - 12 - ((one.total ?? 0) / largest) * room.size} y={y + 8} width={((one.total ?? 0) / largest) * room.size} height={ROW - 16} rx="2" />
                <text className="name" x="6" y={y + 19}>{shortened(one.name, room.signs)}<title>{`${one.name} · ${told(one.total)}`}</title></text>
                <text className="total" x={room.names - 20 - room.size} y={y + 19} textAnchor="end">{told(one.total)}</text>
              </g>
            )
          })}
          {parts.map((part, place) => {
            const [x, tall] = [room.names + place * room.column + room.column / 2, Math.max(2, ((part.count ?? 0) / most) * BARS)]
            const rows = found.segments.map((one, row) => (part.segment_ids.includes(one.id) ? row : -1)).filter((row) => row >= 0)
            const dot = (row: number) => HEAD + BARS + 12 + row * ROW + ROW / 2
            return (
              <g
                key={part.segment_ids.join()} className={at === place ? 'part on' : 'part'} role="img" tabIndex={0} aria-label={sayPart(part)}
                onFocus={() => setAt(place)} onBlur={() => setAt(null)} onMouseEnter={() => setAt(place)} onMouseLeave={() => setAt(null)} onKeyDown={(event) => move(event, place)}
              >
                <rect className="over" x={x - room.column / 2} y="0" width={room.column} height={height} />
                <rect className={part.count == null ? 'column few' : 'column'} x={x - 11} y={HEAD + BARS - tall} width="22" height={tall} rx="2" />
                <text x={x} y={HEAD + BARS - tall - 6} textAnchor="middle">{told(part.count)}</text>
                {found.segments.map((one, row) => <circle key={one.id} className={rows.includes(row) ? 'in' : ''} cx={x} cy={dot(row)} r="6" />)}
                {rows.length > 1 && <line x1={x} x2={x} y1={dot(rows[0] as number)} y2={dot(rows[rows.length - 1] as number)} />}
              </g>
            )
          })}
        </svg>
      </div>
      <p className="s13" aria-live="polite">{shown ? sayPart(shown) : <span className="muted">{t('segmentLife.upsetHint')}</span>}</p>
    </>
  )
}
