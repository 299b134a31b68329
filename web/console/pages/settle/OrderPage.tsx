/** One order: where it stands and why, every step, and what was said on the wire. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askRefund, cancelOrder, endRefund, getOrder, queryOrder, returnCoupon, type Order } from '@api/supply'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant, formatMoney, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag, type Tone } from '@kit/StatusTag'
import { OrderTag, useOrderReason } from './OrdersPage'
import './settle.css'

export default function OrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['supplier-orders', id], queryFn: () => getOrder(id), refetchInterval: 5_000 })
  return <Loaded page query={query} rows={8}>{(order) => <View order={order} />}</Loaded>
}

function View({ order }: { order: Order }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const why = useOrderReason()
  const says = order.state === 'unknown' ? t('supplierOrder.unknownSays') : order.code === 'prepayment_short' && order.state === 'created' ? t('supplierOrder.shortSays') : ''
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.settle'), to: '/supply' }, { label: t('menu.supplierOrders'), to: '/supplier-orders' }, { label: order.number }]}
        title={say(order.title, order.title_en)}
        tag={<OrderTag state={order.state} />}
        meta={
          <>
            <span><em>{t('supplierOrder.number')}</em><span className="mono">{order.number}</span></span>
            <span><em>{t('sku.supplier')}</em>{say(order.supplier, order.supplier_en)}</span>
            {order.turn > 1 && <span>{t('supplierOrder.turn', { turn: order.turn })}</span>}
            <span><em>{t('supplierOrder.created')}</em>{formatInstant(order.created_at)}</span>
            {order.due_at && <span>{t('supplierOrder.due', { time: formatSeconds(order.due_at) })}</span>}
          </>
        }
        actions={<Actions order={order} />}
      />
      {order.next_id && <div style={{ marginBottom: 16 }}><Note kind="warning">{t('supplierOrder.movedOn')} <Link to="/supplier-orders/$id" params={{ id: order.next_id }}>{t('supplierOrder.toNext')} ›</Link></Note></div>}
      {says && <div style={{ marginBottom: 16 }}><Note kind="warning">{says}</Note></div>}
      {order.cancel_asked_at && <div style={{ marginBottom: 16 }}><Note>{t('supplierOrder.cancelAsked', { time: formatInstant(order.cancel_asked_at) })}</Note></div>}
      <div className="grid" style={{ alignItems: 'start' }}>
        <div className="stack c4">
          <Card title={t('supplierOrder.one')}>
            <Facts
              rows={[
                [t('supplierOrder.amount'), formatMoney(order.amount_fen)],
                [t('supplierOrder.drawn'), order.drawn_fen ? formatMoney(order.drawn_fen) : t('supplierOrder.notDrawn')],
                [t('supplierOrder.kind'), t(`supplierOrder.kinds.${order.kind}`)],
                [t('supplierOrder.recipient'), order.recipient || '—'],
                [t('sku.code'), <span key="code" className="mono">{order.sku_code}</span>],
                [t('supplierOrder.supplierNo'), <span key="no" className="mono">{order.supplier_no || '—'}</span>],
                [t('supplierOrder.day'), order.ordered_on ?? '—'],
                [t('supplierOrder.customer'), t('supplierOrder.seq', { seq: order.seq })],
                ...(why(order) ? [[t('supplierOrder.why'), why(order)] as [string, string]] : []),
                ...Object.entries(order.proof).map(([name, text]): [string, string] => [t(`supplierOrder.proofs.${name}`, { defaultValue: `${t('supplierOrder.proof')} ${name}` }), text]),
                ...order.parcels.map((parcel): [string, string] => [t(`supplierOrder.parcel.${parcel.state}`), [formatInstant(parcel.at), parcel.carrier, parcel.tracking_no, parcel.note].filter(Boolean).join(' ')]),
              ]}
            />
          </Card>
          {order.refund && <RefundCard refund={order.refund} />}
          <Card title={t('supplierOrder.steps')} hint={t('supplierOrder.stepsHint')}>
            <ol className="steps">
              {order.steps.map((step, index) => (
                <li key={step.step} data-state={step.state === 'failed' ? 'no' : index === order.steps.length - 1 ? 'now' : 'done'}>
                  <b>{t(`status.supplierOrder.${step.state}`)}</b>
                  <small>{t(`supplierOrder.causes.${step.cause}`)} · {formatInstant(step.at)}:{formatSeconds(step.at).slice(-2)}</small>
                </li>
              ))}
            </ol>
          </Card>
        </div>
        <Card className="c8" title={t('supplierOrder.exchanges')} hint={t('supplierOrder.exchangesHint')} flush>
          {order.exchanges.length === 0 ? <Empty title={t('supplierOrder.noExchanges')} /> : order.exchanges.map((one) => <Exchange key={one.id} one={one} />)}
        </Card>
      </div>
    </>
  )
}

const refundTones: Record<string, Tone> = { submitted: 'info', approved: 'run', sent: 'run', processing: 'run', unknown: 'warn', success: 'ok', refused: 'bad', declined: '' }

/** The latest refund that was asked of the supplier, and how it stands. */
function RefundCard({ refund }: { refund: NonNullable<Order['refund']> }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const no = refund.code ? t(`supplierOrder.refund.codes.${refund.code}`, { defaultValue: refund.answer || refund.code }) : ''
  return (
    <Card title={t('supplierOrder.refund.title')} right={<StatusTag kind="supplierRefund" value={refund.state} tone={refundTones[refund.state]} />}>
      <Facts
        rows={[
          [t('supplierOrder.refund.number'), <span key="no" className="mono">{refund.number}</span>],
          [t('supplierOrder.amount'), formatMoney(refund.amount_fen)],
          [t('audit.reason'), refund.reason],
          [t('supplierOrder.refund.by'), refund.created_by],
          [t('supplierOrder.refund.at'), formatInstant(refund.created_at)],
          ...(no ? [[t('supplierOrder.refund.answer'), no] as [string, string]] : []),
        ]}
      />
      {refund.state === 'unknown' && <p className="second" style={{ marginTop: 12 }}>{t('supplierOrder.refund.unknownSays')}</p>}
      {refund.end_change_id && may('approval.read') && <Link to="/approvals/$id" params={{ id: refund.end_change_id }}>{t('supplierOrder.refund.endOpen')} ›</Link>}
      {refund.change_id && refund.state === 'submitted' && may('approval.read') && <Link to="/approvals/$id" params={{ id: refund.change_id }}>{t('supplierOrder.refund.change')} ›</Link>}
    </Card>
  )
}

