/** What was asked for in cases, as a list: filters, order, file; one of them with its story beside it. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnitLabel } from '@console/app/units'
import { DataPage, type PageOf } from '@kit/DataPage'
import type { Column } from '@kit/DataTable'
import { formatInstant, formatRecent } from '@kit/format'
import { Facts } from '@kit/layout'
import type { ListParams } from '@kit/listParams'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ColleagueFilter, DaysFilter, KindFilter } from './filters'
import { StoryCard } from './StoryCard'
import './desk.css'

export interface AskRow {
  id: string
  case_id: string
  case_number: string
  case_kind: string
  grant_id?: string | null
  seq: number
  customer_no: string
  name?: string | null
  unit_id: number
  unit: string
  reason: string
  change_id?: string | null
  by: string
  created_at: string
  closed_at?: string | null
  state: string
  can: string[]
}

interface AskListProps<Row extends AskRow> {
  name: string
  operation: string
  /** The family of words of its states. */
  kind: string
  title: string
  hint: string
  states: string[]
  load: (params: ListParams) => Promise<PageOf<Row>>
  what: Column<Row>[]
  facts: (row: Row) => [string, ReactNode][]
  withdraw: (id: string) => Promise<unknown>
  /** More that can be done about one. */
  more?: (row: Row, done: () => void) => ReactNode
  empty: { title: string; hint: string }
}

export function AskList<Row extends AskRow>({ name, operation, kind, title, hint, states, load, what, facts, withdraw, more, empty }: AskListProps<Row>) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const [shown, setShown] = useState<Row | null>(null)
  return (
    <>
      <DataPage<Row>
        name={name}
        operation={operation}
        title={title}
        label={title}
        meta={<span>{hint}</span>}
        load={load}
        rowKey={(row) => row.id}
        open={setShown}
        searchHint={t('desk.askSearch')}
        statuses={states.map((value) => ({ value, label: t(`status.${kind}.${value}`) }))}
        filters={(state) => (
          <>
            <KindFilter state={state} />
            <ColleagueFilter state={state} name="by" label={t('desk.by')} />
            <DaysFilter state={state} label={t('desk.askedOn')} />
          </>
        )}
        columns={[
          ...what,
          { key: 'case', title: t('desk.case'), field: 'case_number', sort: 'case', render: (row) => <Link className="mono nowrap" to={`/cases/${row.case_id}`}>{row.case_number}</Link> },
          { key: 'kind', title: t('desk.kind'), field: 'case_kind', sort: 'kind', words: 'desk.caseKinds', render: (row) => t(`desk.caseKinds.${row.case_kind}`) },
          { key: 'customer', title: t('customer.one'), field: 'customer_no', sort: 'customer', render: (row) => <>{row.name ?? '—'}<small className="mono">{row.customer_no}</small></> },
          { key: 'unit', title: t('customer.unit'), field: 'unit', sort: 'unit', render: (row) => unitLabel(row.unit_id, row.unit) },
          { key: 'by', title: t('desk.by'), field: 'by', sort: 'by', render: (row) => row.by },
          { key: 'created', title: t('desk.askedOn'), field: 'created_at', sort: 'created', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.created_at)}</span> },
          { key: 'reason', title: t('desk.reason'), field: 'reason', optional: true, render: (row) => <span className="wrap-any">{row.reason}</span> },
          { key: 'state', title: t('campaign.state'), field: 'state', sort: 'state', words: `status.${kind}`, render: (row) => <StatusTag kind={kind} value={row.state} /> },
        ]}
        empty={<Empty title={empty.title}>{empty.hint}</Empty>}
      />
      {shown && <AskDrawer key={shown.id} row={shown} kind={kind} name={name} facts={facts(shown)} withdraw={withdraw} more={more} close={() => setShown(null)} />}
    </>
  )
}

interface AskDrawerProps<Row extends AskRow> extends Pick<AskListProps<Row>, 'kind' | 'name' | 'withdraw' | 'more'> {
  row: Row
  facts: [string, ReactNode][]
  close: () => void
}

function AskDrawer<Row extends AskRow>({ row, kind, name, facts, withdraw, more, close }: AskDrawerProps<Row>) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const done = () => {
    void cache.invalidateQueries({ queryKey: [name] })
    close()
  }
  return (
    <Drawer open onClose={close} title={<span className="row wrap">{row.case_number}<StatusTag kind={kind} value={row.state} /></span>} size={560}>
      <div className="stack">
        <Facts
          rows={[
            ...facts,
            [t('customer.one'), <>{row.name ?? '—'} <span className="mono muted">{row.customer_no}</span></>],
            [t('desk.reason'), <span key="r" className="wrap-any">{row.reason || t('desk.forgotten')}</span>],
            [t('desk.by'), `${row.by} · ${formatInstant(row.created_at)}`],
            [t('desk.decidedOn'), row.closed_at ? formatInstant(row.closed_at) : '—'],
          ]}
        />
        <div className="row wrap acts">
          <Link to={`/cases/${row.case_id}`}><Button>{t('desk.toCase')}</Button></Link>
          {row.can.includes('withdraw') && <Withdraw act={() => withdraw(row.id)} done={done} />}
          {more?.(row, done)}
        </div>
        {row.grant_id && <StoryCard grantId={row.grant_id} seq={row.seq} />}
      </div>
    </Drawer>
  )
}

/** Taking back what one asked for oneself, as long as nobody decided. */
export function Withdraw({ act, done, small }: { act: () => Promise<unknown>; done: () => void; small?: boolean }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal, message } = App.useApp()
  const ask = () =>
    void modal.confirm({
      title: t('desk.withdraw'),
      content: t('desk.withdrawHint'),
      icon: null,
      okText: t('desk.withdraw'),
      onOk: async () => {
        try {
          await act()
          done()
        } catch (error) {
          void message.error(say(problemOf(error)))
        }
      },
    })
  return <Button size={small ? 'small' : 'middle'} onClick={ask}>{t('desk.withdraw')}</Button>
}
