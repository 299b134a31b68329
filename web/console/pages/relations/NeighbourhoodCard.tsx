/** Who stands around a customer, two steps far: a picture to walk through by keyboard, and the same as a list. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { getNeighbourhood, type Kind, type Neighbourhood, type Node } from '@api/relations'
import { Icon } from '@kit/icons'
import { formatDay } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { HEIGHT, placed, WIDTH, type Placed } from './around'
import './relations.css'

const KINDS: Kind[] = ['referral', 'payroll', 'household', 'transfer', 'device']
const NAMED_MAX = 26

export function NeighbourhoodCard({ seq, className = 'c8' }: { seq: number; className?: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['neighbourhood', seq], queryFn: () => getNeighbourhood(seq) })
  return (
    <Card className={className} title={t('around.title')} hint={t('around.hint')} right={query.data && <Purpose purpose={query.data.purpose} />}>
      <Loaded query={query} rows={6}>
        {(found) => (
          <>
            {found.nodes.length < 2 ? <Empty sign="search" title={t('around.none')}>{t('around.noneHint')}</Empty> : <Picture key={seq} found={found} />}
            <Legend found={found} />
          </>
        )}
      </Loaded>
    </Card>
  )
}

function Purpose({ purpose }: { purpose: Neighbourhood['purpose'] }) {
  const { t } = useTranslation()
  return <span className={`tag ${purpose === 'fraud' ? 'warn' : 'info'}`} title={t(`around.purposeHint.${purpose}`)}>{t(`around.purposes.${purpose}`)}</span>
}

/** A node in words: who or what it is. */
function useNaming() {
  const { t } = useTranslation()
  return (node: Node) => {
    if (node.kind) return node.name ?? t(`around.hubs.${node.kind}`)
    return node.name ?? node.customer_no ?? t('around.elsewhere')
  }
}

