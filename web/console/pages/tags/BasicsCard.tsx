/** What a tag is called, what it means, where it stands and who answers for it. */
import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listTagCategories, type Definition } from '@api/tags'
import { Card, Note } from '@kit/layout'
import { useCategoryName } from './categories'
import { asKind } from './drafting'
import { kinds } from './tagWords'

export interface PartProps {
  one: Definition
  put: (changes: Partial<Definition>) => void
}

/** Kinds that are worked out here; the others are put by files, models and people. */
const WORKED_OUT: ReadonlySet<Definition['kind']> = new Set(['rule', 'derived', 'statistic'])

export function BasicsCard({ one, put, fixed }: PartProps & { fixed: boolean }) {
  const { t } = useTranslation()
  const nameOf = useCategoryName()
  const categories = useQuery({ queryKey: ['tags', 'categories'], queryFn: listTagCategories, staleTime: 60_000 })
  const text = (name: 'label' | 'label_en' | 'owner' | 'steward', required = false, max = 60) => (
    <Form.Item label={t(`tag.fields.${name}`)} required={required} htmlFor={`tag-${name}`}>
      <Input id={`tag-${name}`} value={one[name]} maxLength={max} onChange={(event) => put({ [name]: event.target.value })} />
    </Form.Item>
  )
  const long = (name: 'meaning' | 'meaning_en') => (
    <Form.Item label={t(`tag.fields.${name}`)} required htmlFor={`tag-${name}`}>
      <Input.TextArea id={`tag-${name}`} value={one[name]} rows={2} maxLength={400} onChange={(event) => put({ [name]: event.target.value })} />
    </Form.Item>
  )
  return (
    <Card title={t('tag.basics')}>
      <Form layout="vertical" component="div">
        <div className="tag-form">
          {text('label', true)}
          {text('label_en', true)}
          <Form.Item label={t('tag.fields.name')} required htmlFor="tag-name" extra={fixed ? t('tag.nameFixed') : t('tag.nameHint')}>
            <Input id="tag-name" className="mono" value={one.name} disabled={fixed} maxLength={63} spellCheck={false} onChange={(event) => put({ name: event.target.value.toLowerCase() })} />
          </Form.Item>
          <Form.Item label={t('tag.fields.category')} required htmlFor="tag-category" extra={one.category ? nameOf(one.category) : t('tag.categoryHint')}>
            <AutoComplete
              id="tag-category" value={one.category} onChange={(category: string) => put({ category: category.toLowerCase() })} showSearch={{ filterOption: (typed, option) => `${String(option?.value)} ${String(option?.label)}`.includes(typed) }}
              options={(categories.data?.items ?? []).map((each) => ({ value: each.path, label: `${nameOf(each.path)} (${each.path})` }))}
            />
          </Form.Item>
          {long('meaning')}
          {long('meaning_en')}
          <Form.Item label={t('tag.fields.kind')} htmlFor="tag-kind">
            <Select id="tag-kind" value={one.kind} disabled={fixed} options={kinds.map((value) => ({ value, label: t(`tag.kinds.${value}`) }))} onChange={(kind) => put(asKind(one, kind, one.statistic ?? null))} />
          </Form.Item>
          <div className="tag-form">{text('owner')}{text('steward')}</div>
        </div>
      </Form>
      {!WORKED_OUT.has(one.kind) && <Note>{t(`tag.putSays.${one.kind as 'model' | 'manual' | 'imported'}`)}</Note>}
    </Card>
  )
}
