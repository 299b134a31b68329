/** One ring: what speaks for it, the devices its members share, who invited them, and everything that was said of it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getRing, type Ring, type RingPage as Whole } from '@api/relations'
import { useUnitLabel } from '@console/app/units'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatDay, formatRecent, formatShare } from '@kit/format'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { RingVerdict } from './RingVerdict'
import { TONES } from './ringStates'
import './relations.css'

export default function RingPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['rings', id], queryFn: () => getRing(id) })
  return <Loaded page query={query} rows={8}>{(page) => <View page={page} />}</Loaded>
}

function View({ page }: { page: Whole }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [state, setState] = useState<Ring['state'] | null>(null)
  const { ring } = page
  const verdicts = (['innocent', 'ring'] as const).filter((one) => one !== ring.state)
  return (
    <>
      <PageHead
        title={t('rings.one', { count: ring.facts.members })}
        tag={<span className={`tag ${TONES[ring.state]}`}>{t(`rings.states.${ring.state}`)}</span>}
        crumbs={[{ label: t('menu.rings'), to: '/rings' }, { label: t('rings.detail') }]}
        meta={<span>{t('rings.foundAt', { at: formatRecent(ring.found_at) })}</span>}
        actions={may('ring.judge') && (
          <>
            {ring.state !== 'new' && <Button onClick={() => setState('new')}>{t('rings.verbs.new')}</Button>}
            {verdicts.map((one) => <Button key={one} type={one === 'ring' ? 'primary' : 'default'} danger={one === 'ring'} onClick={() => setState(one)}>{t(`rings.verbs.${one}`)}</Button>)}
          </>
        )}
      />
      <Evidence page={page} />
      {state && <RingVerdict ring={ring} state={state} close={() => setState(null)} />}
    </>
  )
}

function Evidence({ page }: { page: Whole }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { ring } = page
  return (
    <div className="grid">
      <div className="c12"><Note kind="warning">{t('rings.forRisk')}</Note></div>
      <div className="c12"><Figures items={[
        { label: t('rings.score'), value: Math.round(ring.score * 100), hint: t('rings.scoreHint') },
        { label: t('rings.devices'), value: ring.facts.devices },
        { label: t('rings.quiet'), value: formatShare(ring.facts.quiet, 1) },
        { label: t('rings.burst'), value: formatShare(ring.facts.burst, 1) },
        { label: t('rings.invitedShare'), value: formatShare(ring.facts.invited, 1) },
      ]} /></div>
      <Card className="c4" title={t('rings.reasons')}><ul className="s13">{ring.reasons.map((reason) => <li key={reason.text_en}>{say(reason.text, reason.text_en)}</li>)}</ul><Invitations page={page} /></Card>
      <Card className="c4" title={t('rings.sharedDevices')}><Devices page={page} /></Card>
      <Card className="c4" title={t('rings.history')}><History page={page} /></Card>
      <Card className="c12" title={t('rings.members')} flush><Members page={page} /></Card>
    </div>
  )
}

function Invitations({ page }: { page: Whole }) {
  const { t } = useTranslation()
  if (page.invitations.length === 0) return null
  return (
    <>
      <h3 className="s12 second ring-head">{t('rings.invitations')}</h3>
      <ul className="s13 ring-invited">{page.invitations.map((one) => <li key={one.seq ?? 'others'}>{one.seq == null ? t('rings.byOthers') : <Name page={page} seq={one.seq} />} · {t('rings.invitedCount', { count: one.invited })}</li>)}</ul>
    </>
  )
}

function Name({ page, seq }: { page: Whole; seq: number }) {
  const one = page.ring.members.find((member) => member.seq === seq)
  return <Link className="name" to={`/customers/${seq}`}>{one?.name ?? one?.customer_no ?? `#${seq}`}</Link>
}

const NAMED = 8

function Devices({ page }: { page: Whole }) {
  const { t } = useTranslation()
  if (page.devices.length === 0) return <Empty sign="search" title={t('rings.noDevices')} />
  return (
    <ul className="ring-devices">
      {page.devices.map((device) => (
        <li key={device.label}>
          <span className="letter">{device.label}</span>
          <span className="s13">
            <b>{t('rings.deviceOf', { count: device.seqs.length })}</b> <small className="muted">{t('identity.since', { day: formatDay(device.since) })}{device.shared_by > device.seqs.length && <> · {t('around.sharedBy', { count: device.shared_by })}</>}</small><br />
            {device.seqs.slice(0, NAMED).map((seq, place) => <span key={seq}>{place > 0 && t('list.comma')}<Name page={page} seq={seq} /></span>)}{device.seqs.length > NAMED && ' …'}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Members({ page }: { page: Whole }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const devices = (seq: number) => page.devices.filter((device) => device.seqs.includes(seq)).map((device) => device.label)
  return (
    <DataTable
      label={t('rings.members')}
      rows={page.ring.members}
      rowKey={(row) => row.seq}
      columns={[
        { key: 'who', title: t('leads.who'), render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small>{row.organiser && <> <span className="tag warn">{t('rings.organiser')}</span></>}</span> },
        { key: 'devices', title: t('rings.devices'), render: (row) => devices(row.seq).join(' ') || '—' },
        { key: 'unit', title: t('leads.unit'), render: (row) => unitLabel(row.unit_id, row.unit_name) },
      ]}
    />
  )
}

function History({ page }: { page: Whole }) {
  const { t } = useTranslation()
  if (page.verdicts.length === 0) return <p className="muted s13">{t('rings.noHistory')}</p>
  return (
    <ul className="ring-said s13">
      {page.verdicts.map((one) => (
        <li key={one.judged_at}>
          <span className={`tag ${TONES[one.state]}`}>{t(`rings.states.${one.state}`)}</span> <b>{one.judged_by}</b> <small className="muted">{formatRecent(one.judged_at)} · {t('rings.accounts', { count: one.members, shown: one.members })}</small><p>{one.note}</p>
        </li>
      ))}
    </ul>
  )
}
