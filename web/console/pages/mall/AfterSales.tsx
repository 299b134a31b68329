/** Customers who want an order undone: what would go back, and what is decided and told. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decideAfterSale, listAfterSales, type AfterSale } from '@api/mall'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatMoney, formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'

const tones: Record<string, Tone> = { asked: 'warn', agreed: 'ok', refused: 'draft' }

export function AfterSales() {
  const { t } = useTranslation()
  const say = useBilingual()
  const cache = useQueryClient()
  const [deciding, setDeciding] = useState<AfterSale | null>(null)
  const query = useQuery({ queryKey: ['after-sales'], queryFn: listAfterSales, refetchInterval: 15_000 })
  const back = (row: AfterSale) => [row.points > 0 && t('mall.pointsOf', { shown: formatCount(row.points) }), row.cash_fen > 0 && formatMoney(row.cash_fen)].filter(Boolean).join(' + ')
  return (
    <Card className="mall-shelf" title={t('mall.afterSales')} hint={t('mall.afterSalesHint')} flush>
      <Loaded query={query} rows={2}>{({ items }) => items.length === 0 ? <div className="mall-pad"><Empty title={t('mall.noAfterSales')}>{t('mall.noAfterSalesHint')}</Empty></div> : (
        <DataTable
          label={t('mall.afterSales')}
          rows={items}
          rowKey={(row) => row.id}
          columns={[
            { key: 'benefit', title: t('mall.benefit'), render: (row) => <><b>{say(row.benefit, row.benefit_en)}</b><small>{row.customer}</small></> },
            { key: 'reason', title: t('mall.ask'), render: (row) => <>{row.reason}<small>{formatRecent(row.asked_at)}</small></> },
            { key: 'back', title: t('mall.goesBack'), render: (row) => <>{back(row)}<small>{t(`status.grant.${row.grant_state}`)}</small></> },
            { key: 'state', title: t('mall.state'), render: (row) => <><StatusTag kind="afterSale" value={row.state} tone={tones[row.state]} />{row.answer && <small>{row.answer}</small>}</> },
            { key: 'act', title: '', render: (row) => row.can.includes('decide') && <Button size="small" onClick={() => setDeciding(row)}>{t('mall.decide')}</Button> },
          ]}
        />
      )}</Loaded>
      {deciding && (
        <Ask<{ verdict: 'agree' | 'refuse'; returns_stock?: boolean; answer: string }>
          title={t('mall.decide')}
          initial={{ verdict: 'agree', returns_stock: deciding.grant_state === 'fulfilled' }}
          submit={async ({ verdict, returns_stock, answer }) => {
            await decideAfterSale({ after_sale_id: deciding.id, agree: verdict === 'agree', returns_stock: verdict === 'agree' && (returns_stock ?? false), answer })
            await cache.invalidateQueries({ queryKey: ['after-sales'] })
            await cache.invalidateQueries({ queryKey: ['mall-orders'] })
          }}
          close={() => setDeciding(null)}
        >
          <p className="second s13">{say(deciding.benefit, deciding.benefit_en)} · {t('mall.goesBack')} {back(deciding)}</p>
          <Form.Item name="verdict" label={t('mall.verdict')}><Radio.Group options={[{ value: 'agree', label: t('mall.agree') }, { value: 'refuse', label: t('mall.refuse') }]} /></Form.Item>
          <Form.Item name="returns_stock" valuePropName="checked"><Checkbox>{t('mall.returnsStock')}</Checkbox></Form.Item>
          <Form.Item name="answer" label={t('mall.answer')} rules={[{ required: true, whitespace: true, message: t('mall.reasonMissing') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
