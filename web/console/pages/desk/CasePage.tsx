/** One case: what was said, what was done, what was asked for, and how it ended. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { getCase, readCode, withdrawCompensation, withdrawExtension, withdrawReading, type Case, type Reading } from '@api/desk'
import { proveSession } from '@api/session'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { formatInstant, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Note, PageHead } from '@kit/layout'
import { Masked } from '@kit/Masked'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { Withdraw } from './AskList'
import { AssignDialog, EndDialog, NoteDialog } from './CaseDialogs'
import { TakeBack } from './TakeBack'
import './desk.css'

export default function CasePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['case', id], queryFn: () => getCase(id) })
  return <Loaded page query={query} rows={8}>{(found) => <View found={found} />}</Loaded>
}

function View({ found }: { found: Case }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'note' | 'end' | 'assign' | null>(null)
  const { row, can } = found
  const shut = row.state === 'closed'
  const end = can.includes('close') || can.includes('reopen')
  return (
    <>
      <PageHead
        crumbs={[{ label: t('desk.cases'), to: '/cases' }, { label: row.number }]}
        title={row.title || row.number}
        tag={<StatusTag kind="case" value={row.state} />}
        meta={<><span>{t(`desk.caseKinds.${row.kind}`)}</span><span>{row.opened_by_name} {formatRecent(row.opened_at)}</span></>}
        actions={
          <>
            {can.includes('assign') && <Button icon={<Icon name="customer" />} onClick={() => setOpen('assign')}>{t('desk.assign')}</Button>}
            {end && <Button icon={<Icon name={shut ? 'undo' : 'check'} />} onClick={() => setOpen('end')}>{t(shut ? 'desk.reopen' : 'desk.close')}</Button>}
            {can.includes('note') && <Button type="primary" icon={<Icon name="edit" />} onClick={() => setOpen('note')}>{t('desk.addNote')}</Button>}
          </>
        }
      />
      {shut && <div className="desk-gap"><Note icon="check">{t('desk.ended', { outcome: row.outcome, time: formatInstant(row.closed_at) })}</Note></div>}
      <div className="aside">
        <div className="stack">
          <Notes found={found} />
          <Compensations found={found} />
          <Readings found={found} />
          <Done found={found} />
        </div>
        <Who found={found} />
      </div>
      {open === 'note' && <NoteDialog caseId={row.id} close={() => setOpen(null)} />}
      {open === 'assign' && <AssignDialog row={row} close={() => setOpen(null)} />}
      {open === 'end' && <EndDialog caseId={row.id} shut={shut} close={() => setOpen(null)} />}
    </>
  )
}

function Who({ found: { row } }: { found: Case }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const unitLabel = useUnitLabel()
  return (
    <Card title={t('customer.one')}>
      <Facts
        rows={[
          [t('customer.name'), row.name ?? '—'],
          [t('customer.no'), <span key="no" className="mono">{row.customer_no}</span>],
          [t('customer.unit'), unitLabel(row.unit_id, row.unit)],
          [t('desk.number'), <span key="n" className="mono">{row.number}</span>],
          [t('desk.assigned'), row.assigned_to_name],
          ...(row.state === 'open' ? [[t('desk.due'), <span key="d">{formatInstant(row.due_at)}{row.overdue && <small className="late">{t('desk.late')}</small>}</span>] as [string, ReactNode]] : []),
        ]}
      />
      {may('desk.find') && (
        <div className="desk-act">
          <Link to={`/desk/customers/${row.seq}`} search={(row.grant_id ? { grant: row.grant_id } : {}) as never}><Button block icon={<Icon name="benefit" />}>{t('desk.toBenefits')}</Button></Link>
        </div>
      )}
    </Card>
  )
}

function Notes({ found }: { found: Case }) {
  const { t } = useTranslation()
  return (
    <Card title={t('desk.notes')}>
      {found.notes.length === 0 ? (
        <p className="muted s13">{t('desk.noNotes')}</p>
      ) : (
        <ol className="steps">
          {found.notes.map((note) => (
            <li key={note.place} data-state="done">
              <span className="between"><b>{t(`desk.ways.${note.way}`)} · {note.by}</b><span className="muted s12 nowrap">{formatInstant(note.at)}</span></span>
              <p className="note-body">{note.body || t('desk.forgotten')}</p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Compensations({ found }: { found: Case }) {
  const { t } = useTranslation()
  const [back, setBack] = useState<string | null>(null)
  const renew = useRenew(found)
  if (found.compensations.length === 0) return null
  return (
    <Card title={t('desk.compensations')} flush>
      <ul className="lines">
        {found.compensations.map((one) => (
          <li key={one.id}>
            <span className="between wrap"><b>{one.benefit} · {formatMoney(one.amount_fen)}</b><StatusTag kind="compensation" value={one.state} /></span>
            <span className="second s12 block">{one.by} · {formatRecent(one.created_at)} · {one.reason}</span>
            <span className="row wrap">
              {one.grant_id && <Link to={`/desk/customers/${one.seq}`} search={{ grant: one.grant_id } as never}>{t('desk.seeBenefit')}</Link>}
              {one.can.includes('take_back') && <Button size="small" icon={<Icon name="undo" />} onClick={() => setBack(one.id)}>{t('desk.takeBack')}</Button>}
              {one.can.includes('withdraw') && <Withdraw small act={() => withdrawCompensation(one.id)} done={renew} />}
            </span>
          </li>
        ))}
      </ul>
      {back && <TakeBack id={back} done={renew} close={() => setBack(null)} />}
    </Card>
  )
}

function Readings({ found }: { found: Case }) {
  const { t } = useTranslation()
  const renew = useRenew(found)
  if (found.readings.length === 0) return null
  return (
    <Card title={t('desk.readings')} flush>
      <ul className="lines">
        {found.readings.map((one) => (
          <li key={one.id}>
            <span className="between wrap"><b>{one.benefit}</b><StatusTag kind="code_reading" value={one.state} /></span>
            <span className="second s12 block">{one.by} · {formatRecent(one.created_at)} · {one.reason}</span>
            {one.state === 'open' && <span className="second s12 block">{t('desk.openUntil', { time: formatInstant(one.open_until) })}</span>}
            {one.can.includes('read') && <Masked label={t('desk.code')} value="••••••••" given={one.reason} prove={proveSession} reveal={() => read(one)} />}
            {one.can.includes('withdraw') && <Withdraw small act={() => withdrawReading(one.id)} done={renew} />}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** The code stays on the page for its minute: the case is read anew only when it is left or asked for. */
