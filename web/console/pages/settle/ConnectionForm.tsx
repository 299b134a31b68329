/** How a supplier is reached; its key goes in and never comes out. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { listConnections, setConnection, type Connection } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'

type Values = Omit<Connection, 'changed_at' | 'prepayment_alarm_fen'> & { key?: string; alarm_yuan: number }

const fresh = { adapter: 'rest_hmac', callback_address: '', timeout_seconds: 10, per_second_max: 50, at_once_max: 8, prepaid: true, alarm_yuan: 0, stock_alarm: 0, enabled: true }

export function ConnectionForm({ supplierId, close }: { supplierId?: string; close: () => void }) {
  const known = useQuery({ queryKey: ['supply', 'connections'], queryFn: listConnections })
  if (!known.data) return null
  const present = known.data.items.find((one) => one.supplier_id === supplierId)
  return <Fields key={supplierId} present={present} connected={known.data.items.map((one) => one.supplier_id)} close={close} />
}

function Fields({ present, connected, close }: { present?: Connection; connected: string[]; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers, { status: 'active' }) })
  const submit = async ({ alarm_yuan, key, ...values }: Values) => {
    await setConnection({ ...values, supplier_id: present?.supplier_id ?? values.supplier_id, key: key?.trim() || null, prepayment_alarm_fen: Math.round(alarm_yuan * 100) })
    await cache.invalidateQueries({ queryKey: ['supply'] })
  }
  const initial = present ? { ...present, alarm_yuan: present.prepayment_alarm_fen / 100 } : fresh
  const choices = (suppliers.data?.items ?? []).filter((one) => !connected.includes(one.id)).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))
  const count = { min: 1, precision: 0, controls: false, style: { width: '100%' } } as const
  return (
    <Ask<Values> title={t(present ? 'supply.connection' : 'supply.connect')} submit={submit} close={close} initial={initial} action={t('action.save')} width={640}>
      {!present && <Form.Item name="supplier_id" label={t('sku.supplier')} rules={needed(t('sku.supplier'))}><Select showSearch={{ optionFilterProp: 'label' }} options={choices} /></Form.Item>}
      <Form.Item name="adapter" hidden><Input /></Form.Item>
      <Form.Item name="address" label={t('supply.form.address')} extra={t('supply.form.addressHint')} rules={needed(t('supply.form.address'))}><Input maxLength={300} spellCheck={false} /></Form.Item>
      <Form.Item name="callback_address" label={t('supply.form.callback')} extra={t('supply.form.callbackHint')}><Input maxLength={300} spellCheck={false} /></Form.Item>
      <div className="pair">
        <Form.Item name="key_id" label={t('supply.form.keyId')} rules={needed(t('supply.form.keyId'))}><Input maxLength={64} spellCheck={false} autoComplete="off" /></Form.Item>
        <Form.Item name="key" label={t('supply.form.key')} extra={t('supply.form.keyHint')}><Input.Password maxLength={400} autoComplete="new-password" /></Form.Item>
        <Form.Item name="timeout_seconds" label={t('supply.form.timeout')}><InputNumber {...count} max={30} suffix={t('supply.form.seconds')} /></Form.Item>
        <Form.Item name="per_second_max" label={t('supply.form.perSecond')}><InputNumber {...count} max={1_000} suffix={t('supply.form.calls')} /></Form.Item>
        <Form.Item name="at_once_max" label={t('supply.form.atOnce')}><InputNumber {...count} max={64} suffix={t('supply.form.calls')} /></Form.Item>
        <Form.Item name="stock_alarm" label={t('supply.form.stockAlarm')}><InputNumber {...count} min={0} suffix={t('unit.pieces')} /></Form.Item>
        <Form.Item name="alarm_yuan" label={t('supply.form.prepaymentAlarm')}><InputNumber {...count} min={0} precision={2} /></Form.Item>
        <Form.Item name="prepaid" label={t('supply.form.prepaid')} valuePropName="checked" extra={t('supply.form.prepaidHint')}><Switch /></Form.Item>
        <Form.Item name="enabled" label={t('supply.form.enabled')} valuePropName="checked"><Switch /></Form.Item>
      </div>
    </Ask>
  )
}
