/** One group buy: its terms and money, its groups with their seats, and stopping either with everything refunded. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getGroupBuy, listGroups, listSeats, stopGroup, stopGroupBuy, type Group, type GroupBuyPage as Page } from '@api/groupBuy'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { formatCount, formatDay, formatInstant, formatMoney, formatShare } from '@kit/format'
import { Card, Facts, Figures, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { GroupTag } from './GroupTag'
import { usePrice } from './usePrice'
import './groupBuys.css'

const STATES = ['open', 'full', 'complete', 'expired', 'stopped', 'refunded'] as const

export default function GroupBuyPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['group-buy', id], queryFn: () => getGroupBuy(id) })
  return <Loaded page query={query} rows={8}>{(page) => <Whole page={page} />}</Loaded>
}

function Whole({ page }: { page: Page }) {
  const { t } = useTranslation()
  const price = usePrice()
  const [stopping, setStopping] = useState(false)
  const { row, terms } = page
  const { figures } = row
  return (
    <>
      <PageHead
        title={row.name}
        crumbs={[{ label: t('menu.groupBuys'), to: '/group-buys' }, { label: row.name }]}
        meta={<><GroupTag value={row.state} /><span>{t('groupBuy.days', { opens: formatDay(row.opens_at), closes: formatDay(row.closes_at) })}</span><span>{t('groupBuy.by', { who: row.by })}</span></>}
        actions={row.can.includes('stop') && <Button danger onClick={() => setStopping(true)}>{t('groupBuy.stop')}</Button>}
      />
      {row.state === 'submitted' && row.change_id && <div className="above-list"><Note>{t('referral.waits')} <Link to={`/approvals/${row.change_id}`}>{t('referral.look')}</Link></Note></div>}
      <div className="grid">
        <div className="c12"><Figures items={[
          { label: t('groupBuy.completeGroups'), value: formatCount(figures.complete), hint: t('groupBuy.ofGroups', { share: formatShare(figures.complete, figures.groups) }) },
          { label: t('groupBuy.openGroups'), value: formatCount(figures.open), hint: t('groupBuy.seatsNow', { seats: formatCount(figures.seats), paid: formatCount(figures.paid) }) },
          { label: t('groupBuy.cashIn'), value: formatMoney(figures.cash_fen), hint: t('groupBuy.cashBackHint', { back: formatMoney(figures.refunded_fen), way: formatMoney(figures.refunding_fen) }) },
          { label: t('groupBuy.pointsKept'), value: formatCount(figures.points), hint: t('groupBuy.pointsHint') },
        ]} /></div>
        <Card className="c12" title={t('groupBuy.terms')}>
          <Facts left rows={[
            [t('groupBuy.benefit'), row.benefit],
            [t('groupBuy.price'), price(terms.points ?? 0, terms.cash_fen ?? 0)],
            [t('groupBuy.size'), t('groupBuy.people', { count: terms.size })],
            [t('groupBuy.left'), t('groupBuy.leftOf', { left: formatCount(row.left), stock: formatCount(row.stock) })],
            [t('groupBuy.personLimit'), formatCount(terms.person_limit ?? 1)],
            [t('groupBuy.hours'), t('groupBuy.hourCount', { count: terms.hours })],
            [t('groupBuy.payMinutes'), t('groupBuy.minuteCount', { count: terms.pay_minutes })],
            [t('groupBuy.title'), terms.title],
          ]} />
        </Card>
      </div>
      <Groups id={row.id} />
      {stopping && <StopAll page={page} close={() => setStopping(false)} />}
    </>
  )
}

function Groups({ id }: { id: string }) {
  const { t } = useTranslation()
  const [looked, setLooked] = useState<Group | null>(null)
  const [stopping, setStopping] = useState<Group | null>(null)
  return (
    <section className="group-list">
      <h2>{t('groupBuy.groups')}</h2>
      <DataList<Group>
        name="group_buy_groups"
        operation="list_group_buy_groups"
        label={t('groupBuy.groups')}
        fixed={{ programme_id: id }}
        load={(query) => listGroups({ ...query, programme_id: id })}
        rowKey={(row) => row.id}
        open={setLooked}
        searchHint={t('groupBuy.searchHint')}
        statuses={STATES.map((key) => ({ value: key, label: t(`groupBuy.states.${key}`) }))}
        columns={[
          { key: 'code', title: t('groupBuy.code'), field: 'code', render: (row) => <><b className="mono">{row.code}</b>{row.reason && <small>{row.reason === 'undeliverable' ? t('groupBuy.undeliverable') : row.reason}</small>}</> },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'groupBuy.states', render: (row) => <GroupTag value={row.state} /> },
          { key: 'seats', title: t('groupBuy.seats'), field: 'seats', number: true, render: (row) => <>{t('groupBuy.seatsOf', { seats: row.seats, size: row.size })}<small>{t('groupBuy.paidCount', { count: row.paid })}</small></> },
          { key: 'points', title: t('groupBuy.points'), field: 'points', number: true, render: (row) => (row.points ? formatCount(row.points) : '—') },
          { key: 'cash', title: t('groupBuy.cashIn'), field: 'cash_fen', format: 'yuan', number: true, render: (row) => (row.cash_fen ? formatMoney(row.cash_fen) : '—') },
          { key: 'back', title: t('groupBuy.cashBack'), field: 'refunded_fen', format: 'yuan', number: true, render: (row) => (row.refunding_fen + row.refunded_fen ? <>{formatMoney(row.refunded_fen)}{row.refunding_fen > 0 && <small>{t('groupBuy.onItsWay', { amount: formatMoney(row.refunding_fen) })}</small>}</> : '—') },
          { key: 'opened', title: t('groupBuy.opened'), field: 'opened_at', format: 'instant', render: (row) => formatInstant(row.opened_at) },
          { key: 'until', title: t('groupBuy.until'), field: 'expires_at', format: 'instant', render: (row) => formatInstant(row.ended_at ?? row.expires_at) },
          { key: 'can', title: '', render: (row) => row.can.includes('stop') && <Button size="small" danger onClick={(event) => { event.stopPropagation(); setStopping(row) }}>{t('groupBuy.stopOne')}</Button> },
        ]}
        empty={<Empty sign="search" title={t('groupBuy.noGroups')}>{t('groupBuy.noGroupsHint')}</Empty>}
      />
      {looked && <Seats group={looked} close={() => setLooked(null)} />}
      {stopping && <StopOne id={id} group={stopping} close={() => setStopping(null)} />}
    </section>
  )
}

/** Who sits or sat in a group, by masked name. */
function Seats({ group, close }: { group: Group; close: () => void }) {
  const { t } = useTranslation()
  const price = usePrice()
  const query = useQuery({ queryKey: ['group-seats', group.id], queryFn: () => listSeats(group.id) })
  return (
    <Modal open title={t('groupBuy.seatsOfGroup', { code: group.code })} onCancel={close} footer={null} destroyOnHidden>
      <Loaded query={query} rows={3}>{(page) => (
        <ul className="group-seats">
          {page.items.map((seat) => (
            <li key={seat.id}>
              <div>{seat.name == null ? <span className="muted">{t('around.elsewhere')}</span> : <Link className="name" to={`/customers/${seat.seq}`}>{seat.name}</Link>} <GroupTag value={seat.state} /><p className="small muted">{formatInstant(seat.reserved_at)}{seat.paid_at ? ` · ${t('groupBuy.paidAt', { at: formatInstant(seat.paid_at) })}` : seat.state === 'reserved' ? ` · ${t('groupBuy.payBy', { at: formatInstant(seat.pay_by) })}` : ''}</p></div>
              <b>{price(seat.points, seat.cash_fen)}</b>
            </li>
          ))}
        </ul>
      )}</Loaded>
    </Modal>
  )
}

function StopOne({ id, group, close }: { id: string; group: Group; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const submit = async ({ reason }: { reason: string }) => {
    await stopGroup(group.id, reason)
    await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('group_buy_groups') || (queryKey[0] === 'group-buy' && queryKey[1] === id) })
    void message.success(t('groupBuy.stopped'))
  }
  return (
    <Ask<{ reason: string }> title={t('groupBuy.stopOneTitle', { code: group.code })} submit={submit} close={close} danger action={t('groupBuy.stopOne')}>
      <div className="group-gap"><Note kind="warning">{t('groupBuy.stopOneHint', { paid: group.paid })}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}

function StopAll({ page, close }: { page: Page; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await stopGroupBuy(page.row.id, reason)
    await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('group_buy_groups') || (queryKey[0] === 'group-buy' && queryKey[1] === page.row.id) })
  }
  return (
    <Ask<{ reason: string }> title={t('groupBuy.stop')} submit={submit} close={close} danger action={t('groupBuy.stop')} typed={page.row.name}>
      <div className="group-gap"><Note kind="warning">{t('groupBuy.stopHint', { open: page.row.figures.open })}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}
