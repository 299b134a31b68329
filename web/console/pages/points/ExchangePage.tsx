/** Exchange of points: rates of two people, what is set aside, what was exchanged, where partners' books differ. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listCards, listDifferences, listPartners, listTrades, requestCard, requestFunding, requestPartner, settleDifference, type CardStanding, type Difference, type ExchangeNames, type Partner } from '@api/exchange'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { CardDialog } from './CardDialog'
import { PointsTag } from './PointsTag'
import { Waiting } from './Waiting'
import './points.css'

type Tab = 'cards' | 'trades' | 'differences' | 'partners'
const OPEN: Record<string, '' | 'ok' | 'warn' | 'bad'> = { live: 'ok', done: 'ok', asked: 'warn', sent: 'warn', unknown: 'warn', reversing: 'warn', borne: 'bad' }

function useNames(names: ExchangeNames) {
  const say = useBilingual()
  return (code: string) => {
    const found = names[code]
    return found ? say(found.name, found.name_en) : code
  }
}

export default function ExchangePage() {
  const { t } = useTranslation()
  const [tab, setTab] = useState<Tab>('cards')
  const pages = { cards: <Cards />, trades: <TradesTab />, differences: <Differences />, partners: <Partners /> }
  return (
    <>
      <PageHead title={t('exchange.title')} meta={t('exchange.meta')} />
      <Tabs activeKey={tab} onChange={(key) => setTab(key as Tab)} items={(['cards', 'trades', 'differences', 'partners'] as const).map((key) => ({ key, label: t(`exchange.tabs.${key}`) }))} />
      {pages[tab]}
    </>
  )
}

function Cards() {
  const { t } = useTranslation()
  const [editing, setEditing] = useState<CardStanding | 'new' | null>(null)
  const [ending, setEnding] = useState<CardStanding | null>(null)
  const [funding, setFunding] = useState<CardStanding | null>(null)
  const query = useQuery({ queryKey: ['exchange-cards'], queryFn: listCards })
  const write = query.data?.can.includes('write')
  return (
    <>
      {write && <p className="row points-tools"><Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('exchange.newCard')}</Button></p>}
      <Loaded query={query} rows={4}>
        {({ items, requests, fundings, names }) => (
          <>
            <Waiting requests={[...requests, ...fundings]} />
            <Card flush>{items.length === 0 ? <Empty title={t('exchange.none')}>{t('exchange.noneHint')}</Empty> : <CardRows rows={items} names={names} write={write ?? false} edit={setEditing} end={setEnding} fund={setFunding} />}</Card>
          </>
        )}
      </Loaded>
      {editing && <CardDialog held={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
      {ending && <EndDialog held={ending} close={() => setEnding(null)} />}
      {funding && query.data && <FundDialog held={funding} names={query.data.names} close={() => setFunding(null)} />}
    </>
  )
}

interface RowsProps {
  rows: CardStanding[]
  names: ExchangeNames
  write: boolean
  edit: (row: CardStanding) => void
  end: (row: CardStanding) => void
  fund: (row: CardStanding) => void
}

function CardRows({ rows, names, write, edit, end, fund }: RowsProps) {
  const { t } = useTranslation()
  const say = useBilingual()
  const name = useNames(names)
  const limits = ({ card }: CardStanding) => (['person_day', 'person_month', 'all_day', 'all_month'] as const).filter((key) => card[key]).map((key) => `${t(`exchange.${key}`)} ${formatCount(card[key] ?? 0)}`).join(' · ') || t('exchange.noLimit')
  return (
    <DataTable
      label={t('exchange.tabs.cards')}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'card', title: t('exchange.card'), render: ({ card }) => <><b>{say(card.name, card.name_en)}</b><small>{card.partner ? `${t(`exchange.directions.${card.direction ?? 'own'}`)} · ${card.partner}` : t('exchange.directions.own')}</small></> },
        { key: 'rate', title: t('exchange.rate'), render: ({ card }) => <>{t('exchange.rateOf', { takes: formatCount(card.takes), source: name(card.source), gives: formatCount(card.gives), target: name(card.target) })}{(card.tiers ?? []).map((one) => <small key={one.tier} title={one.reason}>{t('exchange.tierOf', { tier: one.tier, takes: formatCount(one.takes), gives: formatCount(one.gives) })}</small>)}<small>{card.until_on ? t('exchange.span', { from: formatDay(card.from_on), until: formatDay(card.until_on) }) : t('exchange.always', { from: formatDay(card.from_on) })}</small></> },
        { key: 'fee', title: t('exchange.fee'), render: ({ card }) => (card.fee_rate || card.fee_min ? <>{t('exchange.feeOf', { rate: (card.fee_rate ?? 0) / 100 })}{card.fee_min ? <small>{t('exchange.feeLeast', { count: card.fee_min })}</small> : null}</> : t('exchange.noFee')) },
        { key: 'limits', title: t('exchange.limits'), render: limits },
        { key: 'liquidity', title: t('exchange.liquidity'), number: true, render: (row) => (row.liquidity > 0 ? formatCount(row.liquidity) : <PointsTag tone="bad">{t('exchange.dry')}</PointsTag>) },
        { key: 'month', title: t('exchange.month'), render: (row) => <>{t('exchange.monthOf', { trades: formatCount(row.trades), points: formatCount(row.points), count: row.points })}{row.on_the_way > 0 && <small>{t('exchange.waiting', { count: row.on_the_way })}</small>}<Cost row={row} /></> },
        { key: 'state', title: t('exchange.state'), render: (row) => <PointsTag tone={OPEN[row.state] ?? ''}>{t(`exchange.states.${row.state}`)}</PointsTag> },
        { key: 'edit', title: '', render: (row) => write && row.state === 'live' && <span className="row"><Button size="small" onClick={() => fund(row)}>{t('exchange.fund')}</Button><Button size="small" onClick={() => edit(row)}>{t('points.edit')}</Button><Button size="small" onClick={() => end(row)}>{t('exchange.endCard')}</Button></span> },
      ]}
    />
  )
}

function Cost({ row }: { row: CardStanding }) {
  const { t } = useTranslation()
  const cap = row.card.cost_month_fen ?? 0
  if (!row.cost_fen && !cap) return null
  const said = t(cap ? 'exchange.costCap' : 'exchange.costOf', { cost: formatMoney(row.cost_fen), cap: formatMoney(cap) })
  return <small>{row.alarmed ? <PointsTag tone="warn">{said}</PointsTag> : said}</small>
}

function Reason() {
  const { t } = useTranslation()
  return <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={2} maxLength={500} showCount /></Form.Item>
}

function EndDialog({ held, close }: { held: CardStanding; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await requestCard({ id: held.id, card: held.card, state: 'ended', reason })
    await cache.invalidateQueries({ queryKey: ['exchange-cards'] })
  }
  return <Ask<{ reason: string }> title={t('exchange.endCard')} submit={submit} close={close} action={t('points.request')} danger><p className="second s13">{t('exchange.endHint')}</p><Reason /></Ask>
}

function FundDialog({ held, names, close }: { held: CardStanding; names: ExchangeNames; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const name = useNames(names)
  const cache = useQueryClient()
  const submit = async (values: { points: number; reason: string }) => {
    await requestFunding({ currency: held.card.target, partner: held.card.partner ?? '', ...values })
    await cache.invalidateQueries({ queryKey: ['exchange-cards'] })
    void message.success(t('points.requested'))
  }
  return (
    <Ask<{ points: number; reason: string }> title={t('exchange.fundOf', { name: name(held.card.target) })} submit={submit} close={close} action={t('points.request')}>
      <p className="second s13">{t('exchange.liquidity')} {formatCount(held.liquidity)}</p>
      <Form.Item name="points" label={t('exchange.fundPoints')} extra={t('exchange.fundHint')} rules={[{ required: true, message: t('points.needed') }]}><InputNumber min={-1_000_000_000} max={1_000_000_000} precision={0} /></Form.Item>
      <Reason />
    </Ask>
  )
}

function TradesTab() {
  const { t } = useTranslation()
  const query = useInfiniteQuery({ queryKey: ['exchange-trades'], queryFn: ({ pageParam }) => listTrades(pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: (page) => page.next ?? undefined })
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const name = useNames(query.data?.pages[0]?.names ?? {})
  return (
    <>
    <Waiting requests={query.data?.pages[0]?.releases ?? []} />
    <Card flush>
      <Loaded query={query} rows={6}>
        {() => (rows.length === 0 ? <Empty title={t('exchange.noTrades')}>{t('exchange.noTradesHint')}</Empty> : (
          <DataTable
            label={t('exchange.tabs.trades')}
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { key: 'number', title: t('exchange.trade'), render: (row) => <span className="mono">{row.id.replaceAll('-', '').slice(-12).toUpperCase()}</span> },
              { key: 'customer', title: t('exchange.customer'), render: (row) => <Link to={`/customers/${row.seq}/points`}>{row.seq}</Link> },
              { key: 'put', title: t('exchange.put'), number: true, render: (row) => <>{formatCount(row.points)}<small>{name(row.source)}</small></> },
              { key: 'fee', title: t('exchange.fee'), number: true, render: (row) => formatCount(row.fee) },
              { key: 'got', title: t('exchange.got'), number: true, render: (row) => <>{formatCount(row.gained)}<small>{name(row.target)}</small></> },
              { key: 'state', title: t('exchange.state'), render: (row) => <PointsTag tone={OPEN[row.state] ?? ''}>{t(`exchange.states.${row.state}`)}</PointsTag> },
              { key: 'time', title: t('exchange.time'), render: (row) => formatInstant(row.asked_at) },
            ]}
          />
        ))}
      </Loaded>
      {query.hasNextPage && <p className="row points-more"><Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('exchange.more')}</Button></p>}
    </Card>
    </>
  )
}

function Differences() {
  const { t } = useTranslation()
  const [settling, setSettling] = useState<Difference | null>(null)
  const query = useQuery({ queryKey: ['exchange-differences'], queryFn: listDifferences })
  return (
    <Card flush>
      <Loaded query={query} rows={4}>
        {({ items, can }) => (items.length === 0 ? <Empty title={t('exchange.noDifferences')}>{t('exchange.noDifferencesHint')}</Empty> : (
          <DataTable
            label={t('exchange.tabs.differences')}
            rows={items}
            rowKey={(row) => row.id}
            columns={[
              { key: 'day', title: t('exchange.day'), render: (row) => formatDay(row.day) },
              { key: 'partner', title: t('exchange.partner'), render: (row) => row.partner },
              { key: 'number', title: t('exchange.trade'), render: (row) => <span className="mono">{row.number.slice(-12).toUpperCase()}</span> },
              { key: 'kind', title: t('exchange.kind'), render: (row) => <PointsTag tone={row.settled_at ? '' : 'bad'}>{t(`exchange.kinds.${row.kind as 'amount'}`)}</PointsTag> },
              { key: 'ours', title: t('exchange.ours'), number: true, render: (row) => formatCount(row.ours) },
              { key: 'theirs', title: t('exchange.theirs'), number: true, render: (row) => formatCount(row.theirs) },
              { key: 'settle', title: '', render: (row) => (row.settled_at ? <>{row.settled_by ? t('exchange.settled', { who: row.settled_by }) : t('exchange.byItself')}<small>{row.settled_by ? row.note : t(row.note === 'points taken after all' ? 'exchange.takenAfterAll' : 'exchange.takenBack')}</small></> : can.includes('write') && <Button size="small" onClick={() => setSettling(row)}>{t('exchange.settle')}</Button>) },
            ]}
          />
        ))}
      </Loaded>
      {settling && <SettleDialog held={settling} close={() => setSettling(null)} />}
    </Card>
  )
}

function SettleDialog({ held, close }: { held: Difference; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ note }: { note: string }) => {
    await settleDifference({ id: held.id, note })
    await cache.invalidateQueries({ queryKey: ['exchange-differences'] })
  }
  return <Ask<{ note: string }> title={t('exchange.settle')} submit={submit} close={close}><p className="second s13">{t('exchange.settleHint')}</p><Form.Item name="note" label={t('exchange.note')} rules={[{ required: true, whitespace: true, message: t('points.needed') }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item></Ask>
}

function Partners() {
  const { t } = useTranslation()
  const say = useBilingual()
  const [editing, setEditing] = useState<Partner | 'new' | null>(null)
  const query = useQuery({ queryKey: ['exchange-partners'], queryFn: listPartners })
  const write = query.data?.can.includes('write')
  return (
    <>
      {write && <p className="row points-tools"><Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('exchange.newPartner')}</Button></p>}
      <Waiting requests={query.data?.requests ?? []} />
      <Card flush>
        <Loaded query={query} rows={3}>
          {({ items }) => (items.length === 0 ? <Empty title={t('exchange.noPartners')}>{t('exchange.noPartnersHint')}</Empty> : (
            <DataTable
              label={t('exchange.tabs.partners')}
              rows={items}
              rowKey={(row) => row.code}
              columns={[
                { key: 'name', title: t('exchange.name'), render: (row) => <><b>{say(row.name, row.name_en)}</b><small className="mono">{row.code}</small></> },
                { key: 'unit', title: t('exchange.unitName'), render: (row) => <>{say(row.unit_name, row.unit_name_en)}<small className="mono">{row.unit}</small></> },
                { key: 'address', title: t('exchange.address'), render: (row) => <span className="mono">{row.address}</span> },
                { key: 'filed', title: t('exchange.filed'), render: (row) => (row.filed_on ? formatDay(row.filed_on) : t('exchange.notFiled')) },
                { key: 'state', title: t('exchange.state'), render: (row) => <PointsTag tone={row.enabled ? 'ok' : ''}>{t(row.enabled ? 'exchange.enabled' : 'exchange.disabled')}</PointsTag> },
                { key: 'edit', title: '', render: (row) => write && <Button size="small" onClick={() => setEditing(row)}>{t('points.edit')}</Button> },
              ]}
            />
          ))}
        </Loaded>
      </Card>
      {editing && <PartnerDialog held={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  )
}

type NewPartner = Parameters<typeof requestPartner>[0]['partner']
type PartnerValues = NewPartner & { reason: string }

function PartnerDialog({ held, close }: { held: Partner | null; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const needed = [{ required: true, message: t('points.needed') }]
  const submit = async ({ reason, ...values }: PartnerValues) => {
    await requestPartner({ partner: { ...values, timeout_seconds: held?.timeout_seconds ?? 10, enabled: held?.enabled ?? true, key: values.key ? values.key : null }, reason })
    await cache.invalidateQueries({ queryKey: ['exchange-partners'] })
    void message.success(t('points.requested'))
  }
  const text = (name: keyof PartnerValues & string, label: string, off = false) => <Form.Item name={name} label={label} rules={needed}><Input autoComplete="off" disabled={off} maxLength={300} /></Form.Item>
  return (
    <Ask<PartnerValues> title={t(held ? 'exchange.changePartner' : 'exchange.newPartner')} submit={submit} close={close} action={t('points.request')} initial={held ?? {}} width={560}>
      <p className="second s13">{t('exchange.partnerHint')}</p>
      <div className="points-pair">
        {text('code', t('exchange.code'), held != null)}
        {text('unit', t('exchange.unit'), held != null)}
        {text('name', t('exchange.name'))}
        {text('name_en', t('exchange.nameEn'))}
        {text('unit_name', t('exchange.unitName'))}
        {text('unit_name_en', t('exchange.unitNameEn'))}
        {text('address', t('exchange.address'))}
        {text('key_id', t('exchange.keyId'))}
      </div>
      <Form.Item name="key" label={t('exchange.key')} extra={t('exchange.keyHint')}><Input.Password autoComplete="new-password" /></Form.Item>
      <Reason />
    </Ask>
  )
}
