/** Accepted invitations: who invited whom, how it stands, why it is held back; a release needs a second person. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askCase, listBonds, listBondSteps, type Bond, type Verb } from '@api/referral'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataList } from '@kit/DataPage'
import { formatInstant, formatMoney } from '@kit/format'
import { Note } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StateTag } from './StateTag'

const STATES = ['blocked', 'bound', 'qualified', 'rewarded', 'lapsed', 'clawed_back'] as const

export function Bonds({ id, reasons }: { id: string; reasons: Record<string, number> }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<{ bond: Bond; verb: Verb } | null>(null)
  const [looked, setLooked] = useState<Bond | null>(null)
  const why = Object.entries(reasons).map(([reason, count]) => `${t(`referral.reasons.${reason}`)} ${count}`).join(' · ')
  return (
    <section className="referral-bonds">
      <h2>{t('referral.bonds')}</h2>
      {why && <p className="small muted">{t('referral.why', { why })}</p>}
      <DataList<Bond>
        name={`referral_bonds`}
        label={t('referral.bonds')}
        load={(query) => listBonds(id, query)}
        rowKey={(row) => row.id}
        open={setLooked}
        statuses={STATES.map((key) => ({ value: key, label: t(`referral.states.${key}`) }))}
        columns={[
          { key: 'invitee', title: t('referral.invitee'), field: 'invitee', render: (row) => (row.invitee == null ? <span className="muted">{t('around.elsewhere')}</span> : <Link className="name" to={`/customers/${row.invitee_seq}`}>{row.invitee}</Link>) },
          { key: 'inviter', title: t('referral.inviter'), field: 'inviter', render: (row) => (row.staff ? t('referral.staffMember', { name: row.staff }) : row.inviter == null ? <span className="muted">{t('around.elsewhere')}</span> : <Link className="name" to={`/customers/${row.inviter_seq}`}>{row.inviter}</Link>) },
          { key: 'channel', title: t('referral.channelName'), field: 'channel', words: 'referral.channel', render: (row) => t(`referral.channel.${row.channel}`) },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'referral.states', render: (row) => <StateTag value={row.state} /> },
          { key: 'reasons', title: t('referral.reason'), field: 'reasons', render: (row) => (row.reasons.length === 0 ? '—' : row.reasons.map((one) => t(`referral.reasons.${one}`)).join('、')) },
          { key: 'bound', title: t('referral.boundAt'), field: 'bound_at', format: 'instant', render: (row) => formatInstant(row.bound_at) },
          { key: 'due', title: t('referral.dueAt'), field: 'due_at', format: 'instant', render: (row) => (row.state === 'qualified' && row.due_at ? formatInstant(row.due_at) : '—') },
          { key: 'cost', title: t('referral.cost'), field: 'cost_fen', format: 'yuan', number: true, render: (row) => (row.cost_fen ? formatMoney(row.cost_fen) : '—') },
          { key: 'can', title: '', render: (row) => (row.change_id ? <Link to={`/approvals/${row.change_id}`} onClick={(event) => event.stopPropagation()}>{t('referral.inApproval')}</Link> : row.can.map((verb) => <Button key={verb} size="small" onClick={(event) => { event.stopPropagation(); setAsked({ bond: row, verb: verb as Verb }) }}>{t(`referral.verbs.${verb}`)}</Button>)) },
        ]}
        empty={<Empty sign="search" title={t('referral.noBonds')}>{t('referral.noBondsHint')}</Empty>}
      />
      {asked && <CaseDialog id={id} {...asked} close={() => setAsked(null)} />}
      {looked && <Steps bond={looked} close={() => setLooked(null)} />}
    </section>
  )
}

function CaseDialog({ id, bond, verb, close }: { id: string; bond: Bond; verb: Verb; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const submit = async ({ reason }: { reason: string }) => {
    await askCase(bond.id, verb, reason)
    await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('referral_bonds') || (queryKey[0] === 'referral' && queryKey[1] === id) })
    void message.success(t('referral.asked'))
  }
  return (
    <Ask<{ reason: string }> title={t(`referral.verbs.${verb}`)} submit={submit} close={close} danger={verb === 'claw_back'} action={t('action.submit')}>
      <div className="referral-gap"><Note kind={verb === 'claw_back' ? 'warning' : undefined}>{t(`referral.verbHints.${verb}`)}{bond.reasons.length > 0 && <> {t('referral.heldFor', { why: bond.reasons.map((one) => t(`referral.reasons.${one}`)).join('、') })}</>}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input.TextArea maxLength={200} autoSize={{ minRows: 2 }} /></Form.Item>
    </Ask>
  )
}

/** How an accepted invitation went on, one line a step. */
function Steps({ bond, close }: { bond: Bond; close: () => void }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['referral-steps', bond.id], queryFn: () => listBondSteps(bond.id) })
  return (
    <Modal open title={t('referral.story')} onCancel={close} footer={null} destroyOnHidden>
      <Loaded query={query} rows={3}>{(page) => (
        <ol className="referral-steps">
          {page.items.map((one) => (
            <li key={one.no}><StateTag value={one.state} /> <span className="muted">{formatInstant(one.at)}{one.by && ` · ${one.by}`}</span>{(one.reasons.length > 0 || one.note) && <p className="small">{[...one.reasons.map((reason) => t(`referral.reasons.${reason}`)), one.note].filter(Boolean).join(' · ')}</p>}</li>
          ))}
        </ol>
      )}</Loaded>
    </Modal>
  )
}
