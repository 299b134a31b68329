/** Why one customer is meant by a rule, or not: every part with what was found, whence and when, and what would turn it around. */
import { useQuery } from '@tanstack/react-query'
import { Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explainExpression, type Explanation } from '@api/segments'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { TagWhy } from '@console/pages/tags/TagWhy'
import '@console/pages/tags/tags.css'
import { useTagValues } from '@console/pages/tags/tagWords'
import { formatCount, formatDay, formatFigure, formatInstant, formatMoney, formatPpm } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { Loaded } from '@kit/states'
import { opKeys } from './ConditionFields'
import { isGroup, leavesOf, UNIT, type Expression, type Op } from './expression'
import { useRuleSentence } from './RuleText'
import { useSources } from './useSources'

interface WhyProps {
  rule: { root: Expression; serves: 'selection' | 'condition'; basis: string }
  segmentId: string | null
  /** Whom to begin with. */
  customer: string | null
  close: () => void
}

type Finding = Explanation['nodes'][number]
type Flip = Explanation['flips'][number]

export function Why({ rule, segmentId, customer, close }: WhyProps) {
  const { t } = useTranslation()
  const [no, setNo] = useState(customer ?? '')
  const sentence = useRuleSentence(useSources(rule.serves, segmentId))
  const leaves = new Map(isGroup(rule.root) ? leavesOf(rule.root) : [])
  const done = (path: string) => {
    const leaf = leaves.get(path)
    return leaf?.kind === 'event' ? sentence(leaf) : null
  }
  const query = useQuery({
    queryKey: ['explanation', rule, segmentId, no],
    queryFn: () => explainExpression({ expression: rule.root as unknown as Record<string, unknown>, customer_no: no, purpose: 'marketing', serves: rule.serves, basis: rule.basis.trim() || null, segment_id: segmentId }),
    enabled: no !== '',
    retry: false,
  })
  return (
    <Drawer open title={t('segment.whyOne')} onClose={close} size={640}>
      <div className="stack">
        <Input.Search placeholder={t('customer.no')} aria-label={t('customer.no')} enterButton={t('segment.explain')} defaultValue={no} onSearch={(q) => setNo(q.trim())} autoFocus={!customer} />
        {no && <Loaded query={query}>{(explanation) => <Body explanation={explanation} done={done} />}</Loaded>}
      </div>
    </Drawer>
  )
}

const tone = { true: 'ok', false: 'bad', unknown: 'warn' } as const

