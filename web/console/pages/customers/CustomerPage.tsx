/** One customer whole: who, how warm, what happened, what is to be done, what they have and allow; each part by itself. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getCustomer, type CustomerPage as Page } from '@api/customers'
import { useSession } from '@console/app/session'
import { GridCard } from '@console/pages/grid/GridCard'
import { NeighbourhoodCard } from '@console/pages/relations/NeighbourhoodCard'
import { TagsCard } from '@console/pages/tags/TagsCard'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { Broken, Skeleton } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { AttributesCard } from './AttributesCard'
import { BenefitsCard } from './BenefitsCard'
import { ConsentsCard } from './ConsentsCard'
import { CustomerHead } from './CustomerHead'
import { EraseButton } from './EraseButton'
import { HeldCards, Transactions } from './HeldCards'
import { IdentityCard } from './IdentityCard'
import { NextCard } from './NextCard'
import { ReviewButton } from './ReviewButton'
import { ScoresCard } from './ScoresCard'
import { TemperatureCard } from './TemperatureCard'
import { GrowthCard } from '../tiers/GrowthCard'
import { TimelineCard } from './TimelineCard'
import './customers.css'

export default function CustomerPage() {
  const { seq } = useParams({ strict: false }) as { seq: string }
  return <Whole key={seq} seq={Number(seq)} />
}

/** All parts ask at once; none waits for the head. Nobody there: the page says so in their place. */
function Whole({ seq }: { seq: number }) {
  const { may, ownCustomers } = useSession()
  const query = useQuery({ queryKey: ['customer', String(seq)], queryFn: () => getCustomer(seq) })
  const page = query.data
  if (!page && query.error) return <Broken page error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <Head page={page} />
      {page ? <CustomerHead page={page} /> : <section className="card identity"><Skeleton rows={1} /></section>}
      <div className="grid customer">
        <TemperatureCard seq={seq} />
        <div className="stack c4 fill">
          <NextCard seq={seq} />
          {page && <ConsentsCard customer={page.customer} />}
        </div>
        <TimelineCard seq={seq} className="c5" />
        <div className="stack c3">
          <GridCard seq={seq} />
          {(may('tag.read') || ownCustomers) && <TagsCard seq={seq} />}
        </div>
        <div className="stack c4">
          <BenefitsCard seq={seq} />
          <ScoresCard seq={seq} />
        </div>
        <NeighbourhoodCard seq={seq} className="c8" />
        <div className="stack c4 fill"><IdentityCard seq={seq} /></div>
        <HeldCards seq={seq} />
        <div className="c12 side-by-side">
          <GrowthCard seq={seq} />
          {page && <AttributesCard customer={page.customer} className="" />}
        </div>
        <Transactions seq={seq} />
      </div>
    </>
  )
}

function Head({ page }: { page: Page | undefined }) {
  const { t } = useTranslation()
  const { may } = useSession()
  return (
    <PageHead
      crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('customer.page') }]}
      title={t('customer.whole')}
      tag={page && <StatusTag kind="customer" value={page.customer.status} />}
      actions={
        <>
          <span className="s12 second row"><Icon name="lock" />{t('customer.maskedHint')}</span>
          {page && <ReviewButton seq={page.customer.seq} name={page.customer.name ?? page.customer.customer_no} />}
          {page && may('desk.find') && <Link to={`/desk/customers/${page.customer.seq}`}><Button icon={<Icon name="help" />}>{t('menu.desk')}</Button></Link>}
          {page && <Link to={`/customers/${page.customer.seq}/points`}><Button icon={<Icon name="drop" />}>{t('points.account')}</Button></Link>}
          {page?.can.includes('erase') && <EraseButton seq={page.customer.seq} customerNo={page.customer.customer_no} />}
        </>
      }
    />
  )
}
