/** A member of staff's own codes: a poster to show or send, a link to copy, and who came by it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listStaffCodes, listStaffInvited, openStaffCode, type StaffProgramme } from '@api/referral'
import { useBilingual } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { formatCount, formatDay, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StateTag } from './StateTag'
import './referral.css'

export default function MyCodesPage() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['staff-codes'], queryFn: listStaffCodes })
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <>
      <PageHead title={t('myCodes.title')} meta={<span>{t('referral.ownCodeHint')}</span>} />
      <Loaded query={query} rows={6}>
        {({ items }) => {
          const opened = items.filter((one) => one.address)
          const shown = opened.find((one) => one.id === chosen) ?? opened[0]
          if (items.length === 0) return <div className="card"><Empty title={t('myCodes.none')}>{t('myCodes.noneHint')}</Empty></div>
          return (
            <>
              <div className="my-codes">{items.map((one) => <Programme key={one.id} one={one} look={() => setChosen(one.id)} />)}</div>
              {shown && <Invited key={shown.id} one={shown} />}
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function Programme({ one, look }: { one: StaffProgramme; look: () => void }) {
  const { t } = useTranslation()
  const bilingual = useBilingual()
  return (
    <Card title={one.name} right={<StateTag value={one.state} />}>
      <p className="second s13 referral-gap">{bilingual(one.act_label, one.act_label_en)} · {t('referral.days', { opens: formatDay(one.opens_at), closes: formatDay(one.closes_at) })}</p>
      {one.address ? <Opened one={one} look={look} /> : <OpenButton id={one.id} />}
    </Card>
  )
}

function Opened({ one, look }: { one: StaffProgramme; look: () => void }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const [large, setLarge] = useState(false)
  const address = one.address
  const poster = `/v1/referral-programmes/${one.id}/staff-poster${i18n.language === 'en' ? '?english=true' : ''}`
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    void message.success(t('myCodes.copied'))
  }
  const figures = [['referral.accepted', one.accepted], ['referral.qualified', one.qualified], ['referral.rewarded', one.rewarded]] as const
  return (
    <div className="my-code">
      <button type="button" className="my-code-poster" onClick={() => setLarge(true)} aria-label={t('myCodes.enlarge')}><img src={poster} alt={t('myCodes.poster', { name: one.name })} /></button>
      <div className="stack">
        <div className="my-code-figures">{figures.map(([label, count]) => <div key={label}><span className="muted s12">{t(label)}</span><b className="figure second-size">{formatCount(count)}</b></div>)}</div>
        <p className="mono referral-code">{address}</p>
        <div className="row wrap">
          <Button type="primary" icon={<Icon name="copy" />} onClick={() => void copy()}>{t('myCodes.copy')}</Button>
          <a href={`${poster}${poster.includes('?') ? '&' : '?'}kind=poster.png`} download={`${one.name}.png`}><Button icon={<Icon name="download" />}>{t('myCodes.save')}</Button></a>
          {one.accepted > 0 && <Button onClick={look}>{t('myCodes.who')}</Button>}
        </div>
      </div>
      <Modal open={large} title={one.name} footer={null} onCancel={() => setLarge(false)} width={440}><img className="my-code-large" src={poster} alt={t('myCodes.poster', { name: one.name })} /></Modal>
    </div>
  )
}

function OpenButton({ id }: { id: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const cache = useQueryClient()
  const open = useMutation({ mutationFn: () => openStaffCode(id), onSuccess: () => cache.invalidateQueries({ queryKey: ['staff-codes'] }), onError: (error) => void message.error(say(problemOf(error))) })
  return <Button type="primary" loading={open.isPending} onClick={() => open.mutate()}>{t('myCodes.open')}</Button>
}

/** Names are told of customers the reader looks after; the others came all the same. */
function Invited({ one }: { one: StaffProgramme }) {
  const { t } = useTranslation()
  return (
    <section className="my-invited">
      <h2 className="my-invited-title">{t('myCodes.whoCame', { name: one.name })}</h2>
      <DataList
        name={`staff-invited-${one.id}`}
        label={t('myCodes.whoCame', { name: one.name })}
        load={(params) => listStaffInvited(one.id, params)}
        rowKey={(row) => row.id}
        columns={[
          { key: 'who', title: t('referral.invitee'), field: 'name', render: (row) => (row.seq == null ? <span className="muted">{t('myCodes.notYours')}</span> : <Link className="name" to={`/customers/${row.seq}`}>{row.name ?? '—'}</Link>) },
          { key: 'at', title: t('referral.boundAt'), field: 'bound_at', format: 'instant', render: (row) => <span className="nowrap">{formatInstant(row.bound_at)}</span> },
          { key: 'state', title: t('campaign.state'), field: 'state', render: (row) => <StateTag value={row.state} /> },
        ]}
        empty={<Empty title={t('myCodes.nobody')}>{t('myCodes.nobodyHint')}</Empty>}
      />
    </section>
  )
}
