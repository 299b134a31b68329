/** The bank's settings: value, default, limits and the rule behind each; a change needs its reason. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSettings, setSetting, type SettingRow } from '@api/people'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount } from '@kit/format'
import { PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { SettingPart, type Shape } from './SettingEditor'
import './settings.css'

const LONG = 48

interface Shown {
  english: boolean
  word: (value: string) => string
}

/** A value on one line. Times of day lose their seconds, stages are read by name in their order. */
function show(value: unknown, shown: Shown): string {
  const { english, word } = shown
  if (value == null || value === '') return '—'
  if (typeof value === 'number') return formatCount(value)
  if (typeof value === 'boolean') return word(value ? 'yes' : 'no')
  if (typeof value === 'string') return value.length > LONG ? `${value.slice(0, LONG)}…` : word(value.replace(/^(\d\d:\d\d):00$/, '$1'))
  if (Array.isArray(value)) return value.map((each) => show(each, shown)).join(' → ')
  if (typeof value !== 'object') return String(value)
  if ('start' in value && 'end' in value) return `${show(value.start, shown)} – ${show(value.end, shown)}`
  if ('name' in value) return String((english && 'name_en' in value && value.name_en) || value.name)
  return Object.entries(value).map(([key, part]) => `${word(key)}: ${show(part, shown)}`).join('; ')
}

/** The bank's mark is one SVG path: it is shown as what it draws. */
function Value({ row, value, shown }: { row: SettingRow; value: unknown; shown: Shown }) {
  const { t } = useTranslation()
  if (row.key === 'h5.mark' && typeof value === 'string' && value) {
    return <svg viewBox="0 0 24 24" width="24" height="24" fill="currentColor" role="img" aria-label={t('setting.names.h5_mark')}><path d={value} /></svg>
  }
  return <>{show(value, shown)}</>
}

export default function SettingsPage() {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const shown: Shown = {
    english: i18n.language === 'en',
    word: (value) => t(`setting.choices.${value}`, { defaultValue: t(`setting.fields.${value}`, { defaultValue: t(`approval.kinds.${value}`, { defaultValue: value }) }) }),
  }
  const query = useQuery({ queryKey: ['settings'], queryFn: listSettings })
  const [editing, setEditing] = useState<SettingRow | null>(null)
  const nameOf = (row: SettingRow) => t(`setting.names.${row.key.replaceAll('.', '_')}`, { defaultValue: row.key })
  const limits = (row: SettingRow) => (row.minimum == null && row.maximum == null ? '—' : `${row.minimum ?? '…'} – ${row.maximum ?? '…'}`)
  return (
    <>
      <PageHead title={t('menu.bank')} meta={<span>{t('setting.hint')}</span>} />
      <div className="card">
        <Loaded query={query} rows={10}>
          {(page) => (
            <DataTable
              label={t('menu.bank')}
              rows={page.items}
              rowKey={(row) => row.key}
              columns={[
                { key: 'name', title: t('setting.name'), render: (row) => <>{nameOf(row)}<small className="mono">{row.key}</small></> },
                { key: 'value', title: t('setting.value'), render: (row) => <><b className="wrap-any"><Value row={row} value={row.value} shown={shown} /></b> <span className="second s12">{t(`setting.units.${row.unit || 'none'}`, { defaultValue: row.unit })}</span></> },
                { key: 'default', title: t('setting.default'), render: (row) => <span className="second wrap-any"><Value row={row} value={row.default} shown={shown} /></span> },
                { key: 'limits', title: t('setting.limits'), render: (row) => <span className="second nowrap">{limits(row)}</span> },
                { key: 'rule', title: t('setting.rule'), render: (row) => <span className="muted s12">{row.rule || '—'}</span> },
                { key: 'actions', title: '', render: (row) => may('setting.write') && <Button size="small" onClick={() => setEditing(row)}>{t('action.edit')}</Button> },
              ]}
            />
          )}
        </Loaded>
      </div>
      {editing && <SettingForm row={editing} name={nameOf(editing)} close={() => setEditing(null)} />}
    </>
  )
}

/** A time field gives hours and minutes; the server reads times of day with their seconds. */
function withSeconds(value: unknown): unknown {
  if (typeof value === 'string') return /^\d\d:\d\d$/.test(value) ? `${value}:00` : value
  if (Array.isArray(value)) return value.map(withSeconds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withSeconds(part)]))
}

function SettingForm({ row, name, close }: { row: SettingRow; name: string; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async ({ value, reason }: { value: unknown; reason: string }) => {
    await setSetting(row.key, withSeconds(value), reason)
    await cache.invalidateQueries({ queryKey: ['settings'] })
    void message.success(t('state.saved'))
  }
  const shape = row.shape as Shape
  return (
    <Ask<{ value: unknown; reason: string }> title={name} submit={submit} close={close} initial={{ value: row.value } as never} action={t('action.save')} width={row.type === 'object' ? 640 : 480}>
      {row.type === 'object' ? <SettingPart shape={shape} whole={shape} path={['value']} value={row.value} /> : <OneValue row={row} shape={shape} />}
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}

function OneValue({ row, shape }: { row: SettingRow; shape: Shape }) {
  const { t } = useTranslation()
  const numeric = row.type === 'integer' || row.type === 'number'
  const needed = numeric || row.type === 'choice'
  const hint = t(`setting.hints.${row.key.replaceAll('.', '_')}`, { defaultValue: '' })
  const field =
    row.type === 'flag' ? <Switch />
    : row.type === 'choice' ? <Select options={(shape.enum ?? []).map((value) => ({ value, label: t(`setting.choices.${value}`, { defaultValue: String(value) }) }))} />
    : numeric ? <InputNumber style={{ width: '100%' }} min={row.minimum ?? undefined} max={row.maximum ?? undefined} precision={row.type === 'integer' ? 0 : undefined} />
    : <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={1500} />
  return (
    <Form.Item name="value" label={t('setting.value')} extra={hint || undefined} valuePropName={row.type === 'flag' ? 'checked' : 'value'} rules={needed ? [{ required: true, message: t('form.needed', { name: t('setting.value') }) }] : undefined}>
      {field}
    </Form.Item>
  )
}
