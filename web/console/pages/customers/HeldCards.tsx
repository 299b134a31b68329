/** What a customer has with the bank: accounts, products with their maturities, and what moved; amounts withheld. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getHeld, revealAccount, type Account, type Holding } from '@api/accounts'
import { proveSession } from '@api/session'
import { getTimeline, type Happening } from '@api/timeline'
import { useUnitLabel } from '@console/app/units'
import { DataTable } from '@kit/DataTable'
import { formatDay } from '@kit/format'
import { Card } from '@kit/layout'
import { Masked } from '@kit/Masked'
import { Empty, Loaded } from '@kit/states'

const DAY = 86_400_000
const daysUntil = (day: string) => Math.round((Date.parse(day) - Date.parse(formatDay(new Date()))) / DAY)

export function HeldCards({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['held', seq], queryFn: () => getHeld(seq) })
  const held = query.data
  return (
    <>
      <Card className="c6" title={t('held.accounts')} hint={t('held.accountsHint')} flush>
        <Loaded query={query} rows={3}>
          {(found) => (found.accounts.length === 0 ? <Empty sign="search" title={t('held.noAccounts')}>{t('held.noneHint')}</Empty> : <Accounts rows={found.accounts} revealing={found.can.includes('reveal')} />)}
        </Loaded>
      </Card>
      <Card className="c6" title={t('held.holdings')} hint={held && t('held.sum', { accounts: held.accounts.length, products: held.holdings.length })} flush>
        <Loaded query={query} rows={3}>
          {(found) => (found.holdings.length === 0 ? <Empty sign="search" title={t('held.noHoldings')}>{t('held.noneHint')}</Empty> : <Holdings rows={found.holdings} revealing={found.can.includes('reveal')} />)}
        </Loaded>
      </Card>
    </>
  )
}

function useReveal(id: string, field: 'card' | 'amount', revealing: boolean) {
  if (!revealing) return undefined
  return async (reason: string) => {
    const shown = await revealAccount(id, { field, reason })
    return { value: shown.plaintext, seconds: Math.max(1, Math.round((Date.parse(shown.expires_at) - Date.now()) / 1000)) }
  }
}

function Hidden({ id, field, label, value, revealing }: { id: string; field: 'card' | 'amount'; label: string; value: string; revealing: boolean }) {
  return <Masked label={label} value={value} reveal={useReveal(id, field, revealing)} prove={proveSession} />
}

function Kind({ kind, deposit }: { kind: string; deposit: boolean }) {
  const { t } = useTranslation()
  return <span className="row" style={{ gap: 6 }}>{t(`held.kinds.${kind}`)}{deposit && <span className="tag gold plain" title={t('customer.depositHint')}>B1</span>}</span>
}

function Accounts({ rows, revealing }: { rows: Account[]; revealing: boolean }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  return (
    <DataTable
      label={t('held.accounts')}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'number', title: t('held.number'), render: (row) => <Hidden id={row.id} field="card" label={t('held.number')} value={row.number} revealing={revealing} /> },
        { key: 'kind', title: t('held.kind'), render: (row) => <Kind kind={row.kind} deposit={row.deposit} /> },
        { key: 'unit', title: t('held.unit'), render: (row) => (row.unit_id == null ? <span className="muted">{t('held.own')}</span> : unitLabel(row.unit_id, row.unit_name)) },
        { key: 'opened', title: t('held.opened'), render: (row) => row.opened_on ?? '—' },
        { key: 'balance', title: t('held.balance'), number: true, render: (row) => (row.has_balance ? <Hidden id={row.id} field="amount" label={t('held.balance')} value="****" revealing={revealing} /> : '—') },
        { key: 'standing', title: t('held.standing'), render: (row) => <Standing value={row.standing} /> },
      ]}
    />
  )
}

function Holdings({ rows, revealing }: { rows: Holding[]; revealing: boolean }) {
  const { t } = useTranslation()
  return (
    <DataTable
      label={t('held.holdings')}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'product', title: t('held.product'), render: (row) => <b>{row.product}</b> },
        { key: 'kind', title: t('held.kind'), render: (row) => <Kind kind={row.kind} deposit={row.deposit} /> },
        { key: 'amount', title: t('held.amount'), number: true, render: (row) => (row.has_amount ? <Hidden id={row.id} field="amount" label={t('held.amount')} value="****" revealing={revealing} /> : '—') },
        { key: 'started', title: t('held.started'), render: (row) => row.started_on ?? '—' },
        { key: 'matures', title: t('held.matures'), render: (row) => <Maturity row={row} /> },
        { key: 'standing', title: t('held.standing'), render: (row) => <Standing value={row.standing} /> },
      ]}
    />
  )
}

function Maturity({ row }: { row: Holding }) {
  const { t } = useTranslation()
  if (!row.matures_on) return <>—</>
  const days = daysUntil(row.matures_on)
  const near = days >= 0 && days <= 30
  return (
    <span className="nowrap">
      {row.matures_on} <small className={near ? 'warn' : 'muted'}>{days < 0 ? t('held.past') : days === 0 ? t('held.today') : t('held.days', { days })}</small>
    </span>
  )
}

function Standing({ value }: { value: string }) {
  const { t } = useTranslation()
  return <span className={`tag ${value === 'open' ? 'ok' : value === 'frozen' ? 'bad' : ''}`}>{t(`held.standings.${value}`)}</span>
}

export function Transactions({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery({
    queryKey: ['transactions', seq],
    queryFn: ({ pageParam }) => getTimeline(seq, { name: ['transaction.posted'], limit: 20, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  return (
    <Card className="c12" title={t('held.transactions')} hint={t('held.transactionsHint')} flush>
      <Loaded query={query} rows={4}>
        {(found) => {
          const rows = found.pages.flatMap((page) => page.items)
          if (rows.length === 0) return <Empty sign="search" title={t('held.noTransactions')}>{t('held.noTransactionsHint')}</Empty>
          return (
            <>
              <Movements rows={rows} />
              {query.hasNextPage && <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('held.more')}</Button>}
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

function Movements({ rows }: { rows: Happening[] }) {
  const { t } = useTranslation()
  const said = (row: Happening) => [row.properties?.type, row.properties?.category, row.properties?.channel].filter(Boolean).join(' · ')
  return (
    <DataTable
      label={t('held.transactions')}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'on', title: t('held.on'), render: (row) => <span className="nowrap">{formatDay(row.at)}</span> },
        { key: 'account', title: t('held.account'), render: (row) => <span className="mono">{row.properties?.account ?? '—'}</span> },
        { key: 'what', title: t('held.what'), render: (row) => <b>{said(row) || '—'}</b> },
        { key: 'counterparty', title: t('held.counterparty'), render: (row) => [row.properties?.bank, row.properties?.counterparty].filter(Boolean).join(' ') || '—' },
        { key: 'amount', title: t('held.amount'), number: true, render: () => <span className="muted">{t('held.hidden')}</span> },
      ]}
    />
  )
}
