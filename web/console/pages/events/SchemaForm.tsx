/** Register an event name, or add to one: what it is called, its properties with type and class. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Select, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { putSchema, type EventSchema, type NewSchema, type Property } from '@api/events'
import { Ask } from '@kit/ask'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import './events.css'

export interface Draft {
  /** What is registered already; null for a new name. */
  known: EventSchema | null
  name: string
  title: string
  title_en: string
  aliases: string[]
  /** Properties to begin with beside the known ones. */
  added: Property[]
  deposit_derived: boolean
  /** A needed property that is to be needed no longer. */
  optional?: string
}

interface Values {
  name: string
  title: string
  title_en?: string
  aliases: string[]
  properties: Property[]
  deposit_derived: boolean
}

export const emptyDraft: Draft = { known: null, name: '', title: '', title_en: '', aliases: [], added: [{ name: '', label: '', label_en: '', type: 'text', data_class: 'C1', required: false }], deposit_derived: false }

export const draftOf = (schema: EventSchema): Draft => ({ known: schema, name: schema.name, title: schema.title, title_en: schema.title_en, aliases: [...(schema.aliases ?? [])], added: [], deposit_derived: schema.deposit_derived ?? false })

export const TYPES = ['text', 'integer', 'decimal', 'boolean', 'date', 'instant'] as const

export function SchemaForm({ draft, close }: { draft: Draft; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const fixed = new Set((draft.known?.properties ?? []).map((one) => one.name))
  const submit = async ({ properties, ...values }: Values) => {
    const schema: NewSchema = {
      ...values,
      name: draft.known?.name ?? values.name.trim(),
      title_en: values.title_en ?? '',
      properties: properties.map((one) => ({ ...one, name: one.name.trim(), label: one.label?.trim() || one.name.trim(), label_en: one.label_en?.trim() ?? '' })),
    }
    await putSchema(schema)
    await Promise.all(['event-schemas', 'event-causes', 'event-uses'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
  }
  const initial: Values = {
    name: draft.name, title: draft.title, title_en: draft.title_en, aliases: draft.aliases, deposit_derived: draft.deposit_derived,
    properties: [...(draft.known?.properties ?? []).map((one) => ({ ...one, required: one.name === draft.optional ? false : one.required })), ...draft.added],
  }
  return (
    <Ask<Values> form={form} title={draft.known ? `${t('events.schema.amend')} · ${draft.known.name}` : t('events.schema.register')} submit={submit} close={close} initial={initial} action={t('action.save')} width={920}>
      <div className="pair">
        {!draft.known && <Form.Item name="name" label={t('events.name')} extra={t('events.schema.nameHint')} rules={[...needed(t('events.name')), { pattern: /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/, message: t('events.schema.nameUnfit') }]}><Input maxLength={60} spellCheck={false} className="mono" /></Form.Item>}
        <Form.Item name="title" label={t('events.schema.title')} rules={needed(t('events.schema.title'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="title_en" label={t('events.schema.titleEn')}><Input maxLength={60} /></Form.Item>
        <Form.Item name="aliases" label={t('events.schema.aliases')} extra={t('events.schema.aliasesHint')}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',']} /></Form.Item>
      </div>
      <h3 className="s13 strong" style={{ marginBottom: 8 }}>{t('events.schema.properties')}</h3>
      <Form.List name="properties">
        {(fields, { add, remove }) => (
          <>
            {fields.length > 0 && <div className="property-row property-head" aria-hidden>{['property', 'label', 'labelEn', 'type', 'class', 'needed'].map((key) => <span key={key}>{t(`events.schema.${key}`)}</span>)}</div>}
            {fields.map((field) => <Row key={field.key} place={field.name} fixed={fixed.has(form.getFieldValue(['properties', field.name, 'name']) ?? initial.properties[field.name]?.name ?? '') && field.name < fixed.size} standard={draft.known?.standard ?? false} remove={() => remove(field.name)} />)}
            <Button size="small" icon={<Icon name="plus" />} onClick={() => add({ name: '', label: '', label_en: '', type: 'text', data_class: 'C1', required: false })}>{t('events.schema.addProperty')}</Button>
          </>
        )}
      </Form.List>
      <Form.Item name="deposit_derived" valuePropName="checked" style={{ margin: '16px 0 8px' }}><Checkbox disabled={draft.known?.deposit_derived}>{t('events.schema.deposit')}</Checkbox></Form.Item>
      <div style={{ marginBottom: 16 }}><Note>{t('events.schema.fixedHint')}</Note></div>
    </Ask>
  )
}

function Row({ place, fixed, standard, remove }: { place: number; fixed: boolean; standard: boolean; remove: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const said = (key: string) => ({ 'aria-label': t(`events.schema.${key}`) })
  const locked = fixed && standard
  return (
    <div className="property-row">
      <Form.Item name={[place, 'name']} rules={[...needed(t('events.schema.property')), { pattern: /^[A-Za-z][A-Za-z0-9_]{0,59}$/, message: t('events.schema.propertyUnfit') }]}><Input disabled={fixed} maxLength={60} spellCheck={false} placeholder={t('events.schema.property')} {...said('property')} className="mono" /></Form.Item>
      <Form.Item name={[place, 'label']}><Input disabled={locked} maxLength={60} placeholder={t('events.schema.label')} {...said('label')} /></Form.Item>
      <Form.Item name={[place, 'label_en']}><Input disabled={locked} maxLength={60} placeholder={t('events.schema.labelEn')} {...said('labelEn')} /></Form.Item>
      <Form.Item name={[place, 'type']}><Select disabled={fixed} options={TYPES.map((value) => ({ value, label: t(`events.types.${value}`) }))} {...said('type')} /></Form.Item>
      <Form.Item name={[place, 'data_class']}><Select disabled={fixed} options={['C1', 'C2'].map((value) => ({ value, label: t(`events.classes.${value}`) }))} {...said('class')} /></Form.Item>
      <Form.Item name={[place, 'required']} valuePropName="checked"><Checkbox disabled={locked} {...said('needed')} /></Form.Item>
      {fixed ? <Tooltip title={t('events.schema.fixed')}><Icon name="lock" className="icon muted" style={{ marginTop: 8 }} /></Tooltip> : <Button type="text" size="small" icon={<Icon name="close" />} aria-label={t('action.remove')} onClick={remove} style={{ marginTop: 4 }} />}
    </div>
  )
}
