/** One statement, line by line, beside what the ledger says for the same period. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button, Dropdown, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { agreeToStatement, answerStatement, confirmStatement, disputeStatement, getOwnStatement, getStatement, payStatement, reverseStatement, statementFile, type Statement } from '@api/settle'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useSkus } from '@console/pages/campaigns/BenefitSection'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatMoney, formatYuan } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { Invoices } from './Invoices'
import { isOwed } from './owed'
import { StoreLines } from './StoreLines'

/** A merchant's clerk sees those of their own merchant alone. */
export default function StatementPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { may } = useSession()
  const query = useQuery({ queryKey: ['statements', id], queryFn: () => (may('statement.read') ? getStatement(id) : getOwnStatement(id)) })
  return <Loaded page query={query} rows={8}>{(statement) => <View statement={statement} />}</Loaded>
}

function View({ statement }: { statement: Statement }) {
  const { t } = useTranslation()
  const name = useBilingual()(statement.supplier, statement.supplier_en)
  const { may } = useSession()
  const equal = statement.ledger_fen === statement.amount_fen
  const ofMerchant = Boolean(statement.merchant_id)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.statements'), to: may('statement.read') ? '/statements' : '/own-statements' }, { label: statement.number }]}
        title={`${name} · ${statement.since_on} – ${statement.until_on}`}
        tag={<Tags statement={statement} />}
        meta={
          <>
            <span><em>{t('statement.number')}</em>{statement.number}</span>
            <span><em>{t('statement.by')}</em>{statement.created_by} {formatInstant(statement.created_at)}</span>
            {statement.agreed_at && <span><em>{t('statement.agreedBy')}</em>{statement.agreed_by} {formatInstant(statement.agreed_at)}</span>}
            {statement.confirmed_at && <span><em>{t('statement.confirmedBy')}</em>{statement.confirmed_by} {formatInstant(statement.confirmed_at)}</span>}
            {statement.paid_at && <span><em>{t('statement.paidBy')}</em>{statement.paid_by} {formatInstant(statement.paid_at)} · {statement.paid_reference}</span>}
            <span><em>{t('statement.covers')}</em>{formatInstant(statement.since_at)} – {formatInstant(statement.until_at)}</span>
          </>
        }
        actions={<Actions statement={statement} />}
      />
      {statement.reversed_at && <div style={{ marginBottom: 16 }}><Note kind="warning">{t('statement.reversedFor', { reason: statement.reason, time: formatInstant(statement.reversed_at) })}</Note></div>}
      {statement.dispute && (
        <div style={{ marginBottom: 16 }}>
          <Note kind={statement.answer || statement.agreed_at ? undefined : 'warning'}>{t('statement.disputed', { text: statement.dispute })}{statement.answer && <><br />{t('statement.answered', { text: statement.answer })}</>}</Note>
        </div>
      )}
      <Figures
        items={[
          { label: t('statement.quantity'), value: formatCount(statement.quantity), unit: t('unit.pieces') },
          { label: t('statement.amount'), value: formatMoney(statement.amount_fen) },
          ...(ofMerchant ? [] : [{ label: t('statement.prepaid'), value: formatMoney(statement.prepaid_fen), hint: t('statement.prepaidHint') }, { label: t('statement.payable'), value: formatMoney(statement.payable_fen) }]),
          { label: t('statement.ledger'), value: formatMoney(statement.ledger_fen), hint: <span className={equal ? 'good' : 'bad'}>{t(equal ? 'statement.equal' : 'statement.differs')}</span> },
        ]}
      />
      {ofMerchant ? <StoreLines lines={statement.store_lines} /> : <><Lines lines={statement.lines.filter((line) => !line.difference_id)} /><Differences lines={statement.lines.filter((line) => line.difference_id)} /></>}
      {statement.confirmed_at && !ofMerchant && (
        <section>
          <div className="invoice-head"><h2>{t('invoice.title')}</h2><p className="second s13">{t('invoice.hint')}</p></div>
          <Invoices statementId={statement.id} />
        </section>
      )}
    </>
  )
}

/** The state, and what a merchant or the till says beside it. */
function Tags({ statement }: { statement: Statement }) {
  const { t } = useTranslation()
  return (
    <>
      <StatusTag kind="statement" value={statement.state} />
      {statement.state === 'draft' && statement.dispute && !statement.agreed_at && <span className={`tag ${statement.answer ? '' : 'warn'}`}>{t(statement.answer ? 'statement.answeredShort' : 'statement.disputedShort')}</span>}
      {isOwed(statement) && <span className="tag info">{t('statement.owedShort')}</span>}
      {statement.paid_at && <span className="tag ok">{t('statement.paidShort')}</span>}
    </>
  )
}

