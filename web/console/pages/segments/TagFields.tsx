/** A condition on a tag: which one, which of its values; unknown is a choice of its own. */
import { Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCategoryName } from '@console/pages/tags/categories'
import { formatCount, formatInstant } from '@kit/format'
import { opKeys, type FieldsProps, type TagChoice } from './ConditionFields'
import { takesNoValue, type Op, type TagLeaf } from './expression'

const ops: Op[] = ['in', 'not_in', 'is_known', 'is_unknown']
const YES = ['yes']

export function TagFields({ leaf, sources, change, readOnly }: FieldsProps<TagLeaf>) {
  const { t } = useTranslation()
  const options = useGrouped(sources.tags)
  const tag = sources.tags.find((each) => each.name === leaf.name)
  const choose = (name: string) => {
    const next = sources.tags.find((each) => each.name === name)
    change({ kind: 'tag', name, op: 'in', value: next?.boolean ? YES : undefined })
  }
  const shared = { size: 'small' as const, disabled: readOnly, popupMatchSelectWidth: false }
  return (
    <>
      <Select
        {...shared} showSearch={{ filterOption: (text, option) => (option && 'words' in option ? String(option.words) : '').includes(text.trim().toLowerCase()) }} aria-label={t('tag.choose')} placeholder={t('tag.choose')}
        value={leaf.name || undefined} options={options} onChange={choose} style={{ minWidth: 160, fontWeight: 600 }}
      />
      {leaf.name && (
        <Select
          {...shared} aria-label={t('segment.comparison')} value={leaf.op}
          options={ops.map((op) => ({ value: op, label: tag?.boolean && !takesNoValue(op) ? t(op === 'in' ? 'tag.ops.has' : 'tag.ops.hasNot') : t(`segment.op.${opKeys[op]}`) }))}
          onChange={(op: Op) => change({ ...leaf, op, value: takesNoValue(op) ? undefined : (leaf.value ?? (tag?.boolean ? YES : undefined)) })}
        />
      )}
      {leaf.name && !tag?.boolean && !takesNoValue(leaf.op) && (
        <Select
          {...shared} mode="multiple" showSearch={{ optionFilterProp: 'label' }} aria-label={t('segment.value')} placeholder={t('form.choose')} style={{ minWidth: 180, maxWidth: 420 }}
          value={leaf.value ?? []} onChange={(value: string[]) => change({ ...leaf, value })}
          options={(tag?.values ?? []).map(({ value, label, count }) => ({ value, label, count }))}
          optionRender={(option) => <span className="between"><span>{option.label}</span><span className="muted s12">{formatCount(option.data.count as number)}</span></span>}
        />
      )}
      {tag && <Standing tag={tag} />}
    </>
  )
}

/** What stands in the way of trusting a tag; nothing is said of one that is fresh. */
function Standing({ tag }: { tag: TagChoice }) {
  const { t } = useTranslation()
  if (tag.standing === 'fresh') return null
  return <span className={`tag ${tag.standing === 'blocked' ? 'bad' : 'warn'}`} title={t('segment.dataAt') + ' ' + formatInstant(tag.dataAt)}>{t(`tag.standing.${tag.standing}`)}</span>
}

/** The tags by category, each found by its name in words or in letters. */
function useGrouped(tags: TagChoice[]) {
  const nameOf = useCategoryName()
  return useMemo(() => {
    const groups = new Map<string, TagChoice[]>()
    for (const tag of tags) groups.set(tag.category, [...(groups.get(tag.category) ?? []), tag])
    return [...groups].map(([category, inside]) => ({
      label: nameOf(category),
      options: inside.map((tag) => ({ value: tag.name, label: tag.label, words: `${tag.label} ${tag.name} ${nameOf(category)}`.toLowerCase() })),
    }))
  }, [tags, nameOf])
}
