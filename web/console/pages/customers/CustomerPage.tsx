/** One customer whole: who, how warm, what happened, what is to be done, what they have and allow; each part by itself. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listGrants } from '@api/campaigns'
import { getCustomer, revealField, type CustomerPage as Page } from '@api/customers'
import { proveSession } from '@api/session'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useUnitLabel } from '@console/app/units'
import { TagsCard } from '@console/pages/tags/TagsCard'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Note, PageHead } from '@kit/layout'
import { Masked } from '@kit/Masked'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { EraseButton } from './EraseButton'
import { HeldCards, Transactions } from './HeldCards'
import { IdentityCard } from './IdentityCard'
import { NextCard } from './NextCard'
import { ScoresCard } from './ScoresCard'
import { TemperatureCard } from './TemperatureCard'
import { TimelineCard } from './TimelineCard'
import './customers.css'

type Customer = Page['customer']

export default function CustomerPage() {
  const { seq } = useParams({ strict: false }) as { seq: string }
  const query = useQuery({ queryKey: ['customer', seq], queryFn: () => getCustomer(Number(seq)) })
  return <Loaded query={query} rows={10}>{(page) => <View page={page} />}</Loaded>
}

function View({ page }: { page: Page }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const unitLabel = useUnitLabel()
  const { customer } = page
  const revealing = page.can.includes('reveal')
  const reveal = (field: 'name' | 'phone' | 'id_document') =>
    revealing
      ? async (reason: string) => {
          const shown = await revealField(customer.seq, { field, reason })
          return { value: shown.plaintext, seconds: Math.max(1, Math.round((Date.parse(shown.expires_at) - Date.now()) / 1000)) }
        }
      : undefined
  const field = (name: 'phone' | 'id_document', label: string) => (
    <div><span className="muted s12">{label}</span><Masked label={label} value={customer[name]} reveal={reveal(name)} prove={proveSession} /></div>
  )
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('customer.page') }]}
        title={t('customer.whole')}
        tag={<StatusTag kind="customer" value={customer.status} />}
        actions={<>{may('desk.find') && <Link to={`/desk/customers/${customer.seq}`}><Button icon={<Icon name="help" />}>{t('menu.desk')}</Button></Link>}<span className="s12 second row"><Icon name="lock" />{t('customer.maskedHint')}</span>{page.can.includes('erase') && <EraseButton seq={customer.seq} customerNo={customer.customer_no} />}</>}
      />
      <section className="card identity" aria-label={t('customer.who')}>
        <div className="row" style={{ gap: 16 }}>
          <span className="face" aria-hidden>{(customer.name ?? customer.customer_no).slice(0, 1)}</span>
          <div>
            <b className="identity-name"><Masked label={t('customer.name')} value={customer.name ?? customer.customer_no} reveal={customer.name ? reveal('name') : undefined} prove={proveSession} /></b>
            <div className="second s12">{t('customer.seq', { seq: formatCount(customer.seq) })}</div>
          </div>
        </div>
        <div className="identity-facts">
          <div><span className="muted s12">{t('customer.no')}</span><span>{customer.customer_no}</span></div>
          {field('phone', t('customer.phone'))}
          {field('id_document', t('customer.idDocument'))}
          <div><span className="muted s12">{t('customer.unit')}</span><span>{unitLabel(customer.unit_id, customer.unit_name)}</span></div>
          <div><span className="muted s12">{t('customer.since')}</span><span>{formatDay(customer.created_at)}</span></div>
          {customer.person !== customer.seq && <div><span className="muted s12">{t('customer.person')}</span><span>{formatCount(customer.person)}</span></div>}
        </div>
      </section>
      <div className="grid">
        <TemperatureCard seq={customer.seq} />
        <TimelineCard seq={customer.seq} />
        <div className="stack c4">
          <NextCard seq={customer.seq} />
          {may('tag.read') && <TagsCard seq={customer.seq} />}
          <ScoresCard seq={customer.seq} />
          <Consents customer={customer} />
          <IdentityCard seq={customer.seq} />
        </div>
        <HeldCards seq={customer.seq} />
        {may('campaign.read') && <Grants seq={customer.seq} />}
        <Attributes customer={customer} />
        <Transactions seq={customer.seq} />
      </div>
    </>
  )
}

function Attributes({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const known = customer.attributes.filter((each) => each.value !== null || each.masked)
  const unknown = customer.attributes.length - known.length
  const shown = (value: unknown) => (typeof value === 'boolean' ? t(value ? 'segment.yes' : 'segment.no') : typeof value === 'number' ? formatCount(value) : String(value))
  return (
    <Card className="c12" title={t('customer.attributes')} hint={t('customer.attributesHint', { known: known.length, unknown })}>
      {known.length === 0 ? (
        <p className="muted s13">{t('customer.noAttributes')}</p>
      ) : (
        <dl className="attributes">
          {known.map((each) => (
            <div key={each.name}>
              <dt>{say(each.label, each.label_en) || each.name}{each.deposit_derived && <span className="tag gold plain" title={t('customer.depositHint')}>B1</span>}</dt>
              <dd>{each.masked ? '****' : shown(each.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

function Consents({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card title={t('customer.consents')}>
      <Facts
        rows={customer.consents.map((consent) => [
          say(consent.label, consent.label_en),
          consent.verdict ? (
            <span key="v" className={consent.verdict === 'given' ? 'good' : 'bad'} title={[consent.text_version && t('customer.textVersion', { version: consent.text_version }), consent.channel].filter(Boolean).join(' · ')}>
              {t(`customer.verdicts.${consent.verdict}`)} {consent.basis && consent.basis !== 'consent' ? t(`customer.bases.${consent.basis}`, { defaultValue: consent.basis }) : ''} {formatDay(consent.at)}
            </span>
          ) : (
            <span key="n" className="muted">{t('customer.neverAsked')}</span>
          ),
        ])}
      />
      {customer.suppressions.length > 0 && (
        <div style={{ marginTop: 12 }}>
          <Note kind="warning">
            {t('customer.suppressed')} {customer.suppressions.map((each) => `${t(`customer.reasons.${each.reason}`)}（${formatDay(each.at)}）`).join(t('list.comma'))}
          </Note>
        </div>
      )}
    </Card>
  )
}

function Grants({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['grants', 'customer', seq], queryFn: () => listGrants({ seq: String(seq) }) })
  return (
    <Card className="c12" title={t('customer.grants')} flush>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty sign="search" title={t('grant.none')} />
          ) : (
            <DataTable
              label={t('customer.grants')}
              rows={page.items}
              rowKey={(grant) => grant.id}
              columns={[
                { key: 'title', title: t('campaign.sku'), render: (grant) => <b>{grant.title}</b> },
                { key: 'amount', title: t('grant.cost'), number: true, render: (grant) => formatMoney(grant.amount_fen) },
                { key: 'granted', title: t('grant.granted'), render: (grant) => formatRecent(grant.granted_at) },
                { key: 'claimed', title: t('grant.claimed'), render: (grant) => formatRecent(grant.claimed_at) },
                { key: 'used', title: t('grant.used'), render: (grant) => formatRecent(grant.used_at) },
                { key: 'expires', title: t('grant.expires'), render: (grant) => formatRecent(grant.expires_at) },
                { key: 'state', title: t('campaign.state'), render: (grant) => <StatusTag kind="grant" value={grant.state} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  )
}
