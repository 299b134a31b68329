/** What the customer has been given: points with what runs out next, benefits still open first, all of them in a drawer. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listGrants, type Grant } from '@api/campaigns'
import { listPoints, type Points } from '@api/customers'
import { listTypes } from '@api/points'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatLastDay, formatMoney, formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const SHOWN = 5
const OPEN: Grant['state'][] = ['fulfilled', 'fulfilling', 'issued', 'reserved']

/** Those that may still be used, the next to end first; then the others, the latest first. */
export function byUse<Row extends Pick<Grant, 'state' | 'expires_at' | 'granted_at'>>(grants: Row[]): Row[] {
  const open = grants.filter((one) => OPEN.includes(one.state)).sort((one, other) => (one.expires_at ?? '9').localeCompare(other.expires_at ?? '9'))
  const ended = grants.filter((one) => !OPEN.includes(one.state)).sort((one, other) => (other.granted_at ?? '').localeCompare(one.granted_at ?? ''))
  return [...open, ...ended]
}

export function BenefitsCard({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [all, setAll] = useState(false)
  const reading = may('campaign.read')
  const grants = useQuery({ queryKey: ['grants', 'customer', seq], queryFn: () => listGrants({ seq: String(seq) }), enabled: reading })
  const count = grants.data?.items.length ?? 0
  return (
    <Card title={t('customer.benefits')} right={count > 0 && <Button type="link" size="small" className="bare" onClick={() => setAll(true)}>{t('customer.allGrants', { count })}</Button>}>
      <PointsPart seq={seq} />
      {reading && <Loaded query={grants} rows={4}>{(page) => <Given grants={page.items} />}</Loaded>}
      {all && grants.data && (
        <Drawer open title={t('customer.grants')} onClose={() => setAll(false)} size={860}>
          <GrantTable rows={grants.data.items} />
        </Drawer>
      )}
    </Card>
  )
}

/** Chances in a play stand in the ledger beside points, but are none: the play's own page tells of them. */
const isPoints = (one: Points) => !one.currency.startsWith('PLAY-')

function PointsPart({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const types = useQuery({ queryKey: ['point-types'], queryFn: listTypes, enabled: may('points.read') })
  const names = new Map((types.data?.items ?? []).map((one) => [one.code, say(one.name, one.name_en)]))
  const query = useQuery({ queryKey: ['points', seq], queryFn: async () => (await listPoints(seq)).items.filter(isPoints) })
  return (
    <Loaded query={query} rows={1}>
      {(held) => (
        <div className="points">
          {held.length === 0 && <p className="muted s13">{t('customer.noPoints')}</p>}
          {held.map((one) => (
            <div key={one.currency}>
              <span className="second s12">{t('customer.points', { context: one.currency === 'POINTS' ? undefined : 'named', name: names.get(one.currency) ?? t('customer.otherPoints') })}</span>
              <b className="figure gold">{formatCount(one.balance)}<u>{t('customer.pointsUnit')}</u></b>
              <small className="second">{ending(one, t)}</small>
            </div>
          ))}
        </div>
      )}
    </Loaded>
  )
}

function ending(points: Points, t: ReturnType<typeof useTranslation>['t']): string {
  const next = points.lots.find((lot) => lot.expires_at)
  if (!next) return t('customer.pointsLast')
  const day = formatLastDay(next.expires_at)
  const amount = points.lots.filter((lot) => lot.expires_at && formatLastDay(lot.expires_at) === day).reduce((sum, lot) => sum + lot.remaining, 0)
  return t('customer.pointsEnd', { amount: formatCount(amount), day })
}

function Given({ grants }: { grants: Grant[] }) {
  const { t } = useTranslation()
  if (grants.length === 0) return <p className="muted s13">{t('grant.none')}</p>
  const year = formatDay(new Date()).slice(0, 4)
  const ofYear = grants.filter((one) => formatDay(one.granted_at).startsWith(year))
  const used = ofYear.filter((one) => one.state === 'used')
  return (
    <>
      <ul className="given" aria-label={t('customer.grants')}>
        {byUse(grants).slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            <span>{one.title}</span>
            <small className="second nowrap">{OPEN.includes(one.state) ? (one.expires_at ? t('customer.until', { day: formatDay(one.expires_at).slice(5) }) : t('customer.noEnd')) : formatDay(one.granted_at).slice(5)}</small>
            <StatusTag kind="grant" value={one.state} />
          </li>
        ))}
      </ul>
      <p className="between given-sum s12"><span className="second">{t('customer.givenThisYear', { granted: ofYear.length, used: used.length })}</span><b>{t('customer.givenCost', { cost: formatMoney(used.reduce((sum, one) => sum + one.amount_fen, 0)) })}</b></p>
    </>
  )
}

function GrantTable({ rows }: { rows: Grant[] }) {
  const { t } = useTranslation()
  return (
    <DataTable
      label={t('customer.grants')}
      rows={rows}
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
