/** Money asked of customers through the cashier: every payment, the days compared with the cashier's file, the cashier. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker, Form, Input } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { closeDay, explainDifference, listCashiers, listDays, listPaymentDifferences, listPayments, type PaymentDifference } from '@api/payments'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatInstant, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { CashierForm } from './CashierForm'
import { Refunds } from './Refunds'
import './payments.css'

export const tones: Record<string, Tone> = { created: 'info', prepaid: 'info', unknown: 'warn', paid: 'ok', closed: 'draft', refunding: 'warn', refunded: 'draft', submitted: 'info', active: 'ok', retired: 'draft', refused: 'bad', processing: 'info', failed: 'bad' }

export default function PaymentsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const cashiers = useQuery({ queryKey: ['payment-cashiers'], queryFn: listCashiers, refetchInterval: 10_000 })
  const used = cashiers.data?.items.find((one) => one.state === 'active')
  return (
    <>
      <PageHead title={t('menu.payments')} meta={t('payments.meta')} actions={may('payment.write') && <Button icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t(used ? 'payments.changeCashier' : 'payments.addCashier')}</Button>} />
      {cashiers.data && !used && <div className="payments-gap"><Note kind="warning">{t('payments.noCashier')}</Note></div>}
      <Loaded query={cashiers} rows={2}>{({ items }) => items.length > 0 && (
        <Card className="payments-gap" title={t('payments.cashiers')} flush>
          <DataTable
            label={t('payments.cashiers')}
            rows={items.slice(0, 5)}
            rowKey={(row) => row.id}
            open={(row) => row.change_id && may('approval.read') && void navigate({ to: `/approvals/${row.change_id}` })}
            columns={[
              { key: 'name', title: t('payments.name'), render: (row) => <><b>{row.name}</b><small>{row.address}</small></> },
              { key: 'merchant', title: t('payments.merchantNo'), render: (row) => <span className="mono">{row.merchant_no}</span> },
              { key: 'answered', title: t('payments.answered'), render: (row) => <>{row.answered_at ? formatRecent(row.answered_at) : '—'}{row.failed_at && (!row.answered_at || row.failed_at > row.answered_at) && <small className="warn">{row.error}</small>}</> },
              { key: 'state', title: t('payments.state'), render: (row) => <StatusTag kind="cashier" value={row.state} tone={tones[row.state]} /> },
            ]}
          />
        </Card>
      )}</Loaded>
      <Days />
      <Refunds />
      <DataList
        name="payments"
        operation="list_payments"
        label={t('payments.list')}
        load={listPayments}
        rowKey={(row) => row.id}
        searchHint={t('payments.search')}
        refetchInterval={10_000}
        open={(row) => void navigate({ to: `/payments/${row.id}` })}
        statuses={['created', 'prepaid', 'unknown', 'paid', 'refunding', 'refunded', 'closed'].map((value) => ({ value, label: t(`status.payment.${value}`) }))}
        columns={[
          { key: 'at', title: t('payments.at'), field: 'created_at', format: 'instant', render: (row) => formatInstant(row.created_at) },
          { key: 'subject', title: t('payments.subject'), field: 'subject', render: (row) => <><b>{row.subject}</b><small className="mono">{row.number.slice(-12).toUpperCase()}</small></> },
          { key: 'customer', title: t('payments.customer'), field: 'customer', render: (row) => row.customer },
          { key: 'amount', title: t('payments.amount'), number: true, field: 'amount_fen', format: 'yuan', render: (row) => <b>{formatMoney(row.amount_fen - row.reduction_fen)}</b> },
          { key: 'off', title: t('payments.off'), number: true, field: 'reduction_fen', format: 'yuan', render: (row) => row.reduction_fen > 0 ? formatMoney(-row.reduction_fen) : '—' },
          { key: 'back', title: t('payments.back'), number: true, field: 'refunded_fen', format: 'yuan', render: (row) => row.refunded_fen + row.refunding_fen > 0 ? formatMoney(row.refunded_fen + row.refunding_fen) : '—' },
          { key: 'state', title: t('payments.state'), field: 'state', words: 'payment', render: (row) => <><StatusTag kind="payment" value={row.state} tone={tones[row.state]} />{row.code && <small>{t(`payments.code.${row.code}`, row.code)}</small>}</> },
        ]}
        empty={<Empty title={t('payments.none')}>{t('payments.noneHint')}</Empty>}
      />
      {adding && <CashierForm close={() => setAdding(false)} />}
    </>
  )
}

function Days() {
  const { t } = useTranslation()
  const { may } = useSession()
  const cache = useQueryClient()
  const days = useQuery({ queryKey: ['payment-days'], queryFn: listDays })
  const open = useQuery({ queryKey: ['payment-differences'], queryFn: listPaymentDifferences })
  const [closing, setClosing] = useState(false)
  const [working, setWorking] = useState<PaymentDifference | null>(null)
  const anew = async () => { await cache.invalidateQueries({ queryKey: ['payment-days'] }); await cache.invalidateQueries({ queryKey: ['payment-differences'] }) }
  const differences = open.data?.items ?? []
  return (
    <Card className="payments-gap" title={t('payments.days')} hint={t('payments.daysHint')} flush right={may('payment.write') && <Button size="small" onClick={() => setClosing(true)}>{t('payments.close')}</Button>}>
      {(days.data?.items.length ?? 0) === 0 ? <div className="payments-pad"><Empty title={t('payments.noDays')}>{t('payments.noDaysHint')}</Empty></div> : (
        <DataTable
          label={t('payments.days')}
          rows={(days.data?.items ?? []).slice(0, 7)}
          rowKey={(row) => row.business_on}
          columns={[
            { key: 'day', title: t('payments.day'), render: (row) => <b>{formatDay(row.business_on)}</b> },
            { key: 'theirs', title: t('payments.theirs'), number: true, render: (row) => <>{formatMoney(row.theirs_fen)}<small>{t('payments.count', { count: row.theirs, shown: formatCount(row.theirs) })} · {t('payments.back')} {formatMoney(-row.theirs_back_fen)}</small></> },
            { key: 'ours', title: t('payments.ours'), number: true, render: (row) => <>{formatMoney(row.ours_fen)}<small>{t('payments.count', { count: row.ours, shown: formatCount(row.ours) })} · {t('payments.back')} {formatMoney(-row.ours_back_fen)}</small></> },
            { key: 'ledger', title: t('payments.ledger'), number: true, render: (row) => <>{formatMoney(row.ledger_fen)}<small>{t('payments.back')} {formatMoney(-row.ledger_back_fen)}</small></> },
            { key: 'off', title: t('payments.off'), number: true, render: (row) => <>{formatMoney(row.ours_reduced_fen)}{row.ours_reduced_fen !== row.theirs_reduced_fen && <small className="warn">{t('payments.theirs')} {formatMoney(row.theirs_reduced_fen)}</small>}</> },
            { key: 'differences', title: t('payments.differences'), number: true, render: (row) => row.differences > 0 ? <b className="warn">{formatCount(row.differences)}</b> : '0' },
          ]}
        />
      )}
      {differences.length > 0 && (
        <>
        <h3 className="payments-head">{t('payments.differences')}</h3>
        <DataTable
          label={t('payments.differences')}
          rows={differences}
          rowKey={(row) => `${row.business_on}-${row.number}`}
          columns={[
            { key: 'day', title: t('payments.day'), render: (row) => formatDay(row.business_on) },
            { key: 'number', title: t('payments.number'), render: (row) => <span className="mono">{row.number}</span> },
            { key: 'kind', title: t('payments.difference'), render: (row) => t(`payments.kind.${row.kind}`) },
            { key: 'ours', title: t('payments.ours'), number: true, render: (row) => formatMoney(row.ours_fen) },
            { key: 'theirs', title: t('payments.theirs'), number: true, render: (row) => formatMoney(row.theirs_fen) },
            { key: 'act', title: '', render: (row) => may('payment.write') && <Button size="small" onClick={() => setWorking(row)}>{t('payments.explain')}</Button> },
          ]}
        />
        </>
      )}
      {closing && (
        <Ask<{ day: Dayjs }> title={t('payments.close')} initial={{ day: dayjs().subtract(1, 'day') }} submit={async ({ day }) => { await closeDay(day.format('YYYY-MM-DD')); await anew() }} close={() => setClosing(false)}>
          <p className="second s13">{t('payments.closeHint')}</p>
          <Form.Item name="day" label={t('payments.day')} rules={[{ required: true }]}><DatePicker allowClear={false} disabledDate={(day) => !day.isBefore(dayjs(), 'day')} /></Form.Item>
        </Ask>
      )}
      {working && (
        <Ask<{ reason: string }> title={t('payments.explain')} submit={async ({ reason }) => { await explainDifference(working.business_on, working.number, reason); await anew() }} close={() => setWorking(null)}>
          <p className="second s13">{t('payments.explainHint')}</p>
          <Form.Item name="reason" label={t('mall.reason')} rules={[{ required: true, whitespace: true, message: t('mall.reasonMissing') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
