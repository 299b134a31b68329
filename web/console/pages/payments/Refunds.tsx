/** Refunds: those the cashier would not make are sent again from here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listRefunds, sendRefundAgain, type RefundItem } from '@api/payments'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { tones } from './PaymentsPage'

export function Refunds() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const asked = new URLSearchParams(window.location.search)
  const [status, setStatus] = useState(asked.get('tab') === 'refunds' ? (asked.get('status') ?? '') : '')
  const [sending, setSending] = useState<RefundItem | null>(null)
  const query = useQuery({ queryKey: ['payment-refunds', status], queryFn: () => listRefunds({ status: status || undefined, limit: '20' }), refetchInterval: 10_000 })
  const rows = query.data?.items ?? []
  const counts = (query.data?.counts ?? {}) as Record<string, number>
  const tabs = ['', 'failed', 'processing', 'refunded'].map((value) => ({ value, label: value ? `${t(`status.refund.${value}`)} ${formatCount(counts[value] ?? 0)}` : t('payments.allRefunds') }))
  const send = async ({ reason }: { reason: string }) => {
    if (!sending) return
    await sendRefundAgain(sending.id, reason)
    void message.success(t('payments.againDone'))
    await cache.invalidateQueries({ queryKey: ['payment-refunds'] })
  }
  return (
    <Card className="payments-gap" title={t('payments.refunds')} flush right={<Segmented size="small" aria-label={t('payments.refunds')} value={status} options={tabs} onChange={setStatus} />}>
      {rows.length === 0 ? <div className="payments-pad"><Empty title={t('payments.noRefunds')}>{t('payments.noRefundsHint')}</Empty></div> : (
        <DataTable
          label={t('payments.refunds')}
          rows={rows}
          rowKey={(row) => row.id}
          open={(row) => void navigate({ to: `/payments/${row.payment_id}` })}
          columns={[
            { key: 'at', title: t('payments.at'), render: (row) => formatInstant(row.created_at) },
            { key: 'subject', title: t('payments.subject'), render: (row) => <><b>{row.subject}</b><small className="mono">{row.number.slice(-12).toUpperCase()}</small></> },
            { key: 'customer', title: t('payments.customer'), render: (row) => row.customer },
            { key: 'amount', title: t('payments.toCustomer'), number: true, render: (row) => <><b>{formatMoney(row.amount_fen - row.reduction_fen)}</b>{row.reduction_fen > 0 && <small>{t('payments.offPart', { amount: formatMoney(row.reduction_fen) })}</small>}</> },
            { key: 'reason', title: t('mall.reason'), render: (row) => row.reason },
            { key: 'state', title: t('payments.state'), render: (row) => <><StatusTag kind="refund" value={row.state} tone={tones[row.state]} />{row.code && <small>{t(`payments.code.${row.code}`, row.code)}</small>}</> },
            { key: 'act', title: '', render: (row) => row.can.includes('send_again') && <Button size="small" onClick={(event) => { event.stopPropagation(); setSending(row) }}>{t('payments.again')}</Button> },
          ]}
        />
      )}
      {sending && (
        <Ask<{ reason: string }> title={t('payments.again')} action={t('payments.again')} submit={send} close={() => setSending(null)}>
          <div style={{ marginBottom: 16 }}><Note>{t('payments.againHint', { amount: formatMoney(sending.amount_fen - sending.reduction_fen) })}</Note></div>
          <Form.Item name="reason" label={t('mall.reason')} rules={[{ required: true, whitespace: true, message: t('mall.reasonMissing') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
