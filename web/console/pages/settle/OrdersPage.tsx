/** Orders at suppliers: by state, supplier and kind; each opens with its story. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { listOrders, type OrderRow } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { formatInstant, formatRecent, formatYuan } from '@kit/format'
import type { ListState } from '@kit/listParams'
import { Empty } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'

const states = ['created', 'sent', 'accepted', 'unknown', 'success', 'failed', 'refunded'] as const
const tones: Record<string, Tone> = { created: 'draft', sent: 'info', accepted: 'run', unknown: 'warn', success: 'ok', failed: 'bad', refunded: '' }

export const OrderTag = ({ state }: { state: string }) => <StatusTag kind="supplierOrder" value={state} tone={tones[state]} />

/** Why an order stands where it stands: our own words for our own codes, the supplier's for its. */
export function useOrderReason() {
  const { t } = useTranslation()
  return (row: Pick<OrderRow, 'code' | 'reason'>) => (row.code ? t(`supplierOrder.codes.${row.code}`, { defaultValue: row.reason || row.code }) : '')
}

export default function OrdersPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const why = useOrderReason()
  const navigate = useNavigate()
  return (
    <DataPage
      name="supplier-orders"
      operation="list_supplier_orders"
      title={t('menu.supplierOrders')}
      label={t('menu.supplierOrders')}
      load={listOrders}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/supplier-orders/${row.id}` })}
      searchHint={t('supply.search')}
      statuses={states.map((value) => ({ value, label: t(`status.supplierOrder.${value}`) }))}
      filters={(state) => <Filters state={state} />}
      refetchInterval={10_000}
      columns={[
        { key: 'number', title: t('supplierOrder.number'), field: 'number', render: (row) => <><b className="mono">{row.number}</b><small className="mono">{row.supplier_no || '—'}</small></> },
        { key: 'title', title: t('sku.name'), field: 'title', render: (row) => <>{say(row.title, row.title_en)}<small>{t(`supplierOrder.kinds.${row.kind}`)} · {row.recipient || '—'}</small></> },
        { key: 'supplier', title: t('sku.supplier'), field: 'supplier', render: (row) => say(row.supplier, row.supplier_en) },
        { key: 'amount', title: t('supplierOrder.amount'), number: true, field: 'amount_fen', format: 'yuan', render: (row) => formatYuan(row.amount_fen) },
        { key: 'created', title: t('supplierOrder.created'), field: 'created_at', format: 'instant', render: (row) => <span className="nowrap" title={formatInstant(row.created_at)}>{formatRecent(row.created_at)}</span> },
        { key: 'state', title: t('supplierOrder.state'), field: 'state', words: 'supplierOrder', render: (row) => <><OrderTag state={row.state} />{why(row) && <small>{why(row)}</small>}{row.refund && row.state === 'success' && <small>{t('supplierOrder.refund.title')} · {t(`status.supplierRefund.${row.refund.state}`)}</small>}</> },
        { key: 'day', title: t('supplierOrder.day'), optional: true, field: 'ordered_on', format: 'day', render: (row) => row.ordered_on ?? '—' },
        { key: 'reason', title: t('supplierOrder.why'), optional: true, field: 'reason', render: (row) => row.reason || '—' },
      ]}
      empty={<Empty title={t('supplierOrder.none')}>{t('supplierOrder.noneHint')}</Empty>}
    />
  )
}

/** Which supplier, which kind; kept in the address. */
function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  return (
    <>
      <SupplierFilter state={state} />
      <Select
        allowClear
        placeholder={t('supplierOrder.allKinds')}
        aria-label={t('supplierOrder.kind')}
        value={state.params.kind}
        onChange={(kind?: string) => state.change({ kind })}
        options={(['topup', 'physical', 'financial'] as const).map((value) => ({ value, label: t(`supplierOrder.kinds.${value}`) }))}
        style={{ width: 120 }}
      />
    </>
  )
}

export function SupplierFilter({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers) })
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={t('supplierOrder.allSuppliers')}
      aria-label={t('sku.supplier')}
      value={state.params.supplier_id}
      onChange={(supplier_id?: string) => state.change({ supplier_id })}
      options={(suppliers.data?.items ?? []).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))}
      style={{ width: 180 }}
    />
  )
}
