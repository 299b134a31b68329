/** Group buys: what is bought together at which price, how many groups are complete, what came in and went back. */
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listGroupBuys, type GroupBuy } from '@api/groupBuy'
import { useSession } from '@console/app/session'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { GroupTag } from './GroupTag'
import { usePrice } from './usePrice'

const STATES = ['live', 'submitted', 'stopped', 'refused'] as const

export default function GroupBuysPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const price = usePrice()
  const navigate = useNavigate()
  const add = may('campaign.submit') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/group-buys/new' })}>{t('groupBuy.new')}</Button>
  return (
    <DataPage<GroupBuy>
      name="group_buys"
      operation="list_group_buys"
      title={t('menu.groupBuys')}
      label={t('menu.groupBuys')}
      meta={<span>{t('groupBuy.meta')}</span>}
      actions={add}
      load={listGroupBuys}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/group-buys/${row.id}` })}
      statuses={STATES.map((key) => ({ value: key, label: t(`groupBuy.states.${key}`) }))}
      columns={[
        { key: 'name', title: t('groupBuy.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{t('groupBuy.days', { opens: formatDay(row.opens_at), closes: formatDay(row.closes_at) })}</small></> },
        { key: 'state', title: t('campaign.state'), field: 'state', words: 'groupBuy.states', render: (row) => <GroupTag value={row.state} /> },
        { key: 'benefit', title: t('groupBuy.benefit'), field: 'benefit', render: (row) => <>{row.benefit}<small>{t('groupBuy.sizeAndPrice', { size: row.size, price: price(row.points, row.cash_fen) })}</small></> },
        { key: 'left', title: t('groupBuy.left'), field: 'left', number: true, render: (row) => <>{formatCount(row.left)}<small>{t('groupBuy.of', { stock: formatCount(row.stock) })}</small></> },
        { key: 'open', title: t('groupBuy.openGroups'), field: 'figures.open', number: true, render: (row) => formatCount(row.figures.open) },
        { key: 'complete', title: t('groupBuy.completeGroups'), field: 'figures.complete', number: true, render: (row) => <b>{formatCount(row.figures.complete)}</b> },
        { key: 'cash', title: t('groupBuy.cashIn'), field: 'figures.cash_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.figures.cash_fen) },
        { key: 'back', title: t('groupBuy.cashBack'), field: 'figures.refunded_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.figures.refunded_fen) },
      ]}
      empty={<Empty title={t('groupBuy.none')} actions={add}>{t('groupBuy.noneHint')}</Empty>}
    />
  )
}
