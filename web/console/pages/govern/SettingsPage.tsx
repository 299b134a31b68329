/** The bank's settings: value, default, limits and the rule behind each; a change needs its reason. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSettings, setSetting, type SettingRow } from '@api/people'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount } from '@kit/format'
import { PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'

const LONG = 48

/** A value on one line. Times of day lose their seconds, stages are read by name in their order. */
function show(value: unknown): string {
  if (value == null || value === '') return '—'
  if (typeof value === 'number') return formatCount(value)
  if (typeof value === 'string') return value.length > LONG ? `${value.slice(0, LONG)}…` : value.replace(/^(\d\d:\d\d):00$/, '$1')
  if (Array.isArray(value)) return value.map(show).join(' → ')
  if (typeof value !== 'object') return String(value)
  if ('start' in value && 'end' in value) return `${show(value.start)} – ${show(value.end)}`
  if ('name' in value) return String(value.name)
  return Object.entries(value).map(([key, part]) => `${key}: ${show(part)}`).join('; ')
}

export default function SettingsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
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
                { key: 'value', title: t('setting.value'), render: (row) => <><b className="wrap-any">{show(row.value)}</b> <span className="second s12">{t(`setting.units.${row.unit || 'none'}`, { defaultValue: row.unit })}</span></> },
                { key: 'default', title: t('setting.default'), render: (row) => <span className="second wrap-any">{show(row.default)}</span> },
                { key: 'limits', title: t('setting.limits'), render: (row) => <span className="second nowrap">{limits(row)}</span> },
                { key: 'rule', title: t('setting.rule'), render: (row) => <span className="muted s12">{row.rule || '—'}</span> },
                { key: 'actions', title: '', render: (row) => may('setting.write') && row.type !== 'object' && <Button size="small" onClick={() => setEditing(row)}>{t('action.edit')}</Button> },
              ]}
            />
          )}
        </Loaded>
      </div>
      {editing && <SettingForm row={editing} name={nameOf(editing)} close={() => setEditing(null)} />}
    </>
  )
}

function SettingForm({ row, name, close }: { row: SettingRow; name: string; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async ({ value, reason }: { value: unknown; reason: string }) => {
    await setSetting(row.key, value, reason)
    await cache.invalidateQueries({ queryKey: ['settings'] })
    void message.success(t('state.saved'))
  }
  const numeric = row.type === 'integer' || row.type === 'number'
  return (
    <Ask<{ value: unknown; reason: string }> title={name} submit={submit} close={close} initial={{ value: row.value }} action={t('action.save')}>
      <Form.Item name="value" label={t('setting.value')} valuePropName={row.type === 'flag' ? 'checked' : 'value'} rules={numeric ? [{ required: true }] : undefined}>
        {row.type === 'flag' ? <Switch /> : numeric ? <InputNumber style={{ width: '100%' }} min={row.minimum ?? undefined} max={row.maximum ?? undefined} precision={row.type === 'integer' ? 0 : undefined} /> : <Input />}
      </Form.Item>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}
