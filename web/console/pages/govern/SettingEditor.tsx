/** A setting that is an object, edited by its own JSON Schema: fields, lists with an order, named parts. */
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import type { NamePath } from 'antd/es/form/interface'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'

export interface Shape {
  $ref?: string
  $defs?: Record<string, Shape>
  type?: string
  enum?: (string | number)[]
  properties?: Record<string, Shape>
  required?: string[]
  additionalProperties?: Shape | boolean
  items?: Shape
  minItems?: number
  minimum?: number
  maximum?: number
  default?: unknown
}

type Path = (string | number)[]

interface PartProps {
  shape: Shape
  whole: Shape
  path: Path
  value: unknown
}

const CLOCK = /^\d\d:\d\d(:\d\d)?$/

/** Follow a reference into the schema's own definitions. */
export function resolve(shape: Shape, whole: Shape): Shape {
  const name = shape.$ref?.split('/').at(-1)
  return name ? resolve(whole.$defs?.[name] ?? {}, whole) : shape
}

/** What a new part of a list begins with. */
export function blank(shape: Shape, whole: Shape): unknown {
  const found = resolve(shape, whole)
  if (found.default !== undefined) return found.default
  if (found.enum) return found.enum[0]
  if (found.properties) return Object.fromEntries(Object.entries(found.properties).map(([name, part]) => [name, blank(part, whole)]))
  return { array: [], object: {}, boolean: false, integer: 1, number: 1 }[found.type ?? ''] ?? ''
}

export function SettingPart({ shape, whole, path, value }: PartProps): ReactNode {
  const found = resolve(shape, whole)
  if (found.properties) return <Fields shape={found} whole={whole} path={path} value={value} />
  if (found.type === 'array') return <List shape={found} whole={whole} path={path} />
  if (found.type === 'object') return <Named shape={found} whole={whole} path={path} value={value} />
  return <Field shape={found} path={path} value={value} />
}

const partOf = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined)

function Fields({ shape, whole, path, value }: PartProps) {
  const parts = Object.entries(shape.properties ?? {})
  const plain = parts.every(([, part]) => !['array', 'object'].includes(resolve(part, whole).type ?? '') || resolve(part, whole).enum)
  return (
    <div className={plain ? 'setting-fields' : 'stack tight'}>
      {parts.map(([name, part]) => <SettingPart key={name} shape={part} whole={whole} path={[...path, name]} value={partOf(value, name)} />)}
    </div>
  )
}

function useLabel(path: Path): string {
  const { t } = useTranslation()
  const name = String(path.at(-1))
  return t(`setting.fields.${name}`, { defaultValue: t(`approval.kinds.${name}`, { defaultValue: name.replaceAll('_', ' ') }) })
}

function Field({ shape, path, value }: Omit<PartProps, 'whole'>) {
  const { t } = useTranslation()
  const label = useLabel(path)
  const name = path as NamePath
  if (shape.type === 'boolean') return <Form.Item name={name} valuePropName="checked"><Checkbox>{label}</Checkbox></Form.Item>
  const rules = [{ required: true, message: t('form.needed', { name: label }) }]
  const field = shape.enum ? (
    <Select options={shape.enum.map((each) => ({ value: each, label: t(`role.${each}`, { defaultValue: t(`setting.choices.${each}`, { defaultValue: String(each) }) }) }))} />
  ) : shape.type === 'integer' || shape.type === 'number' ? (
    <InputNumber style={{ width: '100%' }} min={shape.minimum ?? 0} max={shape.maximum} precision={shape.type === 'integer' ? 0 : undefined} />
  ) : typeof value === 'string' && CLOCK.test(value) ? (
    <Input type="time" step={60} />
  ) : (
    <Input maxLength={200} />
  )
  return <Form.Item name={name} label={label} rules={rules}>{field}</Form.Item>
}

/** Parts in an order that matters: moved, removed, added; the last one stays. */
function List({ shape, whole, path }: Omit<PartProps, 'value'>) {
  const { t } = useTranslation()
  const label = useLabel(path)
  const items = shape.items ?? {}
  return (
    <fieldset className="setting-list">
      <legend>{label}</legend>
      <Form.List name={path as NamePath}>
        {(fields, { add, remove, move }) => (
          <>
            {fields.map((field, place) => (
              <div key={field.key} className="box">
                <div className="between" style={{ marginBottom: 8 }}>
                  <b className="s12">{place + 1}</b>
                  <span className="row">
                    <Button size="small" type="text" aria-label={t('setting.up')} disabled={place === 0} onClick={() => move(place, place - 1)} icon={<Icon name="sortUp" />} />
                    <Button size="small" type="text" aria-label={t('setting.down')} disabled={place === fields.length - 1} onClick={() => move(place, place + 1)} icon={<Icon name="sortDown" />} />
                    <Button size="small" type="text" danger aria-label={t('action.remove')} disabled={fields.length === 1} onClick={() => remove(place)} icon={<Icon name="close" />} />
                  </span>
                </div>
                <InList shape={items} whole={whole} place={field.name} />
              </div>
            ))}
            <Button size="small" icon={<Icon name="plus" />} onClick={() => add(blank(items, whole))}>{t('action.add')}</Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

/** Inside a list the form itself puts the list's own path before a field's name. */
function InList({ shape, whole, place }: { shape: Shape; whole: Shape; place: number }) {
  const found = resolve(shape, whole)
  return <SettingPart shape={found} whole={whole} path={[place]} value={undefined} />
}

/** Parts under names that are the bank's own, such as the kinds of change. */
function Named({ shape, whole, path, value }: PartProps) {
  const part = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : null
  if (!part || typeof value !== 'object' || value === null) return null
  return Object.entries(value).map(([name, each]) => <SettingPart key={name} shape={part} whole={whole} path={[...path, name]} value={each} />)
}
