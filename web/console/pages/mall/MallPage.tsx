/** The mall: what stands on its shelf at which price, and who ordered it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listMallOrders, listShelf, takeOff, type ShelfItem } from '@api/mall'
import { getSchemes } from '@api/tiers'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { AfterSales } from './AfterSales'
import { ShelfForm } from './ShelfForm'
import './mall.css'

const tones: Record<string, Tone> = { submitted: 'info', on_shelf: 'ok', taken_off: 'draft', refused: 'bad', paid: 'ok', refunding: 'warn', refunded: 'draft' }

export default function MallPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const shelf = useQuery({ queryKey: ['mall-shelf'], queryFn: listShelf })
  const items = shelf.data?.items ?? []
  return (
    <>
      <PageHead title={t('menu.mall')} meta={t('mall.meta')} actions={may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('mall.add')}</Button>} />
      <Loaded query={shelf} rows={6}>{({ items: rows }) => <Shelf rows={rows} />}</Loaded>
      {may('order.read') && <AfterSales />}
      <DataList
        name="mall-orders"
        searchHint={t('mall.search')}
        operation="list_mall_orders"
        label={t('mall.orders')}
        load={listMallOrders}
        rowKey={(row) => row.id}
        open={(row) => may('customer.read') && void navigate({ to: `/customers/${row.seq}` })}
        statuses={['paid', 'refunding', 'refunded'].map((value) => ({ value, label: t(`status.mallOrder.${value}`) }))}
        filters={(state) => <Select allowClear aria-label={t('mall.benefit')} placeholder={t('mall.benefit')} className="mall-filter" value={state.params.shelf_item_id || undefined} options={items.map((one) => ({ value: one.id, label: say(one.benefit, one.benefit_en) }))} onChange={(value?: string) => state.change({ shelf_item_id: value })} />}
        columns={[
          { key: 'at', title: t('mall.at'), field: 'ordered_at', format: 'instant', render: (row) => formatInstant(row.ordered_at) },
          { key: 'benefit', title: t('mall.benefit'), field: 'benefit', render: (row) => <b>{say(row.benefit, row.benefit_en)}</b> },
          { key: 'customer', title: t('mall.customer'), field: 'customer', render: (row) => row.customer },
          { key: 'points', title: t('mall.points'), number: true, field: 'points', render: (row) => formatCount(row.points) },
          { key: 'cash', title: t('mall.cash'), number: true, field: 'cash_fen', format: 'yuan', render: (row) => row.cash_fen > 0 ? formatMoney(row.cash_fen) : '—' },
          { key: 'state', title: t('mall.state'), field: 'state', words: 'mallOrder', render: (row) => <StatusTag kind="mallOrder" value={row.state} tone={tones[row.state]} /> },
        ]}
        empty={<Empty title={t('mall.noOrders')}>{t('mall.noOrdersHint')}</Empty>}
      />
      {adding && <ShelfForm close={() => setAdding(false)} />}
    </>
  )
}

function Shelf({ rows }: { rows: ShelfItem[] }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [leaving, setLeaving] = useState<ShelfItem | null>(null)
  const schemes = useQuery({ queryKey: ['tier-scheme'], queryFn: getSchemes, enabled: may('tier.read') })
  const level = (key: string) => { const found = schemes.data?.in_force?.tiers.find((one) => one.key === key); return say(found?.name, found?.name_en) || key }
  if (rows.length === 0) return <Card className="mall-shelf"><Empty title={t('mall.none')}>{t('mall.noneHint')}</Empty></Card>
  return (
    <Card className="mall-shelf" title={t('mall.shelf')} hint={t('mall.shelfHint')} flush>
      <DataTable
        label={t('mall.shelf')}
        rows={rows}
        rowKey={(row) => row.id}
        open={(row) => row.change_id && may('approval.read') && void navigate({ to: `/approvals/${row.change_id}` })}
        columns={[
          { key: 'benefit', title: t('mall.benefit'), render: (row) => <><b>{say(row.benefit, row.benefit_en)}</b>{row.tier && <small>{t('mall.fromLevel', { level: level(row.tier) })}</small>}</> },
          { key: 'points', title: t('mall.points'), number: true, render: (row) => <>{formatCount(row.points)}{row.cash_fen > 0 && <small>+ {formatMoney(row.cash_fen)}</small>}</> },
          { key: 'left', title: t('mall.left'), number: true, render: (row) => <>{row.state === 'on_shelf' && row.left === 0 ? <b className="warn">{t('mall.gone')}</b> : formatCount(row.left)}<small>{t('mall.of', { stock: formatCount(row.stock) })}</small></> },
          { key: 'limit', title: t('mall.limit'), number: true, render: (row) => formatCount(row.person_limit) },
          { key: 'window', title: t('mall.window'), render: (row) => `${formatDay(row.opens_at)} – ${formatDay(row.closes_at)}` },
          { key: 'state', title: t('mall.state'), render: (row) => <StatusTag kind="mallItem" value={row.state} tone={tones[row.state]} /> },
          { key: 'act', title: '', render: (row) => row.can.includes('take_off') && <Button size="small" onClick={() => setLeaving(row)}>{t('mall.takeOff')}</Button> },
        ]}
      />
      {leaving && (
        <Ask<{ reason: string }>
          title={t('mall.takeOff')}
          danger
          submit={async ({ reason }) => { await takeOff(leaving.id, reason); await cache.invalidateQueries({ queryKey: ['mall-shelf'] }) }}
          close={() => setLeaving(null)}
        >
          <p className="second s13">{t('mall.takeOffHint', { benefit: say(leaving.benefit, leaving.benefit_en) })}</p>
          <Form.Item name="reason" label={t('mall.reason')} rules={[{ required: true, whitespace: true, message: t('mall.reasonMissing') }]}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
        </Ask>
      )}
    </Card>
  )
}
