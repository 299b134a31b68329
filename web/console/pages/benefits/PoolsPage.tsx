/** Stock in pools: available + reserved + used + allocated to children = total. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addStock, allocateStock, giveBackStock, listPools, listSkus, openPool, type Pool } from '@api/benefits'
import { every } from '@api/every'
import { useSession } from '@console/app/session'
import { useSkuName } from '@console/app/useWords'
import { UnitSelect, unitsQuery, useUnitName } from '@console/app/units'
import { Ask } from '@kit/ask'
import { Burn } from '@kit/Burn'
import { DataTable } from '@kit/DataTable'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { useNeeded } from './CatalogueForms'
import { placed } from './tree'

type Move = 'add_stock' | 'allocate' | 'give_back'

export default function PoolsPage() {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const { may } = useSession()
  const query = useQuery({ queryKey: ['pools'], queryFn: listPools, refetchInterval: 15_000 })
  const skus = useQuery({ queryKey: ['skus', 'every'], queryFn: () => every(listSkus) })
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const [opening, setOpening] = useState<Pool | 'root' | null>(null)
  const [moving, setMoving] = useState<{ pool: Pool; move: Move } | null>(null)
  const skuName = (id: string) => { const sku = skus.data?.items.find((each) => each.id === id); return sku ? skuLabel(sku) : '…' }
  const unitName = (id: number) => { const unit = units.data?.items.find((each) => each.id === id); return unit ? nameOf(unit) : String(id) }
  const create = may('benefit.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpening('root')}>{t('pool.open')}</Button>
  return (
    <>
      <PageHead title={t('menu.pools')} meta={<span>{t('pool.hint')}</span>} actions={create} />
      <div className="card">
        <Loaded query={query} rows={8}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty title={t('pool.none')} actions={create}>{t('pool.noneHint')}</Empty>
            ) : (
              <DataTable
                label={t('menu.pools')}
                rows={placed(page.items)}
                rowKey={({ node }) => node.id}
                columns={[
                  { key: 'name', title: t('pool.name'), render: ({ node, depth }) => <span style={{ paddingLeft: depth * 24, display: 'block' }}><b style={{ fontWeight: depth ? 400 : 600 }}>{node.name}</b><small>{skuName(node.sku_id)} · {unitName(node.unit_id)}</small></span> },
                  { key: 'burn', title: t('pool.burn'), width: 180, render: ({ node }) => <Burn label={node.name} spent={node.used} held={node.reserved + node.allocated} limit={node.total} /> },
                  { key: 'available', title: t('pool.available'), number: true, render: ({ node }) => <b>{formatCount(node.available)}</b> },
                  { key: 'reserved', title: t('pool.reserved'), number: true, render: ({ node }) => formatCount(node.reserved) },
                  { key: 'used', title: t('pool.used'), number: true, render: ({ node }) => formatCount(node.used) },
                  { key: 'allocated', title: t('pool.allocated'), number: true, render: ({ node }) => formatCount(node.allocated) },
                  { key: 'total', title: t('pool.total'), number: true, render: ({ node }) => formatCount(node.total) },
                  { key: 'actions', title: '', render: ({ node }) => <span className="row">{(['add_stock', 'allocate', 'give_back'] as const).filter((move) => node.can.includes(move) && (move !== 'allocate' || page.items.some((child) => child.parent_id === node.id))).map((move) => <Button key={move} size="small" onClick={() => setMoving({ pool: node, move })}>{t(`pool.moves.${move}`)}</Button>)}{node.can.includes('allocate') && <Button size="small" onClick={() => setOpening(node)}>{t('pool.openBelow')}</Button>}</span> },
                ]}
              />
            )
          }
        </Loaded>
      </div>
      {opening && <OpenPool parent={opening === 'root' ? null : opening} close={() => setOpening(null)} />}
      {moving && <MoveStock {...moving} pools={query.data?.items ?? []} close={() => setMoving(null)} />}
    </>
  )
}

interface OpenValues {
  sku_id: string
  unit_id: number
  name: string
  quantity: number
}

function OpenPool({ parent, close }: { parent: Pool | null; close: () => void }) {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const cache = useQueryClient()
  const skus = useQuery({ queryKey: ['skus', 'choices'], queryFn: () => every(listSkus, { status: 'published' }) })
  const submit = async (values: OpenValues) => {
    await openPool({ ...values, sku_id: parent?.sku_id ?? values.sku_id, parent_id: parent?.id ?? null })
    await cache.invalidateQueries({ queryKey: ['pools'] })
  }
  return (
    <Ask<OpenValues> title={parent ? `${t('pool.openBelow')} · ${parent.name}` : t('pool.open')} submit={submit} close={close} action={t('action.save')}>
      {!parent && <Form.Item name="sku_id" label={t('campaign.sku')} rules={needed(t('campaign.sku'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(skus.data?.items ?? []).map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} /></Form.Item>}
      <Form.Item name="name" label={t('pool.name')} rules={needed(t('pool.name'))}><Input maxLength={60} /></Form.Item>
      <Form.Item name="unit_id" label={t('customer.unit')} rules={needed(t('customer.unit'))}><UnitSelect /></Form.Item>
      <Form.Item name="quantity" label={t('pool.quantity')} extra={parent ? t('pool.fromParent', { shown: formatCount(parent.available) }) : undefined} rules={needed(t('pool.quantity'))}><InputNumber style={{ width: '100%' }} min={0} max={parent?.available} precision={0} controls={false} suffix={t('unit.pieces')} /></Form.Item>
    </Ask>
  )
}

function MoveStock({ pool, move, pools, close }: { pool: Pool; move: Move; pools: Pool[]; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const children = pools.filter((each) => each.parent_id === pool.id)
  const submit = async ({ quantity, child_id }: { quantity: number; child_id?: string }) => {
    if (move === 'add_stock') await addStock(pool.id, quantity)
    else if (move === 'allocate') await allocateStock(pool.id, child_id ?? '', quantity)
    else await giveBackStock(pool.parent_id ?? '', pool.id, quantity)
    await cache.invalidateQueries({ queryKey: ['pools'] })
  }
  return (
    <Ask<{ quantity: number; child_id?: string }> title={`${t(`pool.moves.${move}`)} · ${pool.name}`} submit={submit} close={close}>
      {move === 'allocate' && <Form.Item name="child_id" label={t('pool.to')} rules={needed(t('pool.to'))}><Select options={children.map((child) => ({ value: child.id, label: child.name }))} /></Form.Item>}
      <Form.Item name="quantity" label={t('pool.quantity')} extra={move === 'add_stock' ? undefined : t('pool.fromParent', { shown: formatCount(pool.available) })} rules={needed(t('pool.quantity'))}>
        <InputNumber style={{ width: '100%' }} min={1} max={move === 'add_stock' ? undefined : pool.available} precision={0} controls={false} suffix={t('unit.pieces')} autoFocus />
      </Form.Item>
    </Ask>
  )
}
