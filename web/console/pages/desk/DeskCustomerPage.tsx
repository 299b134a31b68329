/** A customer at the desk: their benefits, what became of the one asked about, why a campaign did not reach them. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getCustomer } from '@api/customers'
import { listBenefits, listCases, type Benefit } from '@api/desk'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useUnitLabel } from '@console/app/units'
import { formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { useListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { OpenCase } from './CaseDialogs'
import { StoryCard } from './StoryCard'
import { WhyCard } from './WhyCard'
import './desk.css'

const DESK_ACT = 'desk.act'

export default function DeskCustomerPage() {
  const { seq } = useParams({ strict: false }) as { seq: string }
  const query = useQuery({ queryKey: ['benefits', seq], queryFn: () => listBenefits(Number(seq)) })
  return <Loaded page query={query} rows={10}>{(page) => <View seq={Number(seq)} benefits={page.items} />}</Loaded>
}

function View({ seq, benefits }: { seq: number; benefits: Benefit[] }) {
  const { t } = useTranslation()
  const state = useListState()
  const asked = state.params.grant
  const why = state.params.view === 'why'
  const chosen = benefits.find((one) => one.id === asked) ?? benefits[0]
  return (
    <>
      <Head seq={seq} />
      <div className="tabs" role="tablist" aria-label={t('desk.title')}>
        <button type="button" role="tab" aria-selected={!why} onClick={() => state.change({ view: undefined })}>{t('desk.benefits')}<small>{benefits.length}</small></button>
        <button type="button" role="tab" aria-selected={why} onClick={() => state.change({ view: 'why' })}>{t('desk.why')}</button>
      </div>
      {why ? (
        <WhyCard seq={seq} chosen={state.params.campaign} choose={(campaign) => state.change({ campaign })} />
      ) : (
        <div className="desk-two">
          <div className="stack">
            <Card title={t('desk.benefits')} flush>
              {benefits.length === 0 ? (
                <Empty sign="search" title={t('desk.noBenefits')} actions={<Button onClick={() => state.change({ view: 'why' })}>{t('desk.why')}</Button>}>{t('desk.noBenefitsHint')}</Empty>
              ) : (
                <ul className="lines benefit-list">
                  {benefits.map((one) => (
                    <li key={one.id}>
                      <button type="button" aria-pressed={one.id === chosen?.id} onClick={() => state.change({ grant: one.id })}>
                        <BenefitLine benefit={one} />
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </Card>
            <Cases seq={seq} />
          </div>
          {chosen && <StoryCard key={chosen.id} grantId={chosen.id} seq={seq} />}
        </div>
      )}
    </>
  )
}

function BenefitLine({ benefit }: { benefit: Benefit }) {
  const say = useBilingual()
  return (
    <>
      <span className="between"><b>{say(benefit.title, benefit.title_en)}</b><StatusTag kind="grant" value={benefit.state} /></span>
      <span className="second s12">{say(benefit.stands.zh, benefit.stands.en)}</span>
      <span className="muted s12">{[benefit.source, benefit.face_value_fen ? formatMoney(benefit.face_value_fen) : '', formatRecent(benefit.granted_at)].filter(Boolean).join(' · ')}</span>
    </>
  )
}

function Head({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { may } = useSession()
  const [opening, setOpening] = useState(false)
  const query = useQuery({ queryKey: ['customer', String(seq)], queryFn: () => getCustomer(seq) })
  const customer = query.data?.customer
  return (
    <>
      <PageHead
        crumbs={[{ label: t('desk.title'), to: '/desk' }, { label: t('customer.one') }]}
        title={customer?.name ?? customer?.customer_no ?? t('customer.one')}
        tag={customer && <StatusTag kind="customer" value={customer.status} />}
        meta={customer && (
          <>
            <span className="mono">{customer.customer_no}</span>
            <span>{customer.phone ?? '—'}</span>
            <span>{unitLabel(customer.unit_id, customer.unit_name)}</span>
          </>
        )}
        actions={
          <>
            <Link to={`/customers/${seq}`}><Button icon={<Icon name="customer" />}>{t('desk.customerPage')}</Button></Link>
            {may(DESK_ACT) && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpening(true)}>{t('desk.newCase')}</Button>}
          </>
        }
      />
      {opening && <OpenCase seq={seq} close={() => setOpening(false)} />}
    </>
  )
}

function Cases({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['cases', 'customer', seq], queryFn: () => listCases({ seq: String(seq), limit: '20' }) })
  return (
    <Card title={t('desk.cases')} flush>
      <Loaded query={query} rows={2}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="muted s13 desk-pad">{t('desk.noCases')}</p>
          ) : (
            <ul className="lines">
              {page.items.map((row) => (
                <li key={row.id} className="between">
                  <Link to={`/cases/${row.id}`} className="name">{row.title}<small className="muted s12 block">{row.number} · {formatRecent(row.changed_at)}</small></Link>
                  <StatusTag kind="case" value={row.state} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
