/** Who delivers the benefits and is paid for them. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addSupplier, changeSupplier, listSuppliers, retireSupplier, retireSuppliers, type Supplier } from '@api/benefits'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { RowButtons, useRowAction } from './BenefitsPage'
import { useNeeded } from './CatalogueForms'

export default function SuppliersPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const [editing, setEditing] = useState<Supplier | 'new' | null>(null)
  const { confirm } = useRowAction(['suppliers'])
  const create = may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('supplier.add')}</Button>
  return (
    <>
      <DataPage
        name="suppliers"
        operation="list_suppliers"
        title={t('menu.suppliers')}
        label={t('menu.suppliers')}
        load={listSuppliers}
        rowKey={(supplier) => supplier.id}
        searchHint={t('supplier.search')}
        statuses={['active', 'retired'].map((value) => ({ value, label: t(`status.brand.${value}`) }))}
        actions={create}
        bulk={may('benefit.write') ? [
          { key: 'retire', label: t('sku.retire'), danger: true, ask: t('supplier.retireHint'), fits: (supplier) => supplier.can.includes('retire'), run: (rows) => retireSuppliers(rows.map((supplier) => supplier.id)) },
        ] : []}
        columns={[
          { key: 'name', title: t('supplier.name'), field: 'name', render: (supplier) => <><b>{say(supplier.name, supplier.name_en)}</b><small className="mono">{supplier.code}</small></> },
          { key: 'tax', title: t('supplier.taxNo'), field: 'tax_no', render: (supplier) => <span className="mono">{supplier.tax_no || '—'}</span> },
          { key: 'days', title: t('supplier.days'), field: 'settlement_days', format: 'count', number: true, render: (supplier) => t('unit.dayCount', { count: supplier.settlement_days }) },
          { key: 'contact', title: t('supplier.contact'), field: 'contact_name', render: (supplier) => <>{supplier.contact_name || '—'}<small>{supplier.contact_phone}</small></> },
          { key: 'state', title: t('campaign.state'), field: 'status', words: 'status.brand', render: (supplier) => <StatusTag kind="brand" value={supplier.status} /> },
          { key: 'actions', title: '', render: (supplier) => <RowButtons can={supplier.can} edit={() => setEditing(supplier)} retire={() => confirm(t('sku.retireTitle', { name: supplier.name }), t('supplier.retireHint'), () => retireSupplier(supplier.id))} /> },
        ]}
        empty={<Empty title={t('supplier.none')} actions={create}>{t('supplier.noneHint')}</Empty>}
      />
      {editing && <SupplierForm supplier={editing === 'new' ? undefined : editing} close={() => setEditing(null)} />}
    </>
  )
}

interface Values {
  code: string
  name: string
  name_en?: string
  tax_no?: string
  settlement_days: number
  contact_name?: string
  contact_phone?: string
}

function SupplierForm({ supplier, close }: { supplier?: Supplier; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [no] = useState(requestNo)
  const submit = async ({ code, ...values }: Values) => {
    const body = { name_en: '', tax_no: '', contact_name: '', contact_phone: '', ...values }
    await (supplier ? changeSupplier({ ...body, id: supplier.id }) : addSupplier({ ...body, code, request_no: no }))
    await cache.invalidateQueries({ queryKey: ['suppliers'] })
  }
  // The contact is masked in the list: left empty here it stays as it is stored only when the server says so.
  const initial = supplier ? { ...supplier, contact_name: undefined, contact_phone: undefined } : { settlement_days: 30 }
  return (
    <Ask<Values> title={t(supplier ? 'supplier.edit' : 'supplier.add')} submit={submit} close={close} initial={initial} action={t('action.save')}>
      <div className="pair">
        {!supplier && <Form.Item name="code" label={t('sku.code')} rules={needed(t('sku.code'))}><Input maxLength={32} /></Form.Item>}
        <Form.Item name="name" label={t('supplier.name')} rules={needed(t('supplier.name'))}><Input maxLength={60} /></Form.Item>
        <Form.Item name="name_en" label={t('benefit.nameEn')}><Input maxLength={100} /></Form.Item>
        <Form.Item name="tax_no" label={t('supplier.taxNo')}><Input maxLength={20} /></Form.Item>
        <Form.Item name="settlement_days" label={t('supplier.days')}><InputNumber style={{ width: '100%' }} min={0} max={365} precision={0} controls={false} suffix={t('unit.days')} /></Form.Item>
        <Form.Item name="contact_name" label={t('supplier.contactName')}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="contact_phone" label={t('supplier.contactPhone')}><Input maxLength={20} autoComplete="off" /></Form.Item>
      </div>
    </Ask>
  )
}
