/** Money paid ahead to suppliers: each account to the fen, and who asked for what. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { listAccounts, listPrepayments, prepay, type PrepaymentAccount } from '@api/supply'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Burn } from '@kit/Burn'
import { DataList } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatMoney, formatRecent, formatYuan, parseYuan } from '@kit/format'
import { Money } from '@kit/Headline'
import { Icon } from '@kit/icons'
import { Card, Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { SupplierFilter } from './OrdersPage'

const tones: Record<string, Tone> = { submitted: 'info', paid: 'ok', refused: 'bad' }

export default function PrepaymentsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const query = useQuery({ queryKey: ['prepayment-accounts'], queryFn: listAccounts, refetchInterval: 10_000 })
  const ask = may('supply.write') && (query.data?.items.length ?? 0) > 0 && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAsking(true)}>{t('prepayment.apply')}</Button>
  return (
    <>
      <PageHead title={t('menu.prepayments')} meta={t('prepayment.hint')} actions={ask} />
      <Loaded query={query} rows={4}>{({ items }) => <Accounts rows={items} />}</Loaded>
      <DataList
        name="prepayments"
        operation="list_prepayments"
        label={t('prepayment.list')}
        load={listPrepayments}
        rowKey={(row) => row.id}
        open={(row) => row.change_id && may('approval.read') && void navigate({ to: `/approvals/${row.change_id}` })}
        statuses={['submitted', 'paid', 'refused'].map((value) => ({ value, label: t(`status.prepayment.${value}`) }))}
        filters={(state) => <SupplierFilter state={state} />}
        columns={[
          { key: 'supplier', title: t('sku.supplier'), field: 'supplier', render: (row) => <b>{say(row.supplier, row.supplier_en)}</b> },
          { key: 'amount', title: t('prepayment.amount'), number: true, field: 'amount_fen', format: 'yuan', render: (row) => <b>{formatMoney(row.amount_fen)}</b> },
          { key: 'reference', title: t('prepayment.reference'), field: 'reference', render: (row) => <span className="mono">{row.reference}</span> },
          { key: 'by', title: t('prepayment.by'), field: 'created_by', render: (row) => <>{row.created_by}<small>{formatRecent(row.created_at)}</small></> },
          { key: 'state', title: t('supplierOrder.state'), field: 'state', words: 'prepayment', render: (row) => <StatusTag kind="prepayment" value={row.state} tone={tones[row.state]} /> },
        ]}
        empty={<Empty title={t('prepayment.none')}>{t('prepayment.noneHint')}</Empty>}
      />
      {asking && query.data && <AskPrepayment accounts={query.data.items} close={() => setAsking(false)} />}
    </>
  )
}

const sum = (rows: PrepaymentAccount[], of: (row: PrepaymentAccount) => number) => rows.reduce((total, row) => total + of(row), 0)

function Accounts({ rows }: { rows: PrepaymentAccount[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  if (rows.length === 0) return <Card><Empty title={t('prepayment.noAccounts')}>{t('prepayment.noAccountsHint')}</Empty></Card>
  return (
    <>
      <Figures
        items={[
          { label: t('prepayment.paid'), value: <Money fen={sum(rows, (row) => row.paid_fen)} /> },
          { label: t('prepayment.drawn'), value: <Money fen={sum(rows, (row) => row.drawn_fen)} /> },
          { label: t('prepayment.way'), value: <Money fen={sum(rows, (row) => row.on_the_way_fen)} /> },
          { label: t('prepayment.free'), value: <Money fen={sum(rows, (row) => row.free_fen)} /> },
        ]}
      />
      <Card title={t('prepayment.accounts')} flush right={<><span className="legend"><i />{t('prepayment.used')}</span><span className="legend"><i className="held" />{t('prepayment.held')}</span></>}>
        <DataTable
          label={t('prepayment.accounts')}
          rows={rows}
          rowKey={(row) => row.supplier_id}
          columns={[
            { key: 'supplier', title: t('sku.supplier'), render: (row) => <b>{say(row.supplier, row.supplier_en)}</b> },
            { key: 'burn', title: t('prepayment.burn'), width: 240, render: (row) => <Burn label={row.supplier} spent={row.drawn_fen} held={row.on_the_way_fen + row.short_fen} limit={row.paid_fen} /> },
            { key: 'paid', title: t('prepayment.paid'), number: true, render: (row) => formatYuan(row.paid_fen) },
            { key: 'drawn', title: t('prepayment.drawn'), number: true, render: (row) => <>{formatYuan(row.drawn_fen)}{row.short_fen > 0 && <small className="warn">{t('prepayment.short')} {formatYuan(row.short_fen)}</small>}</> },
            { key: 'balance', title: t('prepayment.balance'), number: true, render: (row) => formatYuan(row.balance_fen) },
            { key: 'way', title: t('prepayment.way'), number: true, render: (row) => formatYuan(row.on_the_way_fen) },
            { key: 'free', title: t('prepayment.free'), number: true, render: (row) => <><b className={row.free_fen <= row.alarm_fen ? 'warn' : undefined}>{formatYuan(row.free_fen)}</b>{row.alarm_fen > 0 && <small>{t('prepayment.alarmLine', { amount: formatYuan(row.alarm_fen) })}</small>}</> },
          ]}
        />
      </Card>
      <div style={{ height: 16 }} />
    </>
  )
}

interface Values {
  supplier_id: string
  amount: string
  reference: string
}

function AskPrepayment({ accounts, close }: { accounts: PrepaymentAccount[]; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [no] = useState(requestNo)
  const submit = async ({ supplier_id, amount, reference }: Values) => {
    await prepay({ supplier_id, amount_fen: parseYuan(amount) ?? 0, reference, request_no: no })
    await cache.invalidateQueries({ queryKey: ['prepayments'] })
    void message.success(t('prepayment.submitted'))
  }
  const isAmount = { validator: (_: unknown, text?: string) => (text && (parseYuan(text) ?? 0) > 0 ? Promise.resolve() : Promise.reject(new Error(t('form.amount')))) }
  return (
    <Ask<Values> title={t('prepayment.apply')} submit={submit} close={close} action={t('action.submit')} initial={{ supplier_id: accounts.length === 1 ? accounts[0]?.supplier_id : undefined }}>
      <Form.Item name="supplier_id" label={t('sku.supplier')} rules={needed(t('sku.supplier'))}><Select options={accounts.map((one) => ({ value: one.supplier_id, label: say(one.supplier, one.supplier_en) }))} /></Form.Item>
      <Form.Item name="amount" label={t('prepayment.amount')} required rules={[isAmount]}><Input prefix="¥" inputMode="decimal" autoComplete="off" /></Form.Item>
      <Form.Item name="reference" label={t('prepayment.reference')} extra={t('prepayment.referenceHint')} rules={needed(t('prepayment.reference'))}><Input maxLength={64} autoComplete="off" /></Form.Item>
    </Ask>
  )
}
