/** Who invited whom, with how many were rewarded and what it cost; whoever brought most comes first. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getInviteTree, type InviteTree } from '@api/referral'
import { formatCount, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StateTag } from './StateTag'
import '../relations/relations.css'

const SHOWN = 12
const OPEN_GENERATIONS = 1

export function InviteTreeCard({ id }: { id: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['referral-tree', id], queryFn: () => getInviteTree(id) })
  return (
    <Card className="c12" title={t('referral.tree')} hint={query.data?.more ? t('referral.treeMore') : t('referral.treeHint')}>
      <Loaded query={query} rows={5}>{(tree) => (tree.people.length === 0 ? <Empty sign="search" title={t('referral.noTree')} /> : <Roots tree={tree} />)}</Loaded>
    </Card>
  )
}

function Roots({ tree }: { tree: InviteTree }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const sizes = below(tree)
  const roots = tree.people.flatMap((one, place) => (one.by == null ? [place] : [])).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0))
  const most = Math.max(1, ...tree.generations)
  return (
    <div className="referral-tree">
      <div>
        {tree.generations.map((count, place) => (
          <div className="generation" key={place}><span className="second">{place ? t('cascade.generation', { count: place }) : t('referral.first')}</span><meter min={0} max={most} value={count} aria-label={place ? t('cascade.generation', { count: place }) : t('referral.first')} /><b>{formatCount(count)}</b></div>
        ))}
      </div>
      <div>
        <ul className="cascade-tree">{(all ? roots : roots.slice(0, SHOWN)).map((place) => <Branch key={place} tree={tree} place={place} />)}</ul>
        {roots.length > SHOWN && !all && <button type="button" className="tag plain" onClick={() => setAll(true)}>{t('referral.all', { count: roots.length })}</button>}
      </div>
    </div>
  )
}

function Branch({ tree, place }: { tree: InviteTree; place: number }) {
  const { t } = useTranslation()
  const one = tree.people[place]
  const [open, setOpen] = useState((one?.generation ?? 0) < OPEN_GENERATIONS)
  if (!one) return null
  const who = one.staff ? <b>{t('referral.staffMember', { name: one.staff })}</b> : one.seq == null ? <span className="muted">{t('around.elsewhere')}</span> : <Link className="name" to={`/customers/${one.seq}`}>{one.name}</Link>
  const children = open ? tree.people.flatMap((each, index) => (each.by === place ? [index] : [])) : []
  return (
    <li>
      {who} {one.state && <StateTag value={one.state} />}
      {one.brought > 0 && <> <button type="button" className="tag plain" aria-expanded={open} onClick={() => setOpen(!open)}>{t('referral.brought', { count: one.brought, rewarded: one.rewarded })}<Icon name="down" className={open ? 'icon turned' : 'icon'} /></button> <small className="muted">{t('referral.costAndValue', { cost: formatMoney(one.cost_fen), value: formatMoney(one.value_fen) })}</small></>}
      {children.length > 0 && <ul>{children.map((child) => <Branch key={child} tree={tree} place={child} />)}</ul>}
    </li>
  )
}

/** How many came of each, directly and through others; who invited stands before whom they invited, or further on. */
function below(tree: InviteTree): number[] {
  const sizes = tree.people.map(() => 0)
  for (const one of tree.people) {
    for (let at = one.by; at != null; at = tree.people[at]?.by ?? null) sizes[at] = (sizes[at] ?? 0) + 1
  }
  return sizes
}