/** `done` says what somebody had to do, where the rule itself asks for it. */
function Body({ explanation, done }: { explanation: Explanation; done: (path: string) => string | null }) {
  const { t } = useTranslation()
  const [tag, setTag] = useState<string | null>(null)
  const told = useTold()
  const byPath = new Map(explanation.nodes.map((node) => [node.path, node]))
  const depth = (path: string) => path.split('/').filter((step) => step !== '' && step !== 'of').length
  return (
    <div className="stack">
      <div className="row"><span className={`tag ${explanation.member ? 'ok' : 'bad'}`}>{t(explanation.member ? 'segment.isIn' : 'segment.isOut')}</span></div>
      {explanation.scope.length > 0 && <Note kind="warning">{t('segment.outOfScope', { why: explanation.scope.map((word) => t(`segment.scopeWords.${word}`, { defaultValue: word })).join(t('list.comma')) })}</Note>}
      <table className="table tight why">
        <thead><tr><th scope="col">{t('segment.part')}</th><th scope="col">{t('segment.value')}</th><th scope="col">{t('segment.verdict')}</th></tr></thead>
        <tbody>
          {explanation.nodes.map((node) => (
            <tr key={node.path}>
              <td style={{ paddingLeft: depth(node.path) * 16 }}>
                {done(node.path) ?? <Asked node={node} openTag={() => setTag(node.name)} />}
                {told.source(node) && <small>{told.source(node)}</small>}
              </td>
              <td>{told.value(node)}<Found node={node} /></td>
              <td><span className={`tag ${tone[node.verdict]}`}>{t(`segment.verdicts.${node.verdict}`)}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
      {tag && <Card title={t('tag.whyThis')}><TagWhy seq={explanation.seq} name={tag} /></Card>}
      <Note icon="info">
        {explanation.flips.length === 0 ? t('rule.noFlip') : <b>{t(explanation.verdict === 'true' ? 'rule.flipsOut' : 'rule.flipsIn')}</b>}
        {explanation.flips.map((flip) => <div key={flip.path}>{told.flip(flip, byPath.get(flip.path))}</div>)}
      </Note>
    </div>
  )
}

/** What a part of the rule asks. */
function Asked({ node, openTag }: { node: Finding; openTag: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const told = useTold()
  const label = say(node.label, node.label_en) || node.name
  const op = t(`segment.op.${opKeys[node.op as Op] ?? 'equal'}`)
  switch (node.kind) {
    case 'tag':
      return <>{t('segment.leaf.tag')} <button type="button" className="linked" title={t('tag.whyThis')} onClick={openTag}>{label}</button> {op} {told.threshold(node)}</>
    case 'attr':
    case 'event':
      return <>{label} {op} {told.threshold(node)}</>
    case 'rank':
      return <>{t('segment.leaf.rank')} {label}{t('list.comma')}{t('rule.edge', { value: `${op} ${told.threshold(node)}` })}</>
    case 'sequence':
      return <>{t('segment.leaf.sequence')} {(node.steps ?? []).map((step) => say(step.label, step.label_en)).join(' → ')}</>
    case 'segment':
    case 'upload':
      return <>{t(`segment.leaf.${node.kind}`)} <b>{label}</b></>
    case 'bucket':
      return <>{t('segment.leaf.bucket')} {told.threshold(node)}</>
    default:
      return <>{t(`segment.nodeKinds.${node.kind}`, { defaultValue: node.kind })}</>
  }
}

/** More of what was found: the last event, the steps and where they stopped, the place in the group. */
function Found({ node }: { node: Finding }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { rank } = node
  if (node.kind === 'event') return <small>{node.last_at ? t('rule.lastAt', { at: formatInstant(node.last_at) }) : t('rule.noEvent')}</small>
  if (rank) {
    const numbers = { place: formatCount(rank.place), ranked: formatCount(rank.ranked), taken: formatCount(rank.taken) }
    return (
      <>
        <small>{t(rank.place == null ? 'rule.noPlace' : 'rule.place', numbers)}</small>
        <small>{rank.unit_id == null ? t('rule.wholeBank') : t('rule.group', { name: unitLabel(rank.unit_id, String(rank.unit_id)) })}</small>
      </>
    )
  }
  return node.kind === 'sequence' ? <Steps steps={node.steps ?? []} stopped={node.stopped} /> : null
}

type Step = NonNullable<Finding['steps']>[number]

/** The steps of a sequence, when each was done, and why it went no further. */
export function Steps({ steps, stopped }: { steps: Step[]; stopped?: Finding['stopped'] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const reached = steps.filter((step) => step.at).length
  const next = steps[reached]
  return (
    <>
      {steps.map((step, place) => <small key={place}>{place + 1}. {say(step.label, step.label_en)} {step.at ? formatInstant(step.at) : t('rule.notYet')}</small>)}
      {stopped && next && <small className="bad">{t('rule.stoppedAt', { number: reached + 1 })}{t('list.comma')}{t(`rule.stopped.${reached === 0 ? 'nothing' : stopped}`, { event: say(next.label, next.label_en) })}</small>}
    </>
  )
}

/** Values, sources and changes in words. */
function useTold() {
  const { t } = useTranslation()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  const tagged = useTagValues()
  const cell = (value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'segment.yes' : 'segment.no')
    return value == null ? '—' : Array.isArray(value) ? value.map(cell).join(t('list.comma')) : formatFigure(value)
  }
  const named = (node: Finding, value: unknown): string => {
    if (node.kind === 'tag') return tagged(node.name, value)
    if (node.kind === 'bucket') return [value].flat().map((ppm) => formatPpm(Number(ppm))).join('–')
    if (node.money && value != null) return [value].flat().map((fen) => formatMoney(Number(fen))).join('–')
    if (node.name === UNIT && value != null) return [value].flat().map((id) => unitLabel(Number(id), String(id))).join(t('list.comma'))
    return node.op === 'between' && Array.isArray(value) ? value.map(cell).join('–') : cell(value)
  }
  const source = ({ kind, source: from, origin, as_of: at }: Finding): string => {
    if (!from) return ''
    const where = kind === 'tag' ? t('rule.definition', { version: origin }) : kind === 'upload' ? '' : origin
    const known = t(`rule.sources.${from.split('/')[0] ?? ''}`, { defaultValue: origin ? '' : from })
    return [known, where, at && t('rule.asOf', { at: kind === 'attr' ? formatDay(at) : formatInstant(at) })].filter(Boolean).join(' · ')
  }
  const value = (node: Finding): string => {
    if (node.masked) return '****'
    if (node.kind === 'sequence') return t('rule.progress', { done: Number(node.value), all: Number(node.threshold) })
    if (node.kind === 'bucket') return t('rule.bucketPlace', { place: named(node, node.value) })
    return ['attr', 'event', 'tag', 'rank'].includes(node.kind) ? named(node, node.value) : ''
  }
  const wanted = (change: Flip, node: Finding | undefined, text: string): string => (node?.kind === 'tag' ? tagged(change.name, text.split(', ')) : node?.money ? formatMoney(Number(text)) : typeof node?.threshold === 'boolean' ? cell(text === 'True') : formatFigure(text, typeof node?.threshold === 'number'))
  const said = (change: Flip, node: Finding | undefined, need: string): string => {
    const [sign = '', ...rest] = need.split(' ')
    if (sign in opKeys) return `${t(`segment.op.${opKeys[sign as Op]}`)} ${wanted(change, node, rest.join(' '))}`
    return node?.op === 'between' ? need.split(' … ').map((end) => wanted(change, node, end)).join('–') : need
  }
  const flip = (change: Flip, node: Finding | undefined): string => {
    const label = (node && say(node.label, node.label_en)) || change.name
    if (node?.kind === 'sequence') return `${t('segment.leaf.sequence')} ${(node.steps ?? []).map((step) => say(step.label, step.label_en)).join(' → ')}: ` + t(`rule.flipSequence.${needed(change, node)}`, { all: Number(node.threshold), done: Number(node.value) })
    if (node?.kind === 'upload') return `${label}${t('list.comma')}${t(change.needed.startsWith('not') ? 'rule.offList' : 'rule.onList')}`
    const words = needs(change).map((need) => said(change, node, need)).join(` ${t('segment.or')} `)
    const now = !change.masked && change.value != null && node ? t('segment.nowIs', { value: named(node, change.value) }) : ''
    return `${label} ${words}${now}`
  }
  return { source, value, flip, threshold: (node: Finding) => named(node, node.threshold) }
}

const needed = (change: Flip, node: Finding): 'true' | 'false' => (change.needed === `>= ${String(node.threshold)}` ? 'true' : 'false')

/** What would turn a part around: outside of two ends is either of two. */
const needs = ({ needed: text }: Flip): string[] => /^(< \S+) or (> \S+)$/.exec(text)?.slice(1) ?? [text]