function Actions({ statement }: { statement: Statement }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const name = useBilingual()(statement.supplier, statement.supplier_en)
  const [reversing, setReversing] = useState(false)
  const [saying, setSaying] = useState<'dispute' | 'answer' | 'pay' | null>(null)
  const agree = useMutation({ mutationFn: () => agreeToStatement(statement.id), onSuccess: (next) => put(next), onError: (error) => void message.error(say(problemOf(error))) })
  const send = { dispute: disputeStatement, answer: answerStatement, pay: payStatement }
  const put = async (next: Statement) => {
    cache.setQueryData(['statements', statement.id], next)
    await cache.invalidateQueries({ queryKey: ['statements'] })
  }
  const confirm = useMutation({ mutationFn: () => confirmStatement(statement.id), onSuccess: put, onError: (error) => void message.error(say(problemOf(error))) })
  const ask = () => void modal.confirm({ title: t('statement.confirmTitle', { amount: formatMoney(statement.amount_fen) }), content: t('statement.confirmHint'), icon: null, okText: t('statement.confirm'), onOk: () => confirm.mutateAsync().catch(() => undefined) })
  const files = (['xlsx', 'csv'] as const).map((format) => ({ key: format, label: <a href={statementFile(statement.id, format, i18n.language, !may('statement.read'))} download>{t(`statement.files.${format}`)}</a> }))
  return (
    <>
      {statement.can.includes('export') && <Dropdown menu={{ items: files }} trigger={['click']}><Button icon={<Icon name="download" />}>{t('action.export')}</Button></Dropdown>}
      {(['dispute', 'answer', 'pay'] as const).map((way) => statement.can.includes(way) && <Button key={way} type={way === 'pay' ? 'primary' : 'default'} onClick={() => setSaying(way)}>{t(`statement.ways.${way}`)}</Button>)}
      {statement.can.includes('agree') && <Button type="primary" loading={agree.isPending} onClick={() => agree.mutate()}>{t('statement.agree')}</Button>}
      {saying && (
        <Ask<{ text: string }> title={t(`statement.ways.${saying}`)} action={t(`statement.ways.${saying}`)} close={() => setSaying(null)} submit={async ({ text }) => put(await send[saying](statement.id, text))}>
          {saying === 'pay' && <p className="second s13">{t('statement.payHint', { who: name, amount: formatMoney(statement.payable_fen) })}</p>}
          {saying === 'answer' && <div style={{ marginBottom: 16 }}><Note kind="warning">{t('statement.disputed', { text: statement.dispute })}</Note></div>}
          <Form.Item name="text" label={t(`statement.says.${saying}`)} rules={[{ required: true, min: 4, whitespace: true, message: t('statement.saysNeeded') }]}>{saying === 'pay' ? <Input maxLength={64} autoFocus /> : <Input.TextArea rows={3} maxLength={500} autoFocus />}</Form.Item>
        </Ask>
      )}
      {statement.can.includes('reverse') && <Button danger onClick={() => setReversing(true)}>{t('statement.reverse')}</Button>}
      {statement.can.includes('confirm') && <Button type="primary" loading={confirm.isPending} onClick={ask}>{t('statement.confirm')}</Button>}
      {reversing && (
        <Ask<{ reason: string }> title={t('statement.reverse')} danger action={t('statement.reverse')} close={() => setReversing(false)} submit={async ({ reason }) => put(await reverseStatement(statement.id, reason))}>
          <div style={{ marginBottom: 16 }}><Note kind="warning">{t('statement.reverseHint')}</Note></div>
          <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
        </Ask>
      )}
    </>
  )
}

/** What was redeemed, benefit by benefit. */
function Lines({ lines }: { lines: Statement['lines'] }) {
  const { t } = useTranslation()
  const named = useNames()
  if (!lines.length) return null
  return (
    <Card title={t('statement.lines')} hint={t('statement.linesHint', { count: lines.length })} flush>
      <DataTable
        label={t('statement.lines')}
        rows={lines}
        rowKey={(line) => line.place}
        columns={[
          { key: 'title', title: t('campaign.sku'), render: (line) => <b>{named(line)}</b> },
          { key: 'campaign', title: t('campaign.one'), render: (line) => line.campaign },
          { key: 'redeemed', title: t('statement.redeemed'), number: true, render: (line) => formatCount(line.redeemed) },
          { key: 'undone', title: t('statement.undone'), number: true, render: (line) => formatCount(line.undone) },
          { key: 'quantity', title: t('statement.quantity'), number: true, render: (line) => formatCount(line.quantity) },
          { key: 'unit', title: t('statement.unitCost'), number: true, render: (line) => formatYuan(line.unit_cost_fen) },
          { key: 'amount', title: t('statement.amountYuan'), number: true, render: (line) => <b>{formatYuan(line.amount_fen)}</b> },
        ]}
      />
    </Card>
  )
}

/** Differences of day files that were accepted in the period: an amount for an order, none where there is none. */
function Differences({ lines }: { lines: Statement['lines'] }) {
  const { t } = useTranslation()
  const named = useNames()
  if (!lines.length) return null
  return (
    <Card className="statement-differences" title={t('statement.differenceLines')} hint={t('statement.differenceHint')} flush>
      <DataTable
        label={t('statement.differenceLines')}
        rows={lines}
        rowKey={(line) => line.place}
        columns={[
          { key: 'number', title: t('supplierOrder.number'), render: (line) => <Link className="name mono wrap-any" to={`/differences?q=${line.number}`}>{line.number}</Link> },
          { key: 'day', title: t('dayFile.business'), render: (line) => <span className="nowrap">{line.on_day}</span> },
          { key: 'title', title: t('campaign.sku'), render: (line) => named(line) || <span className="muted">{t('statement.unknownOrder')}</span> },
          { key: 'amount', title: t('statement.amountYuan'), number: true, render: (line) => <b>{formatYuan(line.amount_fen)}</b> },
        ]}
      />
    </Card>
  )
}

/** A line's benefit in the reader's language, as far as its SKU has names. */
function useNames() {
  const say = useBilingual()
  const skus = useSkus()
  return (line: Statement['lines'][number]) => say(line.title, line.sku_id ? skus.byId.get(line.sku_id)?.terms?.name_en : undefined)
}
