/** What customers paid in stores; a clerk gives back what was sold in their own. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { giveSaleBack, type listSales, type Sale } from '@api/payments'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatInstant, formatMoney, parseYuan } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'

const tones: Record<string, Tone> = { open: 'info', paid: 'ok', closed: 'draft' }

export function Sales({ load }: { load: typeof listSales }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [undoing, setUndoing] = useState<Sale | null>(null)
  const sales = useQuery({ queryKey: ['sales'], queryFn: () => load({ limit: '20' }), refetchInterval: 10_000 })
  const rows = sales.data?.items ?? []
  const left = undoing ? undoing.price_fen - undoing.back_fen : 0
  const fits = { validator: (_: unknown, text?: string) => { const fen = parseYuan(text ?? '') ?? 0; return fen > 0 && fen <= left ? Promise.resolve() : Promise.reject(new Error(t('form.amount'))) } }
  return (
    <Card className="payments-gap" title={t('sales.title')} hint={t('sales.hint')} flush>
      {rows.length === 0 ? <Empty title={t('sales.none')}>{t('sales.noneHint')}</Empty> : (
        <DataTable
          label={t('sales.title')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'at', title: t('payments.at'), render: (row) => formatInstant(row.rung_at) },
            { key: 'store', title: t('statement.store'), render: (row) => <b>{row.store}</b> },
            { key: 'customer', title: t('payments.customer'), render: (row) => row.customer },
            { key: 'price', title: t('payments.price'), number: true, render: (row) => <b>{formatMoney(row.price_fen)}</b> },
            { key: 'off', title: t('payments.off'), number: true, render: (row) => (row.reduction_fen ? formatMoney(-row.reduction_fen) : '—') },
            { key: 'back', title: t('payments.back'), number: true, render: (row) => (row.back_fen ? formatMoney(row.back_fen) : '—') },
            { key: 'state', title: t('payments.state'), render: (row) => <StatusTag kind="sale" value={row.state} tone={tones[row.state]} /> },
            { key: 'act', title: '', render: (row) => (row.can ?? []).includes('give_back') && <Button size="small" onClick={() => setUndoing(row)}>{t('sales.giveBack')}</Button> },
          ]}
        />
      )}
      {undoing && (
        <Ask<{ yuan: string; reason: string }> title={t('sales.giveBack')} initial={{ yuan: (left / 100).toFixed(2) }} close={() => setUndoing(null)} submit={async ({ yuan, reason }) => { await giveSaleBack(undoing.id, parseYuan(yuan) ?? 0, reason); await cache.invalidateQueries({ queryKey: ['sales'] }) }}>
          <p className="second s13">{t('sales.giveBackHint')}</p>
          <Form.Item name="yuan" label={t('payments.price')} rules={[fits]}><Input prefix="¥" inputMode="decimal" autoComplete="off" /></Form.Item>
          <Form.Item name="reason" label={t('mall.reason')} rules={[{ required: true, whitespace: true, message: t('mall.reasonMissing') }]}><Input.TextArea rows={2} maxLength={80} /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
