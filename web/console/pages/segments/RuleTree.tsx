/** The rule as nested groups: "and" jade, "or" blue, "not" red; each condition with how many customers it finds. */
import { Button, Dropdown, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { ShareBar } from '@kit/Burn'
import { ConditionFields, type ConditionSources } from './ConditionFields'
import { addTo, editAt, groupKind, isGroup, makeGroup, partsOf, removeAt, setKind, type All, type Any, type Expression, type GroupKind, type Leaf, type Not } from './expression'

export interface NodeCounts {
  universe: number
  byPath: Map<string, number>
}

interface RuleTreeProps {
  root: All | Any | Not
  change: (root: Expression) => void
  counts: NodeCounts
  sources: ConditionSources
  readOnly?: boolean
}

export function RuleTree(props: RuleTreeProps) {
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
          <li key={at}>
            {isGroup(part) ? <Group {...tree} group={part} path={at} /> : <Condition {...tree} leaf={part} path={at} />}
          </li>
        ))}
        {parts.length === 0 && <li className="muted s12" style={{ padding: '8px 4px' }}>{t('segment.emptyGroup')}</li>}
        {!readOnly && path && (
          <li className="rule-add">
            <AddPart add={(part) => change(addTo(root, path, part))} />
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
      <span className="tag plain">{t(`segment.leaf.${leaf.kind}`)}</span>
      <div className="row wrap grow">
        <ConditionFields leaf={leaf} sources={sources} readOnly={readOnly} change={(next) => change(editAt(root, path, () => next))} />
      </div>
      <span className="rule-count">
        {found !== undefined && <ShareBar part={found} whole={counts.universe} label={t('segment.alone')} />}
        <b>{formatCount(found)}</b>
      </span>
      {!readOnly && (
        <button type="button" className="muted" aria-label={t('segment.removeCondition')} onClick={() => change(removeAt(root, path))}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

const newLeaf: Record<Leaf['kind'], () => Leaf> = {
  attr: () => ({ kind: 'attr', name: '', op: 'in' }),
  bucket: () => ({ kind: 'bucket', salt: `s${Date.now().toString(36)}`, low_ppm: 0, high_ppm: 100_000 }),
  upload: () => ({ kind: 'upload', upload_id: '' }),
}

export function AddPart({ add, primary }: { add: (part: Expression) => void; primary?: boolean }) {
  const { t } = useTranslation()
  const leaves = [
    { key: 'attr', label: t('segment.addLeaf.attr') },
    { key: 'bucket', label: t('segment.addLeaf.bucket') },
    { key: 'upload', label: t('segment.addLeaf.upload') },
  ]
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
