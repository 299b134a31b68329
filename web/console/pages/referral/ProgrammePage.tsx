/** One programme: from accepted to rewarded, what each side gets, who invited whom, and the cases held back. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getProgramme, moveProgramme, openStaffCode, type Move, type ProgrammePage as Page } from '@api/referral'
import { useSession } from '@console/app/session'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { formatCount, formatDay, formatMoney, formatShare } from '@kit/format'
import { Funnel } from '@kit/Funnel'
import { Card, Facts, Figures, Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { AttributionCard } from './AttributionCard'
import { Bonds } from './Bonds'
import { ChannelsCard } from './ChannelsCard'
import { InviteTreeCard } from './InviteTreeCard'
import { StateTag } from './StateTag'
import './referral.css'

export default function ProgrammePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['referral', id], queryFn: () => getProgramme(id) })
  return <Loaded page query={query} rows={10}>{(page) => <Whole page={page} />}</Loaded>
}

function Whole({ page }: { page: Page }) {
  const { t } = useTranslation()
  const { row, terms } = page
  const figures = row.figures
  const [move, setMove] = useState<Move | null>(null)
  return (
    <>
      <PageHead
        title={row.name}
        tag={<StateTag value={row.state} />}
        crumbs={[{ label: t('menu.referral'), to: '/referral' }, { label: row.name }]}
        meta={<span>{t('referral.days', { opens: formatDay(row.opens_at), closes: formatDay(row.closes_at) })} · {t('referral.by', { who: row.by })}</span>}
        actions={<><OwnCode id={row.id} live={row.state === 'live'} />{row.can.map((verb) => <Button key={verb} danger={verb === 'stop'} onClick={() => setMove(verb as Move)}>{t(`referral.moves.${verb}`)}</Button>)}</>}
      />
      {row.state === 'submitted' && row.change_id && <div className="above-list"><Note>{t('referral.waits')} <Link to={`/approvals/${row.change_id}`}>{t('referral.look')}</Link></Note></div>}
      <div className="grid">
        <div className="c12"><Figures items={[
          { label: t('referral.inviters'), value: formatCount(figures.referrers) },
          { label: t('referral.rewarded'), value: formatCount(figures.rewarded), hint: t('referral.ofAccepted', { share: formatShare(figures.rewarded, figures.accepted) }) },
          { label: t('referral.cost'), value: formatMoney(figures.cost_fen), hint: t('referral.perHead', { amount: formatMoney(figures.rewarded ? Math.round(figures.cost_fen / figures.rewarded) : 0) }) },
          { label: t('referral.value'), value: formatMoney(figures.value_fen), hint: t('referral.valueHint') },
        ]} /></div>
        <Card className="c7 at-top" title={t('referral.funnel')}>
          <Funnel steps={[
            { label: t('referral.accepted'), count: figures.accepted, unit: t('referral.people') },
            { label: t('referral.qualified'), count: figures.qualified, unit: t('referral.people') },
            { label: t('referral.rewarded'), count: figures.rewarded, unit: t('referral.people') },
          ]} />
          <p className="small muted referral-gap">{t('referral.aside', { under: figures.under_way, held: figures.held, lapsed: figures.lapsed, blocked: figures.blocked, back: figures.clawed_back })}</p>
        </Card>
        <Card className="c5 at-top" title={t('referral.gives')}>
          <ul className="referral-benefits">
            {page.benefits.filter((one) => !one.channel).map((one) => (
              <li key={one.line}>
                <div><small className="muted">{one.invitees ? t('referral.step', { count: one.invitees }) : t(one.line === 0 ? 'referral.inviter' : terms.help_hours ? 'referral.helper' : 'referral.invitee')}</small><b>{one.title}</b></div>
                <div className="end"><b>{formatMoney(one.cost_fen)}</b><small className="muted">{t('referral.left', { left: formatCount(one.left), stock: formatCount(one.stock) })}</small></div>
              </li>
            ))}
          </ul>
          <Facts left rows={[
            [t('referral.act'), terms.act_label],
            ...(terms.help_hours ? [[t('referral.helpHours'), t('referral.helpValue', { hours: terms.help_hours })] as [string, string]] : []),
            [t('referral.actDays'), t('referral.dayCount', { count: terms.act_days })],
            [t('referral.holdDays'), t('referral.dayCount', { count: terms.hold_days })],
            [t('referral.freshDays'), terms.fresh_days ? t('referral.freshValue', { count: terms.fresh_days }) : t('referral.freshNone')],
            [t('referral.limits'), t('referral.limitsValue', { person: terms.person_limit, day: terms.day_limit })],
          ]} />
        </Card>
        <ChannelsCard page={page} />
        <AttributionCard id={row.id} name={row.name} />
        <InviteTreeCard id={row.id} />
      </div>
      <Bonds id={row.id} reasons={page.reasons} />
      {move && <MoveDialog page={page} move={move} close={() => setMove(null)} />}
    </>
  )
}

/** A member of staff's own code: what comes of it counts for them and their unit. */
function OwnCode({ id, live }: { id: string; live: boolean }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { modal } = App.useApp()
  if (!live || !may('referral.invite')) return null
  const show = async () => {
    const found = await openStaffCode(id)
    const address = `${window.location.origin}${found.path}`
    modal.info({ title: t('referral.ownCode'), content: <><p>{t('referral.ownCodeHint')}</p><p className="mono referral-code">{address}</p></>, okText: t('action.close') })
  }
  return <Button onClick={() => void show()}>{t('referral.ownCode')}</Button>
}

function MoveDialog({ page, move, close }: { page: Page; move: Move; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await moveProgramme(page.row.id, move, reason)
    await cache.invalidateQueries({ queryKey: ['referral', page.row.id] })
  }
  return (
    <Ask<{ reason: string }> title={t(`referral.moves.${move}`)} submit={submit} close={close} danger={move === 'stop'} action={t(`referral.moves.${move}`)} typed={move === 'stop' ? page.row.name : undefined}>
      <div className="referral-gap"><Note kind={move === 'stop' ? 'warning' : undefined}>{t(`referral.moveHints.${move}`)}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}