function Picture({ found }: { found: Neighbourhood }) {
  const { t } = useTranslation()
  const named = useNaming()
  const navigate = useNavigate()
  const nodes = placed(found)
  const by = new Map(nodes.map((node) => [node.id, node]))
  const [at, setAt] = useState(0)
  const [shown, setShown] = useState<string | null>(null)
  const refs = useRef(new Map<number, SVGGElement>())
  const told = by.get(shown ?? nodes[at]?.id ?? '')
  const open = (node: Placed) => node.seq != null && node.step > 0 && void navigate({ to: `/customers/${node.seq}` })
  const keys = (event: KeyboardEvent, node: Placed) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? nodes.length - 1 : step && (at + step + nodes.length) % nodes.length
    if (event.key === 'Enter') open(node)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
    refs.current.get(next)?.focus()
  }
  return (
    <>
      <svg className="around" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t('around.picture', { count: nodes.length - 1 })} onMouseLeave={() => setShown(null)}>
        {found.links.map((link) => {
          const [from, to] = [by.get(link.source), by.get(link.target)]
          if (!from || !to) return null
          const lit = told && (link.source === told.id || link.target === told.id)
          return <line key={`${link.kind}${link.source}${link.target}`} className={`edge ${link.kind} ${lit ? 'lit' : ''}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
        })}
        {nodes.map((node, place) => (
          <g
            key={node.id} transform={`translate(${node.x} ${node.y})`} className={`node ${node.kind ?? 'person'} ${node.step === 0 ? 'own' : ''} ${isElsewhere(node) ? 'elsewhere' : ''}`}
            role={node.seq != null && node.step > 0 ? 'link' : 'img'} aria-label={named(node)} tabIndex={place === at ? 0 : -1}
            ref={(one) => { if (one) refs.current.set(place, one) }}
            onFocus={() => { setAt(place); setShown(null) }} onMouseEnter={() => setShown(node.id)} onClick={() => open(node)} onKeyDown={(event) => keys(event, node)}
          >
            <Form node={node} />
            {!isElsewhere(node) && (node.step === 0 || (node.roomy && (node.step < 2 || nodes.length <= NAMED_MAX))) && <text y={node.step === 0 ? 34 : 25}>{short(named(node))}</text>}
          </g>
        ))}
      </svg>
      <p className="around-told s13" aria-live="polite">{told && <Told node={told} found={found} />}</p>
      <List found={found} />
    </>
  )
}

/** Somebody outside the reader's scope: there, but nobody to name. */
const isElsewhere = (node: Node) => node.kind == null && node.seq == null

const short = (text: string) => ([...text].length > 10 ? `${[...text].slice(0, 9).join('')}…` : text)

/** People are round, employers square, devices a diamond, accounts a hexagon: told apart without colour as well. */
function Form({ node }: { node: Placed }) {
  if (node.kind === 'payroll') return <rect x={-10} y={-10} width={20} height={20} rx={4} />
  if (node.kind === 'device') return <path d="M0-12 12 0 0 12-12 0Z" />
  if (node.kind) return <path d="M-11 0-6-10H6L11 0 6 10H-6Z" />
  return <circle r={node.step === 0 ? 20 : node.step === 1 ? 11 : 8} />
}

function Told({ node, found }: { node: Placed; found: Neighbourhood }) {
  const { t } = useTranslation()
  const named = useNaming()
  const links = found.links.filter((link) => link.source === node.id || link.target === node.id)
  const kinds = KINDS.filter((kind) => links.some((link) => link.kind === kind))
  return (
    <>
      <b>{named(node)}</b>{node.kind && <span className="second"> · {t('around.sharedBy', { count: node.shared_by })}</span>}
      {node.customer_no && <span className="mono muted"> {node.customer_no}</span>}
      <span className="second"> · {t('around.ties', { count: links.length, kinds: kinds.map((kind) => t(`around.kinds.${kind}`)).join(t('list.comma')) })}</span>
    </>
  )
}

/** The picture in words, kind by kind. */
function List({ found }: { found: Neighbourhood }) {
  const { t } = useTranslation()
  const named = useNaming()
  const by = new Map(found.nodes.map((node) => [node.id, node]))
  const who = (id: string) => {
    const node = by.get(id)
    if (!node) return null
    return node.seq != null && node.step > 0 ? <Link to={`/customers/${node.seq}`}>{named(node)}</Link> : <span>{named(node)}</span>
  }
  return (
    <details className="around-list s13">
      <summary>{t('around.list', { count: found.links.length })}</summary>
      {KINDS.map((kind) => {
        const links = found.links.filter((link) => link.kind === kind)
        return links.length > 0 && (
          <div key={kind}>
            <h3 className="s12 second">{t(`around.kinds.${kind}`)}</h3>
            <ul>
              {links.map((link) => <li key={`${link.source}${link.target}`}>{who(link.source)} → {who(link.target)} <small className="muted">{t('identity.since', { day: formatDay(link.since) })}</small></li>)}
            </ul>
          </div>
        )
      })}
    </details>
  )
}

/** Which lines mean what, how many there are, and what this reader may not look at, and why. */
function Legend({ found }: { found: Neighbourhood }) {
  const { t } = useTranslation()
  const open = KINDS.filter((kind) => !found.closed.includes(kind))
  const elsewhere = found.nodes.filter(isElsewhere).length
  return (
    <div className="around-legend s12">
      {open.map((kind) => (
        <span key={kind}>
          <svg viewBox="0 0 26 8" aria-hidden><line className={`edge ${kind}`} x1="1" y1="4" x2="25" y2="4" /></svg>
          {t(`around.kinds.${kind}`)} <b>{found.links.filter((link) => link.kind === kind).length}</b>
        </span>
      ))}
      {elsewhere > 0 && <span><i className="elsewhere" aria-hidden />{t('around.elsewhere')} <b>{elsewhere}</b></span>}
      {found.closed.length > 0 && <span className="muted" title={t('around.closedHint')}><Icon name="lock" /> {t('around.closed', { kinds: found.closed.map((kind) => t(`around.kinds.${kind}`)).join(t('list.comma')) })}</span>}
      {found.more && <span className="muted">{t('around.more')}</span>}
    </div>
  )
}
