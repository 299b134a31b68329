/** One payment: where it stands, what went back, and what was said with the cashier. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getPayment, queryPayment, type PaymentView } from '@api/payments'
import { useSession } from '@console/app/session'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { tones } from './PaymentsPage'
import './payments.css'

export default function PaymentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['payments', id], queryFn: () => getPayment(id), refetchInterval: 5_000 })
  return <Loaded page query={query} rows={8}>{(view) => <View view={view} />}</Loaded>
}

function View({ view }: { view: PaymentView }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useProblemText()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const one = view.payment
  const ask = useMutation({
    mutationFn: () => queryPayment(one.id),
    onSuccess: () => { void message.success(t('payments.asked')); void cache.invalidateQueries({ queryKey: ['payments', one.id] }) },
    onError: (error) => void message.error(say(problemOf(error))),
  })
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.payments'), to: '/payments' }, { label: one.number.slice(-12).toUpperCase() }]}
        title={formatMoney(one.amount_fen - one.reduction_fen)}
        tag={<StatusTag kind="payment" value={one.state} tone={tones[one.state]} />}
        meta={<span>{one.subject}</span>}
        actions={view.can.includes('ask') && <Button icon={<Icon name="retry" />} loading={ask.isPending} onClick={() => ask.mutate()}>{t('payments.ask')}</Button>}
      />
      <Card className="payments-gap">
        <Facts
          rows={[
            [t('payments.number'), <span key="n" className="mono">{one.number}</span>],
            [t('payments.cashierNo'), one.cashier_no ? <span key="c" className="mono">{one.cashier_no}</span> : '—'],
            [t('payments.customer'), may('customer.read') ? <Link key="l" to={`/customers/${one.seq}` as '/'}>{one.customer}</Link> : one.customer],
            [t('payments.at'), formatInstant(one.created_at)],
            [t('payments.until'), formatInstant(one.expires_at)],
            [t('payments.paidAt'), one.paid_at ? formatInstant(one.paid_at) : '—'],
            [t('payments.price'), formatMoney(one.amount_fen)],
            [t('payments.off'), one.reduction_fen > 0 ? formatMoney(-one.reduction_fen) : '—'],
            [t('payments.back'), formatMoney(one.refunded_fen + one.refunding_fen)],
            [t('payments.why'), one.code ? t(`payments.code.${one.code}`, one.code) : '—'],
          ]}
        />
      </Card>
      <Card className="payments-gap" title={t('payments.refunds')} flush>
        {view.refunds.length === 0 ? <div className="payments-pad"><Empty title={t('payments.noRefunds')}>{t('payments.noRefundsHint')}</Empty></div> : (
          <DataTable
            label={t('payments.refunds')}
            rows={view.refunds}
            rowKey={(row) => row.id}
            columns={[
              { key: 'at', title: t('payments.at'), render: (row) => formatInstant(row.created_at) },
              { key: 'amount', title: t('payments.amount'), number: true, render: (row) => <><b>{formatMoney(row.amount_fen - row.reduction_fen)}</b>{row.reduction_fen > 0 && <small>{t('payments.offPart', { amount: formatMoney(row.reduction_fen) })}</small>}</> },
              { key: 'reason', title: t('mall.reason'), render: (row) => row.reason },
              { key: 'number', title: t('payments.number'), render: (row) => <span className="mono">{row.number.slice(-12).toUpperCase()}</span> },
              { key: 'state', title: t('payments.state'), render: (row) => <><StatusTag kind="refund" value={row.state} tone={tones[row.state]} />{row.code && <small>{t(`payments.code.${row.code}`, row.code)}</small>}</> },
            ]}
          />
        )}
      </Card>
      <Card title={t('payments.exchanges')} flush>
        <DataTable
          label={t('payments.exchanges')}
          rows={view.exchanges}
          rowKey={(row) => `${row.at}-${row.operation}-${row.milliseconds}`}
          columns={[
            { key: 'at', title: t('payments.at'), render: (row) => formatInstant(row.at) },
            { key: 'operation', title: t('payments.operation'), render: (row) => t(`payments.operations.${row.operation}`) },
            { key: 'outcome', title: t('payments.outcome'), render: (row) => <>{t(`payments.outcomes.${row.outcome}`)}{row.code && <small className="mono">{row.code}</small>}</> },
            { key: 'ms', title: t('payments.took'), number: true, render: (row) => row.milliseconds > 0 ? `${formatCount(row.milliseconds)} ms` : '—' },
          ]}
        />
      </Card>
    </>
  )
}
