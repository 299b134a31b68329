/** Budgets as a tree: available + reserved + committed = limit, to the fen. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fundBudget, listBudgets, openBudget, shiftBudget, type Budget } from '@api/benefits'
import { useSession } from '@console/app/session'
import { UnitSelect, unitsQuery, useUnitName } from '@console/app/units'
import { Ask } from '@kit/ask'
import { Burn } from '@kit/Burn'
import { DataTable } from '@kit/DataTable'
import { formatMoney, formatYuan } from '@kit/format'
import { Money } from '@kit/Headline'
import { Icon } from '@kit/icons'
import { Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { useNeeded } from './CatalogueForms'
import { placed } from './tree'

type Move = 'fund' | 'allocate' | 'give_back'

export default function BudgetsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const query = useQuery({ queryKey: ['budgets'], queryFn: listBudgets, refetchInterval: 15_000 })
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const [opening, setOpening] = useState<Budget | 'root' | null>(null)
  const [moving, setMoving] = useState<{ budget: Budget; move: Move } | null>(null)
  const unitName = (id: number) => { const unit = units.data?.items.find((each) => each.id === id); return unit ? nameOf(unit) : String(id) }
  const create = may('budget.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpening('root')}>{t('budget.open')}</Button>
  return (
    <>
      <PageHead title={t('menu.budgets')} meta={<span>{t('budget.hint')}</span>} actions={create} />
      {query.data && query.data.items.length > 0 && <Sums budgets={query.data.items} />}
      <div className="card">
        <Loaded query={query} rows={8}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty title={t('budget.none')} actions={create}>{t('budget.noneHint')}</Empty>
            ) : (
              <DataTable
                label={t('menu.budgets')}
                rows={placed(page.items)}
                rowKey={({ node }) => node.id}
                columns={[
                  { key: 'name', title: t('budget.name'), render: ({ node, depth }) => <span style={{ paddingLeft: depth * 24, display: 'block' }}><b style={{ fontWeight: depth ? 400 : 600 }}>{node.name}</b><small>{unitName(node.unit_id)}</small></span> },
                  { key: 'burn', title: t('pool.burn'), width: 180, render: ({ node }) => <Burn label={node.name} spent={node.committed_fen} held={node.reserved_fen} limit={node.limit_fen} /> },
                  { key: 'available', title: t('budget.available'), number: true, render: ({ node }) => <b>{formatYuan(node.available_fen)}</b> },
                  { key: 'reserved', title: t('budget.reserved'), number: true, render: ({ node }) => formatYuan(node.reserved_fen) },
                  { key: 'committed', title: t('budget.committed'), number: true, render: ({ node }) => formatYuan(node.committed_fen) },
                  { key: 'limit', title: t('budget.limit'), number: true, render: ({ node }) => formatYuan(node.limit_fen) },
                  { key: 'actions', title: '', render: ({ node }) => <span className="row">{(['fund', 'allocate', 'give_back'] as const).filter((move) => node.can.includes(move) && (move !== 'allocate' || page.items.some((child) => child.parent_id === node.id))).map((move) => <Button key={move} size="small" onClick={() => setMoving({ budget: node, move })}>{t(`budget.moves.${move}`)}</Button>)}{node.can.includes('allocate') && <Button size="small" onClick={() => setOpening(node)}>{t('budget.openBelow')}</Button>}</span> },
                ]}
              />
            )
          }
        </Loaded>
      </div>
      {opening && <OpenBudget parent={opening === 'root' ? null : opening} close={() => setOpening(null)} />}
      {moving && <MoveMoney {...moving} budgets={query.data?.items ?? []} close={() => setMoving(null)} />}
    </>
  )
}

/** Sums of what stands at every level: a child's limit has left its parent, so all rows together are the whole. */
function Sums({ budgets }: { budgets: Budget[] }) {
  const { t } = useTranslation()
  const sum = (key: 'limit_fen' | 'available_fen' | 'reserved_fen' | 'committed_fen') => budgets.reduce((all, budget) => all + budget[key], 0)
  return (
    <Figures
      items={[
        { label: t('budget.limitAll'), value: <Money fen={sum('limit_fen')} /> },
        { label: t('budget.committedAll'), value: <Money fen={sum('committed_fen')} /> },
        { label: t('budget.reservedAll'), value: <Money fen={sum('reserved_fen')} /> },
        { label: t('budget.availableAll'), value: <Money fen={sum('available_fen')} /> },
      ]}
    />
  )
}

interface OpenValues {
  name: string
  unit_id: number
  yuan: number
}

function OpenBudget({ parent, close }: { parent: Budget | null; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ name, unit_id, yuan }: OpenValues) => {
    await openBudget({ name, unit_id, limit_fen: Math.round(yuan * 100), parent_id: parent?.id ?? null })
    await cache.invalidateQueries({ queryKey: ['budgets'] })
  }
  return (
    <Ask<OpenValues> title={parent ? `${t('budget.openBelow')} · ${parent.name}` : t('budget.open')} submit={submit} close={close} action={t('action.save')}>
      <Form.Item name="name" label={t('budget.name')} rules={needed(t('budget.name'))}><Input maxLength={60} /></Form.Item>
      <Form.Item name="unit_id" label={t('customer.unit')} rules={needed(t('customer.unit'))}><UnitSelect /></Form.Item>
      <Form.Item name="yuan" label={t('budget.amount')} extra={parent ? t('budget.fromParent', { amount: formatMoney(parent.available_fen) }) : undefined} rules={needed(t('budget.amount'))}><InputNumber style={{ width: '100%' }} min={0} precision={2} controls={false} suffix={t('unit.yuan')} /></Form.Item>
    </Ask>
  )
}

function MoveMoney({ budget, move, budgets, close }: { budget: Budget; move: Move; budgets: Budget[]; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const children = budgets.filter((each) => each.parent_id === budget.id)
  const submit = async ({ yuan, child_id }: { yuan: number; child_id?: string }) => {
    const amount = Math.round(yuan * 100)
    const child = children.find((each) => each.id === child_id)
    if (move === 'fund') await fundBudget(budget.id, amount)
    else if (move === 'allocate' && child) await shiftBudget('allocations', budget.id, child.id, amount, child.limit_fen)
    else if (budget.parent_id) await shiftBudget('give-backs', budget.parent_id, budget.id, amount, budget.limit_fen)
    await cache.invalidateQueries({ queryKey: ['budgets'] })
  }
  return (
    <Ask<{ yuan: number; child_id?: string }> title={`${t(`budget.moves.${move}`)} · ${budget.name}`} submit={submit} close={close}>
      {move === 'allocate' && <Form.Item name="child_id" label={t('pool.to')} rules={needed(t('pool.to'))}><Select options={children.map((child) => ({ value: child.id, label: `${child.name} · ${formatMoney(child.limit_fen)}` }))} /></Form.Item>}
      <Form.Item name="yuan" label={t('budget.amount')} extra={move === 'fund' ? undefined : t('budget.fromParent', { amount: formatMoney(budget.available_fen) })} rules={needed(t('budget.amount'))}>
        <InputNumber style={{ width: '100%' }} min={0.01} precision={2} controls={false} suffix={t('unit.yuan')} autoFocus />
      </Form.Item>
    </Ask>
  )
}
