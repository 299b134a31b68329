/** What suppliers are owed, by period; each statement equals the ledger. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker, Form, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { listMerchants } from '@api/places'
import { requestNo } from '@api/request'
import { createStatement, listStatements } from '@api/settle'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { isOwed } from './owed'

export default function StatementsPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const create = may('statement.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setMaking(true)}>{t('statement.make')}</Button>
  return (
    <>
      <DataPage
        name="statements"
        operation="list_statements"
        title={t('menu.statements')}
        label={t('menu.statements')}
        load={listStatements}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/statements/${row.id}` })}
        searchHint={t('statement.search')}
        statuses={['draft', 'confirmed', 'reversed'].map((value) => ({ value, label: t(`status.statement.${value}`) }))}
        actions={create}
        filters={(state) => <Select allowClear aria-label={t('statement.owed')} placeholder={t('statement.owed')} style={{ minWidth: 140 }} value={state.params.owed || undefined} options={(['supplier', 'merchant'] as const).map((value) => ({ value, label: t(`statement.owes.${value}`) }))} onChange={(value?: string) => state.change({ owed: value })} />}
        columns={[
          { key: 'number', title: t('statement.number'), field: 'number', render: (row) => <b className="mono">{row.number}</b> },
          { key: 'supplier', title: t('statement.who'), field: 'supplier', render: (row) => <>{say(row.supplier, row.supplier_en)}{row.merchant_id && <small>{t('statement.owes.merchant')}</small>}</> },
          { key: 'period', title: t('statement.period'), field: 'since_on', render: (row) => <span className="nowrap">{row.since_on} – {row.until_on}</span> },
          { key: 'quantity', title: t('statement.quantity'), field: 'quantity', format: 'count', number: true, render: (row) => formatCount(row.quantity) },
          { key: 'amount', title: t('statement.amount'), field: 'amount_fen', format: 'yuan', number: true, render: (row) => <b>{formatMoney(row.amount_fen)}</b> },
          { key: 'by', title: t('statement.by'), field: 'created_by', render: (row) => <>{row.created_by}<small>{formatRecent(row.created_at)}</small></> },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.statement', render: (row) => <><StatusTag kind="statement" value={row.state} />{row.paid_at ? <small>{t('statement.paidShort')}</small> : isOwed(row) ? <small className="warn">{t('statement.owedShort')}</small> : row.merchant_id && row.state === 'draft' && <small className={row.dispute && !row.answer ? 'warn' : undefined}>{t(row.agreed_at ? 'statement.agreedShort' : row.answer ? 'statement.answeredShort' : row.dispute ? 'statement.disputedShort' : 'statement.waitsShort')}</small>}</> },
        ]}
        empty={<Empty title={t('statement.none')} actions={create}>{t('statement.noneHint')}</Empty>}
      />
      {making && <MakeStatement close={() => setMaking(false)} />}
    </>
  )
}

interface Values {
  owed: 'supplier' | 'merchant'
  supplier_id?: string
  merchant_id?: string
  period: [dayjs.Dayjs, dayjs.Dayjs]
}

function MakeStatement({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [no] = useState(requestNo)
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers) })
  const today = dayjs(formatDay(new Date()))
  const merchants = useQuery({ queryKey: ['merchants', 'choices'], queryFn: () => every(listMerchants) })
  const [form] = Form.useForm<Values>()
  const owed = Form.useWatch('owed', form) ?? 'supplier'
  const submit = async ({ supplier_id, merchant_id, period }: Values) => {
    const id = await createStatement({ ...(owed === 'merchant' ? { merchant_id } : { supplier_id }), since_on: period[0].format('YYYY-MM-DD'), until_on: period[1].format('YYYY-MM-DD'), request_no: no })
    await cache.invalidateQueries({ queryKey: ['statements'] })
    await navigate({ to: `/statements/${id}` })
  }
  const presets = [
    { label: t('statement.today'), value: [today, today] as [dayjs.Dayjs, dayjs.Dayjs] },
    { label: t('statement.thisMonth'), value: [today.startOf('month'), today] as [dayjs.Dayjs, dayjs.Dayjs] },
    { label: t('statement.lastMonth'), value: [today.subtract(1, 'month').startOf('month'), today.subtract(1, 'month').endOf('month')] as [dayjs.Dayjs, dayjs.Dayjs] },
  ]
  return (
    <Ask<Values> form={form} title={t('statement.make')} submit={submit} close={close} initial={{ owed: 'supplier', period: [today.startOf('month'), today] }} action={t('statement.make')}>
      <Form.Item name="owed" label={t('statement.owed')}><Segmented options={(['supplier', 'merchant'] as const).map((value) => ({ value, label: t(`statement.owes.${value}`) }))} /></Form.Item>
      {owed === 'merchant' && <Form.Item name="merchant_id" label={t('statement.owes.merchant')} rules={needed(t('statement.owes.merchant'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(merchants.data?.items ?? []).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))} /></Form.Item>}
      {owed === 'supplier' && <Form.Item name="supplier_id" label={t('sku.supplier')} rules={needed(t('sku.supplier'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(suppliers.data?.items ?? []).map((supplier) => ({ value: supplier.id, label: say(supplier.name, supplier.name_en) }))} /></Form.Item>}
      <Form.Item name="period" label={t('statement.period')} extra={t('statement.periodHint')} rules={needed(t('statement.period'))}><DatePicker.RangePicker style={{ width: '100%' }} presets={presets} /></Form.Item>
    </Ask>
  )
}
