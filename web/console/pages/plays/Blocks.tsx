/** The blocks of a page in their order: dragged, or moved with the arrow keys; what rule L3 asks for stays. */
import { Button, Input } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Block, BlockKind } from '@api/plays'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'

export const KINDS: BlockKind[] = ['hero', 'board', 'chances', 'prizes', 'winners', 'missions', 'rules', 'footer']
const FIXED: BlockKind[] = ['board', 'prizes', 'footer']
/** Blocks that have a heading of their own to write. */
const HEADED: BlockKind[] = ['chances', 'prizes', 'winners', 'missions', 'rules']

export function moved(blocks: Block[], from: number, to: number): Block[] {
  const place = Math.max(0, Math.min(blocks.length - 1, to))
  const rest = blocks.filter((_, at) => at !== from)
  const one = blocks[from]
  return one ? [...rest.slice(0, place), one, ...rest.slice(place)] : blocks
}

export function Blocks({ blocks, put }: { blocks: Block[]; put: (blocks: Block[]) => void }) {
  const { t } = useTranslation()
  const [told, setTold] = useState('')
  const [dragged, setDragged] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const name = (kind: BlockKind) => t(`design.blocks.${kind}`)
  const go = (from: number, to: number) => {
    const block = blocks[from]
    if (!block || to < 0 || to >= blocks.length) return
    put(moved(blocks, from, to))
    setTold(t('design.movedTo', { name: name(block.kind), place: to + 1, count: blocks.length }))
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLButtonElement>('.block-grip')[to]?.focus())
  }
  const change = (place: number, changes: Partial<Block>) => put(blocks.map((one, at) => (at === place ? { ...one, ...changes } : one)))
  const missing = KINDS.filter((kind) => !blocks.some((one) => one.kind === kind))
  return (
    <Card title={t('design.order')} hint={t('design.orderHint')}>
      <ol className="blocks" ref={list}>
        {blocks.map((block, place) => (
          <li
            key={block.kind}
            draggable
            data-over={over === place && dragged !== place ? '' : undefined}
            onDragStart={(event) => { setDragged(place); event.dataTransfer.effectAllowed = 'move' }}
            onDragOver={(event) => { event.preventDefault(); setOver(place) }}
            onDragEnd={() => { setDragged(null); setOver(null) }}
            onDrop={(event) => { event.preventDefault(); if (dragged !== null) go(dragged, place) }}
          >
            <button
              type="button"
              className="block-grip"
              aria-label={t('design.grip', { name: name(block.kind), place: place + 1, count: blocks.length })}
              onKeyDown={(event) => {
                const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
                if (step) { event.preventDefault(); go(place, place + step) }
              }}
            ><i aria-hidden="true" /></button>
            <div className="block-what"><b>{name(block.kind)}</b><span className="second s12">{t(`design.says.${block.kind}`)}</span></div>
            {FIXED.includes(block.kind)
              ? <span className="tag" title={t('design.staysHint')}>{t('design.stays')}</span>
              : <Button type="text" size="small" icon={<Icon name="close" />} aria-label={t('design.drop', { name: name(block.kind) })} onClick={() => put(blocks.filter((_, at) => at !== place))} />}
            {HEADED.includes(block.kind) && (
              <div className="block-heads">
                <Input size="small" maxLength={30} aria-label={t('design.headingOf', { name: name(block.kind) })} placeholder={t('design.heading')} value={block.zh} onChange={(event) => change(place, { zh: event.target.value })} />
                <Input size="small" maxLength={30} aria-label={t('design.headingEnOf', { name: name(block.kind) })} placeholder={t('design.headingEn')} value={block.en} onChange={(event) => change(place, { en: event.target.value })} />
              </div>
            )}
          </li>
        ))}
      </ol>
      {missing.length > 0 && <div className="row wrap">{missing.map((kind) => <Button key={kind} size="small" icon={<Icon name="plus" />} onClick={() => put([...blocks.slice(0, -1), { kind, zh: '', en: '' }, ...blocks.slice(-1)])}>{name(kind)}</Button>)}</div>}
      <p className="block-told" aria-live="polite">{told}</p>
    </Card>
  )
}
