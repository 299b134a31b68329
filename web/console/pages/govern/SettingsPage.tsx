/** The bank's settings: value, default, limits and the rule behind each; a change needs its reason. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSettings, setSetting, type SettingRow } from '@api/people'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatYuan } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { useListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import { SettingPart, type Shape } from './SettingEditor'
import './settings.css'

const LONG = 48
const FEN = 100

/** The parts of the page, and the modules whose settings stand in each. */
const groups = {
  work: ['approvals', 'campaigns', 'experiments', 'entry_points'],
  reach: ['contact_policy', 'consent', 'channels'],
  phone: ['customer_session', 'customer_sign_in', 'h5'],
  desk: ['care', 'desk'],
  supply: ['supply', 'fulfilment', 'reconciliation'],
  safety: ['session', 'privacy', 'audit'],
} as const
type Group = keyof typeof groups | 'other'

const groupOf = (row: SettingRow): Group => {
  const module = row.key.split('.')[0] ?? ''
  const found = Object.entries(groups).find(([, modules]) => (modules as readonly string[]).includes(module))
  return (found?.[0] ?? 'other') as Group
}

/** Money is kept in fen and read in yuan. */
const readable = (row: SettingRow, value: unknown) => (row.unit === 'fen' && typeof value === 'number' ? formatYuan(value) : value)

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
  return <>{show(readable(row, value), shown)}</>
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
  const { params, change } = useListState()
  const wanted = (params.q ?? '').trim().toLowerCase()
  const nameOf = (row: SettingRow) => t(`setting.names.${row.key.replaceAll('.', '_')}`, { defaultValue: row.key })
  const limit = (row: SettingRow, value: number | null | undefined) => (value == null ? '…' : show(readable(row, value), shown))
  const limits = (row: SettingRow) => (row.minimum == null && row.maximum == null ? '—' : `${limit(row, row.minimum)} – ${limit(row, row.maximum)}`)
  return (
    <>
      <PageHead title={t('menu.bank')} meta={<span>{t('setting.hint')}</span>} />
      <div className="card filters" style={{ flexDirection: 'row' }}>
        <Input prefix={<Icon name="search" />} allowClear placeholder={t('setting.search')} aria-label={t('setting.search')} style={{ width: 300, maxWidth: '100%' }} value={params.q ?? ''} onChange={(event) => change({ q: event.target.value })} />
      </div>
      <Loaded query={query} rows={10}>
        {(page) => {
          const found = page.items.filter((row) => `${nameOf(row)} ${row.key} ${row.rule}`.toLowerCase().includes(wanted))
          if (found.length === 0) return <Card><Empty sign="search" title={t('table.noMatch')} actions={<Button onClick={() => change({ q: undefined })}>{t('table.clear')}</Button>} /></Card>
          return (
            <div className="stack">
              {([...Object.keys(groups), 'other'] as Group[]).map((group) => {
                const rows = found.filter((row) => groupOf(row) === group)
                return rows.length > 0 && (
                  <Card key={group} title={t(`setting.groups.${group}`)} flush>
                    <DataTable
                      label={t(`setting.groups.${group}`)}
                      rows={rows}
                      rowKey={(row) => row.key}
                      columns={[
                        { key: 'name', title: t('setting.name'), width: '30%', render: (row) => <>{nameOf(row)}<small className="mono">{row.key}</small></> },
                        { key: 'value', title: t('setting.value'), width: '26%', render: (row) => <><b className="wrap-any"><Value row={row} value={row.value} shown={shown} /></b> <span className="second s12">{t(`setting.units.${row.unit || 'none'}`, { defaultValue: row.unit })}</span></> },
                        { key: 'default', title: t('setting.default'), width: '18%', render: (row) => <span className="second wrap-any"><Value row={row} value={row.default} shown={shown} /></span> },
                        { key: 'limits', title: t('setting.limits'), render: (row) => <span className="second nowrap">{limits(row)}</span> },
                        { key: 'rule', title: t('setting.rule'), width: 64, render: (row) => <span className="muted s12">{row.rule || '—'}</span> },
                        { key: 'actions', title: '', width: 80, render: (row) => may('setting.write') && <Button size="small" onClick={() => setEditing(row)}>{t('action.edit')}</Button> },
                      ]}
                    />
                  </Card>
                )
              })}
            </div>
          )
        }}
      </Loaded>
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
    await setSetting(row.key, row.unit === 'fen' ? Math.round(Number(value) * FEN) : withSeconds(value), reason)
    await cache.invalidateQueries({ queryKey: ['settings'] })
    void message.success(t('state.saved'))
  }
  const shape = row.shape as Shape
  return (
    <Ask<{ value: unknown; reason: string }> title={name} submit={submit} close={close} initial={{ value: row.unit === 'fen' ? Number(row.value) / FEN : row.value } as never} action={t('action.save')} width={row.type === 'object' ? 640 : 480}>
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
  const scale = row.unit === 'fen' ? FEN : 1
  const scaled = (limit: number | null | undefined) => (limit == null ? undefined : limit / scale)
  const precision = row.unit === 'fen' ? 2 : row.type === 'integer' ? 0 : undefined
  const field =
    row.type === 'flag' ? <Switch />
    : row.type === 'choice' ? <Select options={(shape.enum ?? []).map((value) => ({ value, label: t(`setting.choices.${value}`, { defaultValue: String(value) }) }))} />
    : numeric ? <InputNumber style={{ width: '100%' }} min={scaled(row.minimum)} max={scaled(row.maximum)} precision={precision} suffix={row.unit ? t(`setting.units.${row.unit}`, { defaultValue: row.unit }) : undefined} />
    : <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={1500} />
  return (
    <Form.Item name="value" label={t('setting.value')} extra={hint || undefined} valuePropName={row.type === 'flag' ? 'checked' : 'value'} rules={needed ? [{ required: true, message: t('form.needed', { name: t('setting.value') }) }] : undefined}>
      {field}
    </Form.Item>
  )
}