const tones: Record<string, Tone> = { success: 'ok', refunded: 'ok', failed: 'bad', refused: 'bad', processing: 'run', absent: '', no_answer: 'warn', not_taken: 'warn' }

function Exchange({ one }: { one: Order['exchanges'][number] }) {
  const { t } = useTranslation()
  return (
    <details className="exchange">
      <summary>
        <Icon name="right" />
        <b>{t(`supplierOrder.operations.${one.operation}`)}</b>
        <span className={`tag ${tones[one.outcome] ?? ''}`}>{t(`supplierOrder.outcomes.${one.outcome}`)}</span>
        <span className="second s12">{[one.status ? `HTTP ${one.status}` : '', one.operation === 'callback' ? '' : t('supply.milliseconds', { shown: formatCount(one.milliseconds) })].filter(Boolean).join(' · ')}</span>
        <span className="grow" />
        <span className="second s12 nowrap">{formatInstant(one.at)}:{formatSeconds(one.at).slice(-2)}</span>
      </summary>
      <h3>{t('supplierOrder.request')}</h3>
      <pre tabIndex={0}>{one.request}</pre>
      <h3>{t('supplierOrder.response')}</h3>
      <pre tabIndex={0}>{one.response || '—'}</pre>
    </details>
  )
}

function Actions({ order }: { order: Order }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [cancelling, setCancelling] = useState(false)
  const [returning, setReturning] = useState(false)
  const [refunding, setRefunding] = useState(false)
  const [ending, setEnding] = useState(false)
  const put = (next: Order) => cache.setQueryData(['supplier-orders', order.id], next)
  const query = useMutation({
    mutationFn: () => queryOrder(order.id),
    onSuccess: (next) => { put(next); void message.success(t('supplierOrder.queried')) },
    onError: (error) => void message.error(say(problemOf(error))),
  })
  return (
    <>
      {order.can.includes('cancel') && <Button danger onClick={() => setCancelling(true)}>{t('supplierOrder.cancel')}</Button>}
      {order.can.includes('ask_again') && <Button type="primary" loading={query.isPending} icon={<Icon name="retry" />} onClick={() => query.mutate()}>{t('supplierOrder.query')}</Button>}
      {order.can.includes('return_coupon') && <Button onClick={() => setReturning(true)}>{t('supplierOrder.returnCoupon')}</Button>}
      {order.can.includes('ask_refund') && <Button onClick={() => setRefunding(true)}>{t('supplierOrder.refund.ask')}</Button>}
      {order.can.includes('end_refund') && <Button onClick={() => setEnding(true)}>{t('supplierOrder.refund.end')}</Button>}
      {ending && order.refund && <EndRefund refundId={order.refund.id} close={() => setEnding(false)} done={async () => { put(await getOrder(order.id)) }} />}
      {refunding && (
        <Ask<{ reason: string }> title={t('supplierOrder.refund.ask')} action={t('supplierOrder.refund.ask')} close={() => setRefunding(false)} submit={async ({ reason }) => { await askRefund({ order_id: order.id, reason }); put(await getOrder(order.id)); void message.success(t('supplierOrder.refund.submitted')) }}>
          <div style={{ marginBottom: 16 }}><Note kind="warning">{t('supplierOrder.refund.hint')}</Note></div>
          <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
        </Ask>
      )}
      {returning && (
        <Ask<{ reason: string }> title={t('supplierOrder.returnCoupon')} action={t('supplierOrder.returnCoupon')} close={() => setReturning(false)} submit={async ({ reason }) => put(await returnCoupon(order.id, reason))}>
          <div style={{ marginBottom: 16 }}><Note>{t('supplierOrder.returnHint')}</Note></div>
          <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
        </Ask>
      )}
      {cancelling && (
        <Ask<{ reason: string }> title={t('supplierOrder.cancel')} danger action={t('supplierOrder.cancel')} close={() => setCancelling(false)} submit={async ({ reason }) => put(await cancelOrder(order.id, reason))}>
          <div style={{ marginBottom: 16 }}><Note kind="warning">{t('supplierOrder.cancelHint')}</Note></div>
          <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} autoFocus /></Form.Item>
        </Ask>
      )}
    </>
  )
}

