/** The service desk: one field for whatever number a customer reads out, and the cases one has open. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { useState, type SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { findAtDesk, listCases, type Found, type Purpose } from '@api/desk'
import { useUnitLabel } from '@console/app/units'
import { DataTable } from '@kit/DataTable'
import { formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './desk.css'

const purposes: Purpose[] = ['call', 'counter', 'complaint', 'order']

export default function DeskPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [purpose, setPurpose] = useState<Purpose>('call')
  const find = useMutation({
    mutationFn: () => findAtDesk(text.trim(), purpose),
    onSuccess: (found) => {
      const [only] = found.customers
      if (found.customers.length !== 1 || !only) return
      if (found.case_id) void navigate({ to: `/cases/${found.case_id}` })
      else void navigate({ to: `/desk/customers/${only.seq}`, search: (found.grant_id ? { grant: found.grant_id } : {}) as never })
    },
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (text.trim().length > 1) find.mutate()
  }
  return (
    <>
      <PageHead title={t('desk.title')} meta={<span><Icon name="lock" className="inline-icon" /> {t('desk.recorded')}</span>} />
      <form className="card desk-find" onSubmit={submit} role="search">
        <label htmlFor="desk-text">{t('desk.ask')}</label>
        <div className="desk-field">
          <Input id="desk-text" size="large" autoFocus allowClear autoComplete="off" spellCheck={false} maxLength={100} prefix={<Icon name="search" />} placeholder={t('desk.hint')} value={text} onChange={(event) => setText(event.target.value)} />
          <Select aria-label={t('desk.purpose')} size="large" value={purpose} onChange={setPurpose} options={purposes.map((value) => ({ value, label: t(`desk.purposes.${value}`) }))} />
          <Button type="primary" size="large" htmlType="submit" loading={find.isPending}>{t('desk.find')}</Button>
        </div>
        <p className="muted s12">{t('desk.kindsHint')}</p>
      </form>
      {find.error && <div className="desk-gap"><Note kind="danger">{say(problemOf(find.error))}</Note></div>}
      {find.data && find.data.customers.length !== 1 && <Results found={find.data} />}
      <Mine />
    </>
  )
}

function Results({ found }: { found: Found }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  if (found.customers.length === 0) {
    return (
      <div className="card desk-gap" role="status">
        <Empty sign="search" title={t('desk.nobody')}>
          {t('desk.tried', { kinds: found.tried.map((kind) => t(`desk.kinds.${kind}`)).join(t('list.comma')) })} {t('desk.mend')}
        </Empty>
      </div>
    )
  }
  return (
    <div className="desk-gap">
      <Card title={t('desk.several', { count: found.customers.length })} flush>
        <DataTable
          label={t('desk.several', { count: found.customers.length })}
          rows={found.customers}
          rowKey={(row) => row.seq}
          open={(row) => void navigate({ to: `/desk/customers/${row.seq}` })}
          columns={[
            { key: 'name', title: t('customer.one'), render: (row) => <Link className="name" to={`/desk/customers/${row.seq}`}>{row.name ?? '—'}</Link> },
            { key: 'no', title: t('customer.no'), render: (row) => <span className="mono">{row.customer_no}</span> },
            { key: 'phone', title: t('customer.phone'), render: (row) => row.phone ?? '—' },
            { key: 'unit', title: t('customer.unit'), render: (row) => unitLabel(row.unit_id, row.unit_name) },
            { key: 'state', title: t('campaign.state'), render: (row) => <StatusTag kind="customer" value={row.status} /> },
          ]}
        />
      </Card>
    </div>
  )
}

/** What one has begun and not ended: the next thing to do at a desk. */
function Mine() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery({ queryKey: ['cases', 'mine', 'open'], queryFn: () => listCases({ view: 'mine', status: 'open', limit: '8' }) })
  return (
    <Card title={t('desk.mine')} flush right={<Link to="/cases">{t('desk.allCases')} ›</Link>}>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty sign="search" title={t('desk.noneMine')}>{t('desk.noneMineHint')}</Empty>
          ) : (
            <DataTable
              label={t('desk.mine')}
              rows={page.items}
              rowKey={(row) => row.id}
              open={(row) => void navigate({ to: `/cases/${row.id}` })}
              columns={[
                { key: 'title', title: t('desk.case'), render: (row) => <><Link className="name" to={`/cases/${row.id}`}>{row.title}</Link><small className="mono">{row.number}</small></> },
                { key: 'kind', title: t('desk.kind'), render: (row) => t(`desk.caseKinds.${row.kind}`) },
                { key: 'customer', title: t('customer.one'), render: (row) => <>{row.name ?? '—'}<small className="mono">{row.customer_no}</small></> },
                { key: 'changed', title: t('desk.changed'), render: (row) => <span className="nowrap">{formatRecent(row.changed_at)}</span> },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  )
}
