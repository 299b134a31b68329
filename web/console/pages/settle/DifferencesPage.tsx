/** Differences with suppliers, each worked to a close: somebody says how, and where money moves somebody else says yes. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmDifference, listDifferences, reopenDifference, resolveDifference, type Difference } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import type { Column } from '@kit/DataTable'
import { formatMoney, formatRecent } from '@kit/format'
import type { ListState } from '@kit/listParams'
import { Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { SupplierFilter } from './OrdersPage'

export default function DifferencesPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={t('menu.differences')} />
      <DifferenceList />
    </>
  )
}

const kinds = ['only_ours', 'only_theirs', 'amount_differs', 'state_differs', 'coupon_differs'] as const
const tones: Record<string, Tone> = { open: 'warn', proposed: 'info', closed: 'ok' }
type Verb = 'accept_theirs' | 'keep_ours' | 'confirm' | 'take_back'

/** All differences, or those of one day file. */
export function DifferenceList({ dayFileId }: { dayFileId?: string }) {
  const { t } = useTranslation()
  const [doing, setDoing] = useState<{ row: Difference; verb: Exclude<Verb, 'confirm'> } | null>(null)
  const columns = useColumns(dayFileId, (row, verb) => setDoing({ row, verb }))
  return (
    <>
      <DataList
        name="differences"
        operation="list_differences"
        fixed={dayFileId ? { day_file_id: dayFileId } : undefined}
        label={t('menu.differences')}
        load={(params) => listDifferences({ ...params, day_file_id: dayFileId })}
        rowKey={(row) => row.id}
        searchHint={t('difference.numberHint')}
        statuses={['open', 'proposed', 'closed'].map((value) => ({ value, label: t(`status.difference.${value}`) }))}
        filters={(state) => <Filters state={state} suppliers={!dayFileId} />}
        columns={columns}
        empty={<Empty title={t('difference.none')}>{t('difference.noneHint')}</Empty>}
      />
      {doing && <Work {...doing} close={() => setDoing(null)} />}
    </>
  )
}

function useColumns(dayFileId: string | undefined, act: (row: Difference, verb: Exclude<Verb, 'confirm'>) => void): Column<Difference>[] {
  const { t } = useTranslation()
  const say = useBilingual()
  const stands = (row: Difference, state: string, fen: number) => {
    if (row.kind === 'coupon_differs') return <span className="mono wrap-any">{state}</span>
    if (!state) return <span className="muted">{t('difference.absent')}</span>
    return <>{t(`status.supplierOrder.${state}`, { defaultValue: t(`supplierOrder.outcomes.${state}`, { defaultValue: state }) })}<small>{fen ? formatMoney(fen) : ''}</small></>
  }
  const own: Column<Difference>[] = dayFileId
    ? []
    : [{ key: 'day', title: t('dayFile.business'), field: 'business_on', format: 'day', render: (row) => <><span className="nowrap">{row.business_on}</span><small>{say(row.supplier, row.supplier_en)}</small></> }]
  return [
    { key: 'number', title: t('supplierOrder.number'), field: 'number', render: (row) => (row.order_id ? <Link className="name mono" to={`/supplier-orders/${row.order_id}`}>{row.number}</Link> : <b className="mono wrap-any">{row.number}</b>) },
    ...own,
    { key: 'kind', title: t('difference.one'), field: 'kind', render: (row) => <><b className="nowrap">{t(`difference.kinds.${row.kind}`)}</b>{row.about === 'uses' && <small>{t('dayFile.about.uses')}</small>}</> },
    { key: 'ours', title: t('difference.ours'), field: 'ours', render: (row) => stands(row, row.ours, row.ours_fen) },
    { key: 'theirs', title: t('difference.theirs'), field: 'theirs', render: (row) => stands(row, row.theirs, row.theirs_fen) },
    { key: 'moves', title: t('difference.moves'), number: true, field: 'moves_fen', format: 'yuan', render: (row) => (row.about === 'uses' ? '—' : formatMoney(row.moves_fen)) },
    { key: 'state', title: t('supplierOrder.state'), field: 'state', words: 'difference', render: (row) => <Standing row={row} /> },
    { key: 'actions', title: '', render: (row) => <Verbs row={row} act={act} /> },
  ]
}

function Standing({ row }: { row: Difference }) {
  const { t } = useTranslation()
  const who = row.state === 'closed' ? t('difference.closed', { name: row.closed_by }) : row.state === 'proposed' ? t('difference.proposed', { name: row.proposed_by }) : ''
  return (
    <>
      <StatusTag kind="difference" value={row.state} tone={tones[row.state]} />
      {row.resolution && <small>{t(`difference.resolutions.${row.resolution}`)} · {who} {formatRecent(row.closed_at ?? row.proposed_at)}</small>}
      {row.reason && <small className="wrap-any">{row.reason}</small>}
    </>
  )
}

function Verbs({ row, act }: { row: Difference; act: (row: Difference, verb: Exclude<Verb, 'confirm'>) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal, message } = App.useApp()
  const cache = useQueryClient()
  const confirm = () =>
    void modal.confirm({
      title: t('difference.confirmTitle'),
      content: row.about === 'uses' ? t('difference.useConfirmSays') : t('difference.confirmSays', { amount: formatMoney(row.moves_fen) }),
      icon: null,
      okText: t('difference.verbs.confirm'),
      onOk: async () => {
        try {
          await confirmDifference(row.id)
          await Promise.all(['differences', 'day-files'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
        } catch (error) {
          void message.error(say(problemOf(error)))
        }
      },
    })
  return (
    <span className="row" style={{ justifyContent: 'flex-end' }}>
      {(row.can as Verb[]).map((verb) => (
        <Button key={verb} size="small" type={verb === 'confirm' ? 'primary' : 'default'} onClick={() => (verb === 'confirm' ? confirm() : act(row, verb))}>{t(`difference.verbs.${verb}`)}</Button>
      ))}
    </span>
  )
}

function Filters({ state, suppliers }: { state: ListState; suppliers: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      {suppliers && <SupplierFilter state={state} />}
      <Select
        allowClear
        placeholder={t('difference.allKinds')}
        aria-label={t('difference.one')}
        value={state.params.kind}
        onChange={(kind?: string) => state.change({ kind })}
        options={kinds.map((value) => ({ value, label: t(`difference.kinds.${value}`) }))}
        style={{ width: 140 }}
      />
    </>
  )
}

function Work({ row, verb, close }: { row: Difference; verb: Exclude<Verb, 'confirm'>; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await (verb === 'take_back' ? reopenDifference(row.id, reason) : resolveDifference(row.id, verb, reason))
    await Promise.all(['differences', 'day-files'].map((key) => cache.invalidateQueries({ queryKey: [key] })))
  }
  return (
    <Ask<{ reason: string }> title={t(`difference.verbs.${verb}`)} submit={submit} close={close} action={t(`difference.verbs.${verb}`)}>
      <div style={{ marginBottom: 16 }}><Note kind={verb === 'accept_theirs' ? 'warning' : undefined}>{t(row.about === 'uses' ? `difference.useVerbSays.${verb}` : `difference.verbSays.${verb}`)}</Note></div>
      <Form.Item name="reason" label={t('difference.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
    </Ask>
  )
}
