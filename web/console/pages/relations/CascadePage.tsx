/** Who came because one customer invited them: how many in each generation, and the tree. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCascade, type Tree } from '@api/relations'
import { formatCount, formatDay } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './relations.css'

const OPEN_GENERATIONS = 2

export default function CascadePage() {
  const { seq } = useParams({ strict: false }) as { seq: string }
  const query = useQuery({ queryKey: ['cascade', seq], queryFn: () => getCascade(Number(seq)) })
  return <Loaded page query={query} rows={8}>{(tree) => <View seq={seq} tree={tree} />}</Loaded>
}

function View({ seq, tree }: { seq: string; tree: Tree }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [first] = tree.people
  return (
    <>
      <PageHead title={t('cascade.of', { name: first?.name ?? `#${seq}` })} crumbs={[{ label: t('menu.cascades'), to: '/cascades' }, { label: first?.customer_no ?? seq }]} meta={<span>{t('cascade.ofMeta')}</span>} actions={<Button onClick={() => void navigate({ to: `/customers/${seq}` })}>{t('cascade.customer')}</Button>} />
      <Whole tree={tree} />
    </>
  )
}

function Whole({ tree }: { tree: Tree }) {
  const { t } = useTranslation()
  const brought = tree.people.length - 1
  if (brought === 0) return <Card><Empty sign="search" title={t('cascade.nobody')} /></Card>
  const most = Math.max(...tree.generations.slice(1))
  return (
    <div className="grid">
      <div className="c12"><Figures items={[
        { label: t('cascade.size'), value: `${formatCount(brought)}${tree.more ? '+' : ''}` },
        { label: t('cascade.direct'), value: formatCount(tree.people[0]?.brought ?? 0) },
        { label: t('cascade.depth'), value: formatCount(tree.generations.length - 1) },
      ]} /></div>
      <Card className="c5 at-top" title={t('cascade.byGeneration')}>
        {tree.generations.slice(1).map((count, place) => (
          <div className="generation" key={place}><span className="second">{t('cascade.generation', { count: place + 1 })}</span><meter min={0} max={most} value={count} aria-label={t('cascade.generation', { count: place + 1 })} /><b>{formatCount(count)}</b></div>
        ))}
      </Card>
      <Card className="c7" title={t('cascade.tree')} hint={tree.more ? t('cascade.more') : undefined}><ul className="cascade-tree"><Branch tree={tree} place={0} /></ul></Card>
    </div>
  )
}

function Branch({ tree, place }: { tree: Tree; place: number }) {
  const { t } = useTranslation()
  const one = tree.people[place]
  const [open, setOpen] = useState((one?.generation ?? 0) < OPEN_GENERATIONS)
  if (!one) return null
  const who = one.seq == null ? <span className="muted">{t('around.elsewhere')}</span> : <><Link className="name" to={`/customers/${one.seq}`}>{one.name ?? one.customer_no}</Link> <small className="mono muted">{one.customer_no}</small></>
  const children = open ? tree.people.flatMap((each, index) => (each.by === place ? [index] : [])) : []
  return (
    <li>
      {who}{one.since && <small className="muted"> · {formatDay(one.since)}</small>}
      {one.brought > 0 && <> <button type="button" className="tag plain" aria-expanded={open} onClick={() => setOpen(!open)}>{t('cascade.brought', { count: one.brought })}<Icon name="down" className={open ? 'icon turned' : 'icon'} /></button></>}
      {children.length > 0 && <ul>{children.map((child) => <Branch key={child} tree={tree} place={child} />)}</ul>}
    </li>
  )
}
