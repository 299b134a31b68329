/** The rule as nested groups: "and" jade, "or" blue, "not" red; each condition with how many customers it finds. */
import { Button, Dropdown, Select } from 'antd'
import type { DragEvent, KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { ShareBar } from '@kit/Burn'
import { Broken, Skeleton } from '@kit/states'
import { ConditionFields, named, type ConditionSources } from './ConditionFields'
import { addTo, editAt, groupKind, isGroup, makeGroup, moveTo, nudge, partsOf, placeOf, removeAt, setKind, type All, type Any, type Expression, type GroupKind, type Leaf, type Not } from './expression'

export interface NodeCounts {
  universe: number
  byPath: Map<string, number>
}

/** Where conditions are not counted one by one. */
export const NO_COUNTS: NodeCounts = { universe: 0, byPath: new Map() }

interface RuleTreeProps {
  root: All | Any | Not
  change: (root: Expression) => void
  counts: NodeCounts
  sources: ConditionSources
  readOnly?: boolean
}

export function RuleTree(props: RuleTreeProps) {
  const { failed } = props.sources
  if (!named(props.sources)) return failed ? <Broken error={failed.error} retry={() => void failed.refetch()} /> : <Skeleton rows={2} />
  return (
    <div className="rules">
      <Group {...props} group={props.root} path="" />
    </div>
  )
}

const kinds: GroupKind[] = ['all', 'any', 'none']

function Group({ group, path, ...tree }: RuleTreeProps & { group: All | Any | Not; path: string }) {
  const { t } = useTranslation()
  const { root, change, readOnly } = tree
  const kind = groupKind(group)
  const parts = partsOf(group, path)
  return (
    <div className={`rule-group ${kind} ${path ? 'inner' : ''}`} role="group" aria-label={t(`segment.kinds.${kind}`)}>
      <div className="rule-rail">
        <Select
          value={kind}
          size="small"
          variant="borderless"
          disabled={readOnly}
          aria-label={t('segment.kind')}
          options={kinds.map((value) => ({ value, label: t(`segment.short.${value}`) }))}
          onChange={(value: GroupKind) => change(setKind(root, path, value))}
          popupMatchSelectWidth={false}
          suffixIcon={null}
        />
      </div>
      <ul className="rule-parts">
        {parts.map(({ part, path: at }) => (
          <li key={at} {...(readOnly ? {} : dropping(tree, at))}>
            {isGroup(part) ? <Group {...tree} group={part} path={at} /> : <Condition {...tree} leaf={part} path={at} />}
          </li>
        ))}
        {parts.length === 0 && <li className="muted s12" style={{ padding: '8px 4px' }}>{t('segment.emptyGroup')}</li>}
        {!readOnly && path && (
          <li className="rule-add">
            <Grip path={path} root={root} change={change} />
            <AddPart leaves={tree.sources.leaves} add={(part) => change(addTo(root, path, part))} />
            <Button type="text" size="small" onClick={() => change(removeAt(root, path))} aria-label={t('segment.removeGroup')} icon={<Icon name="close" />} />
          </li>
        )}
      </ul>
    </div>
  )
}

function Condition({ leaf, path, root, change, counts, sources, readOnly }: RuleTreeProps & { leaf: Leaf; path: string }) {
  const { t } = useTranslation()
  const found = counts.byPath.get(path)
  return (
    <div className="rule">
      {!readOnly && <Grip path={path} root={root} change={change} />}
      <span className="tag plain">{t(`segment.leaf.${leaf.kind}`)}</span>
      <div className="row wrap grow">
        <ConditionFields leaf={leaf} sources={sources} readOnly={readOnly} change={(next) => change(editAt(root, path, () => next))} />
      </div>
      {counts !== NO_COUNTS && (
        <span className="rule-count">
          {found !== undefined && <ShareBar part={found} whole={counts.universe} label={t('segment.alone')} />}
          <b>{formatCount(found)}</b>
        </span>
      )}
      {!readOnly && (
        <button type="button" className="muted" aria-label={t('segment.removeCondition')} onClick={() => change(removeAt(root, path))}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

const DRAGGED = 'application/x-huoke-part'
const steps: Record<string, 'up' | 'down' | 'left' | 'right'> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }

/** The handle of a part: dragged with the mouse, moved with the arrow keys. */
function Grip({ path, root, change }: Pick<RuleTreeProps, 'root' | 'change'> & { path: string }) {
  const { t } = useTranslation()
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    change(nudge(root, path, step))
  }
  return (
    <button
      type="button" className="grip" draggable aria-label={t('builder.grip')} title={t('builder.grip')} onKeyDown={press}
      onDragStart={(event) => { event.stopPropagation(); event.dataTransfer.setData(DRAGGED, path); event.dataTransfer.effectAllowed = 'move' }}
    >
      <svg viewBox="0 0 8 14" width="8" height="14" aria-hidden="true"><path d="M1.5 2.5h.01M6.5 2.5h.01M1.5 7h.01M6.5 7h.01M1.5 11.5h.01M6.5 11.5h.01" stroke="currentColor" strokeWidth="2" strokeLinecap="round" /></svg>
    </button>
  )
}

/** Something dropped on a part takes its place, the part moves down. */
function dropping({ root, change }: Pick<RuleTreeProps, 'root' | 'change'>, path: string) {
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(DRAGGED)
  return {
    onDragOver: (event: DragEvent<HTMLLIElement>) => { if (carries(event)) { event.preventDefault(); event.stopPropagation(); event.currentTarget.classList.add('dropping') } },
    onDragLeave: (event: DragEvent<HTMLLIElement>) => event.currentTarget.classList.remove('dropping'),
    onDrop: (event: DragEvent<HTMLLIElement>) => {
      event.currentTarget.classList.remove('dropping')
      const from = event.dataTransfer.getData(DRAGGED)
      if (!from) return
      event.preventDefault()
      event.stopPropagation()
      const { group, index } = placeOf(root, path)
      change(moveTo(root, from, group, index))
    },
  }
}

const newLeaf: Record<Leaf['kind'], () => Leaf> = {
  event: () => ({ kind: 'event', name: '', measure: 'count', op: '>=', window_days: 30, where: [] }),
  sequence: () => ({ kind: 'sequence', steps: [{ name: '' }, { name: '' }], within_days: 7, window_days: 30, never: null }),
  rank: () => ({ kind: 'rank', by: { kind: 'attr', name: '' }, direction: 'top', take: { percent: 20 }, within: 'bank' }),
  tag: () => ({ kind: 'tag', name: '', op: 'in' }),
  segment: () => ({ kind: 'segment', segment_id: '' }),
  attr: () => ({ kind: 'attr', name: '', op: 'in' }),
  bucket: () => ({ kind: 'bucket', salt: `s${Date.now().toString(36)}`, low_ppm: 0, high_ppm: 100_000 }),
  upload: () => ({ kind: 'upload', upload_id: '' }),
}

export function AddPart({ add, leaves: kindsOfLeaf, primary }: { add: (part: Expression) => void; leaves: Leaf['kind'][]; primary?: boolean }) {
  const { t } = useTranslation()
  const leaves = kindsOfLeaf.map((key) => ({ key, label: t(`segment.addLeaf.${key}`) }))
  const groups = kinds.map((kind) => ({ key: kind, label: t(`segment.kinds.${kind}`) }))
  const look = primary ? {} : ({ type: 'text', size: 'small', className: 'jade' } as const)
  return (
    <>
      <Dropdown menu={{ items: leaves, onClick: ({ key }) => add(newLeaf[key as Leaf['kind']]()) }} trigger={['click']}>
        <Button {...look} icon={<Icon name="plus" />}>{t('segment.condition')}</Button>
      </Dropdown>
      <Dropdown menu={{ items: groups, onClick: ({ key }) => add(makeGroup(key as GroupKind, [])) }} trigger={['click']}>
        <Button {...look} icon={<Icon name="plus" />}>{t('segment.group')}</Button>
      </Dropdown>
    </>
  )
}
