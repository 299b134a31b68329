/** What a tag is made of and what it goes into: two columns of names beside it, joined by lines. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TagPage } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { Card } from '@kit/layout'

interface Node {
  key: string
  kind: 'attribute' | 'event' | 'tag' | 'segment' | 'campaign' | 'list'
  label: string
  to?: string
  deposit: boolean
}

const ROW = 44
const SHOWN = 12

export function Lineage({ page }: { page: TagPage }) {
  const { t } = useTranslation()
  const [up, down] = useEnds(page)
  return (
    <Card title={t('tag.lineage')} hint={t('tag.lineageHint')}>
      <div className="lineage">
        <Column title={t('tag.madeOf')} nodes={up} none={t('tag.madeOfNothing')} />
        <Lines count={Math.min(up.length, SHOWN)} golden={up.map((node) => node.deposit)} />
        <div className="lineage-own"><span>{t('tag.this')}</span></div>
        <Lines count={Math.min(down.length, SHOWN)} golden={down.map((node) => node.deposit)} out />
        <Column title={t('tag.goesInto')} nodes={down} none={t('builder.notUsed')} />
      </div>
    </Card>
  )
}

function useEnds(page: TagPage): [Node[], Node[]] {
  const say = useBilingual()
  const facts = page.looks_at.filter((use) => !use.tag).map((use): Node => ({
    key: use.name, kind: use.event ? 'event' : 'attribute', label: say(use.label, use.label_en) || use.name, to: use.event ? `/event-schemas/${use.name}` : undefined, deposit: (use.deposit_path ?? []).length > 0,
  }))
  const tagNode = (node: TagPage['tags_up'][number]): Node => ({ key: node.name, kind: 'tag', label: say(node.label, node.label_en), to: `/tags/${node.name}`, deposit: node.deposit_derived })
  const users = page.used_by.filter((use) => use.kind !== 'tag').map((use): Node => ({ key: use.id, kind: use.kind as Node['kind'], label: use.name, to: use.kind === 'segment' ? `/segments/${use.id}` : undefined, deposit: page.tag.deposit_derived }))
  return [[...page.tags_up.map(tagNode), ...facts], [...page.tags_down.map(tagNode), ...users]]
}

function Column({ title, nodes, none }: { title: string; nodes: Node[]; none: string }) {
  const { t } = useTranslation()
  return (
    <div className="lineage-column">
      <h3 className="s12 second">{title}</h3>
      <ul>
        {nodes.slice(0, SHOWN).map((node) => (
          <li key={node.key} className={node.deposit ? 'golden' : ''} title={node.deposit ? t('tag.depositHint') : undefined}>
            <small className="muted">{t(`tag.nodes.${node.kind}`, { defaultValue: node.kind })}</small>
            {node.to ? <Link className="clip" to={node.to}>{node.label}</Link> : <span className="clip">{node.label}</span>}
          </li>
        ))}
        {nodes.length === 0 && <li className="none muted s12">{none}</li>}
      </ul>
      {nodes.length > SHOWN && <p className="s12 muted">{t('tag.andMore', { count: nodes.length - SHOWN })}</p>}
    </div>
  )
}

/** One curve for each name, from its row to the middle; `out` the other way round. */
function Lines({ count, golden, out }: { count: number; golden: boolean[]; out?: boolean }) {
  const rows = Math.max(count, 1)
  const [height, middle] = [rows * ROW, (rows * ROW) / 2]
  return (
    <svg className="lineage-lines" viewBox={`0 0 64 ${height}`} width="64" height={height} aria-hidden="true">
      {Array.from({ length: count }, (_, place) => {
        const row = place * ROW + ROW / 2
        const [from, to] = out ? [middle, row] : [row, middle]
        return <path key={place} className={golden[place] ? 'golden' : ''} d={`M0 ${from}C36 ${from} 28 ${to} 64 ${to}`} />
      })}
    </svg>
  )
}
