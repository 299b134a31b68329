/** How a supplier is reached; its key goes in and never comes out. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Segmented, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { listConnections, setConnection, type Connection } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'

type Values = Omit<Connection, 'changed_at' | 'prepayment_alarm_fen'> & { key?: string; keys?: CouponKeys; alarm_yuan: number }

const protocols = ['rest_hmac', 'busifavor', 'core_file', 'by_file'] as const
const names = ['app_id', 'merchant_no', 'serial', 'platform_serial', 'notice_key', 'recipient_key'] as const
const pems = ['private_key', 'platform_key'] as const
type CouponKeys = Partial<Record<(typeof names)[number] | (typeof pems)[number], string>>

/** What the bank and a coupon platform share, as one key; none given keeps those there are. */
function sealed(keys: CouponKeys | undefined): string | null {
  const given = Object.fromEntries(Object.entries(keys ?? {}).map(([name, value]) => [name, (value ?? '').trim()]))
  if (!Object.values(given).some(Boolean)) return null
  const bytes = new TextEncoder().encode(JSON.stringify(given))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** 32 random bytes in base64: what a supplier opens its files with. */
const freshKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))

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
  const [form] = Form.useForm<Values>()
  const protocol = Form.useWatch('adapter', form) ?? present?.adapter
  const coupons = protocol === 'busifavor'
  const byFile = protocol === 'by_file'
  const submit = async ({ alarm_yuan, key, keys, ...values }: Values) => {
    await setConnection({ ...values, supplier_id: present?.supplier_id ?? values.supplier_id, key: coupons ? sealed(keys) : key?.trim() || null, prepayment_alarm_fen: Math.round(alarm_yuan * 100), ...(byFile ? { address: '', callback_address: '' } : {}) })
    await cache.invalidateQueries({ queryKey: ['supply'] })
  }
  const initial = present ? { ...present, alarm_yuan: present.prepayment_alarm_fen / 100 } : fresh
  const choices = (suppliers.data?.items ?? []).filter((one) => !connected.includes(one.id)).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))
  const count = { min: 1, precision: 0, controls: false, style: { width: '100%' } } as const
  return (
    <Ask<Values> form={form} title={t(present ? 'supply.connection' : 'supply.connect')} submit={submit} close={close} initial={initial} action={t('action.save')} width={640}>
      {!present && <Form.Item name="supplier_id" label={t('sku.supplier')} rules={needed(t('sku.supplier'))}><Select showSearch={{ optionFilterProp: 'label' }} options={choices} /></Form.Item>}
      <Form.Item name="adapter" label={t('supply.form.adapter')} extra={t(`supply.form.adapterHints.${protocol ?? 'rest_hmac'}`)}><Segmented block options={protocols.map((value) => ({ value, label: t(`supply.form.adapters.${value}`) }))} /></Form.Item>
      {!byFile && <Form.Item name="address" label={t('supply.form.address')} extra={t('supply.form.addressHint')} rules={needed(t('supply.form.address'))}><Input maxLength={300} spellCheck={false} /></Form.Item>}
      {!byFile && <Form.Item name="callback_address" label={t('supply.form.callback')} extra={t('supply.form.callbackHint')}><Input maxLength={300} spellCheck={false} /></Form.Item>}
      <div className="pair">
        <Form.Item name="key_id" label={t('supply.form.keyId')} rules={needed(t('supply.form.keyId'))}><Input maxLength={64} spellCheck={false} autoComplete="off" /></Form.Item>
        {!coupons && <Form.Item name="key" label={t('supply.form.key')} extra={byFile ? t('supply.form.generated') : t('supply.form.keyHint')} rules={byFile && present?.adapter !== 'by_file' ? needed(t('supply.form.key')) : []}><Input.Password maxLength={400} autoComplete="new-password" addonAfter={byFile && <Button type="link" size="small" onClick={() => form.setFieldValue('key', freshKey())}>{t('supply.form.generate')}</Button>} /></Form.Item>}
        {coupons && names.map((name) => <Form.Item key={name} name={['keys', name]} label={t(`supply.form.keys.${name}`)} rules={present?.adapter === 'busifavor' ? [] : needed(t(`supply.form.keys.${name}`))}><Input.Password visibilityToggle={!name.endsWith('_key')} maxLength={128} autoComplete="new-password" /></Form.Item>)}
        {coupons && pems.map((name) => <Form.Item key={name} className="whole" name={['keys', name]} label={t(`supply.form.keys.${name}`)} rules={present?.adapter === 'busifavor' ? [] : needed(t(`supply.form.keys.${name}`))}><Input.TextArea rows={3} spellCheck={false} autoComplete="off" className="mono" placeholder="-----BEGIN" /></Form.Item>)}
        {!byFile && <>
        <Form.Item name="timeout_seconds" label={t('supply.form.timeout')}><InputNumber {...count} max={30} suffix={t('supply.form.seconds')} /></Form.Item>
        <Form.Item name="per_second_max" label={t('supply.form.perSecond')}><InputNumber {...count} max={1_000} suffix={t('supply.form.calls')} /></Form.Item>
        <Form.Item name="at_once_max" label={t('supply.form.atOnce')}><InputNumber {...count} max={64} suffix={t('supply.form.calls')} /></Form.Item>
        <Form.Item name="stock_alarm" label={t('supply.form.stockAlarm')}><InputNumber {...count} min={0} suffix={t('unit.pieces')} /></Form.Item>
        </>}
        <Form.Item name="alarm_yuan" label={t('supply.form.prepaymentAlarm')}><InputNumber {...count} min={0} precision={2} /></Form.Item>
        <Form.Item name="prepaid" label={t('supply.form.prepaid')} valuePropName="checked" extra={t('supply.form.prepaidHint')}><Switch /></Form.Item>
        <Form.Item name="enabled" label={t('supply.form.enabled')} valuePropName="checked"><Switch /></Form.Item>
      </div>
    </Ask>
  )
}