const read = async ({ id }: Reading) => {
  const shown = await readCode(id)
  return { value: shown.plaintext, seconds: Math.max(1, Math.round((Date.parse(shown.expires_at) - Date.now()) / 1000)) }
}

function useRenew({ row }: Case) {
  const cache = useQueryClient()
  return () => void cache.invalidateQueries({ queryKey: ['case', row.id] })
}

function Done({ found }: { found: Case }) {
  const { t } = useTranslation()
  const renew = useRenew(found)
  const done = [
    ...found.acts.map((one) => ({ key: one.id, at: one.at, title: t(`desk.acts.${one.kind}`), by: one.by, reason: one.reason, tag: null, can: [] as string[] })),
    ...found.extensions.map((one) => ({ key: one.id, at: one.created_at, title: t('desk.extendedTo', { time: formatInstant(one.until_at) }), by: one.by, reason: one.reason, tag: <StatusTag kind="extension" value={one.state} />, can: one.can })),
  ].sort((one, other) => one.at.localeCompare(other.at))
  if (done.length === 0) return null
  return (
    <Card title={t('desk.done')}>
      <ol className="steps">
        {done.map((one) => (
          <li key={one.key} data-state="done">
            <span className="between"><b>{one.title}</b><span className="row nowrap">{one.tag}<span className="muted s12">{formatInstant(one.at)}</span></span></span>
            <small>{one.by}{t('desk.colon')}{one.reason}</small>
            {one.can.includes('withdraw') && <Withdraw small act={() => withdrawExtension(one.key)} done={renew} />}
          </li>
        ))}
      </ol>
    </Card>
  )
}
