/** Who the customer is: masked identity with reveal, temperature and lifecycle, unit and owner, since when, what they hold. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { getHeld, type Held } from '@api/accounts'
import { revealField, type CustomerPage as Page } from '@api/customers'
import { proveSession } from '@api/session'
import { getTemperature } from '@api/temperature'
import { useUnitLabel } from '@console/app/units'
import { OwnersDrawer } from '@console/pages/managers/OwnersDrawer'
import { formatCount, formatDay } from '@kit/format'
import { Masked } from '@kit/Masked'
import { StageTag } from './TemperatureCard'

type Personal = 'name' | 'phone' | 'id_document'

/** The attribute in which a bank names the relationship manager. */
const OWNER = 'owner'

export function CustomerHead({ page }: { page: Page }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const [looking, setLooking] = useState(false)
  const { customer } = page
  const reveal = (field: Personal) =>
    page.can.includes('reveal')
      ? async (reason: string) => {
          const shown = await revealField(customer.seq, { field, reason })
          return { value: shown.plaintext, seconds: Math.max(1, Math.round((Date.parse(shown.expires_at) - Date.now()) / 1000)) }
        }
      : undefined
  const [first, ...others] = page.owners
  const owner = first?.name ?? customer.attributes.find((each) => each.name === OWNER && !each.masked)?.value
  const unit = unitLabel(customer.unit_id, customer.unit_name)
  return (
    <section className="card identity" aria-label={t('customer.who')}>
      <div className="row identity-who">
        <span className="face" aria-hidden>{(customer.name ?? customer.customer_no).slice(0, 1)}</span>
        <div>
          <div className="row wrap">
            <b className="identity-name"><Masked label={t('customer.name')} value={customer.name ?? customer.customer_no} reveal={customer.name ? reveal('name') : undefined} prove={proveSession} /></b>
            <Warmth seq={customer.seq} />
          </div>
          <div className="second s12">{t('customer.no')} {customer.customer_no} · {t('customer.seq', { seq: formatCount(customer.seq) })}</div>
        </div>
      </div>
      <div className="identity-facts">
        {(['phone', 'id_document'] as const).map((name) => {
          const label = t(name === 'phone' ? 'customer.phone' : 'customer.idDocument')
          return <Fact key={name} label={label}><Masked label={label} value={customer[name]} reveal={reveal(name)} prove={proveSession} /></Fact>
        })}
        <Fact label={t(owner ? 'customer.owner' : 'customer.unit')}>{owner ? `${String(owner)} · ${unit}` : unit} <Button type="link" size="small" className="owners-open" onClick={() => setLooking(true)}>{t('ownership.open')}</Button></Fact>
        {others.length > 0 && <Fact label={t('customer.coOwners')}>{others.map((each) => each.name).join(t('list.comma'))}</Fact>}
        <HeldFacts seq={customer.seq} entered={customer.created_at} />
        {customer.person !== customer.seq && <Fact label={t('customer.person')}>{formatCount(customer.person)}</Fact>}
      </div>
      {looking && <OwnersDrawer page={page} close={() => setLooking(false)} />}
    </section>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return <div><span className="muted s12">{label}</span><span>{children}</span></div>
}

function Warmth({ seq }: { seq: number }) {
  const { t } = useTranslation()
  const { data } = useQuery({ queryKey: ['temperature', seq], queryFn: () => getTemperature(seq) })
  const reading = data?.reading
  if (!reading) return null
  return <><StageTag stage={reading.stage} value={reading.temperature} /><span className="tag info">{t(`temperature.lifecycles.${reading.lifecycle}`)}</span></>
}

/** With the bank since the first account was opened, or else since the record was made; and what is held now. */
function HeldFacts({ seq, entered }: { seq: number; entered: string }) {
  const { t } = useTranslation()
  const { data, isPending } = useQuery({ queryKey: ['held', seq], queryFn: () => getHeld(seq) })
  const opened = data?.accounts.flatMap((one) => one.opened_on ?? []).sort()[0]
  const kinds = data ? kindsHeld(data) : []
  return (
    <>
      <Fact label={t(opened ? 'customer.opened' : 'customer.since')}>{opened ? t('customer.openedFor', { day: opened, span: spanText(monthsSince(opened), t) }) : formatDay(entered)}</Fact>
      <Fact label={t('customer.holds')}>{isPending ? '' : kinds.length === 0 ? '—' : kinds.map(([kind, count]) => t('customer.held', { kind: t(`held.kinds.${kind}`), count })).join(t('list.comma'))}</Fact>
    </>
  )
}

/** What is held and not closed, counted by kind, accounts before products. */
function kindsHeld(held: Held): [string, number][] {
  const counts = new Map<string, number>()
  for (const one of [...held.accounts, ...held.holdings]) {
    if (one.standing !== 'closed') counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1)
  }
  return [...counts]
}

function monthsSince(day: string, now: Date = new Date()): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const [thisYear = 0, thisMonth = 0, today = 0] = formatDay(now).split('-').map(Number)
  return Math.max(0, (thisYear - year) * 12 + thisMonth - month - (today < date ? 1 : 0))
}

function spanText(months: number, t: ReturnType<typeof useTranslation>['t']): string {
  const years = Math.floor(months / 12)
  const parts = [years && t('customer.years', { count: years }), months % 12 && t('customer.months', { count: months % 12 })]
  return parts.filter(Boolean).join(' ') || t('customer.thisMonth')
}