interface EndValues {
  verb: 'give_up' | 'send_again'
  word: string
  reason: string
}

/** What is to become of a refund its supplier knows nothing of; another person decides. */
function EndRefund({ refundId, close, done }: { refundId: string; close: () => void; done: () => Promise<void> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ verb, word, reason }: EndValues) => {
    await endRefund({ end: { refund_id: refundId, verb, word }, reason })
    await done()
    void message.success(t('supplierOrder.refund.submitted'))
  }
  return (
    <Ask<EndValues> title={t('supplierOrder.refund.end')} action={t('supplierOrder.refund.endAsk')} close={close} submit={submit}>
      <div style={{ marginBottom: 16 }}><Note kind="warning">{t('supplierOrder.refund.endHint')}</Note></div>
      <Form.Item name="verb" label={t('supplierOrder.refund.endHow')} initialValue="send_again">
        <Radio.Group className="stacked" options={(['send_again', 'give_up'] as const).map((verb) => ({ value: verb, label: t(`supplierOrder.refund.ends.${verb}`) }))} />
      </Form.Item>
      <Form.Item name="word" label={t('supplierOrder.refund.word')} extra={t('supplierOrder.refund.wordHint')} rules={[{ required: true, message: t('supplierOrder.refund.wordNeeded') }]}><Input maxLength={100} /></Form.Item>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}
