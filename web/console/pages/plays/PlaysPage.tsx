/** Plays by state; a new one begins with its name and its look. */
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createPlay, listPlays, type PlayDraft } from '@api/plays'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent, formatWindow } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { KINDS, isDone, oddsDue, wayOf, type Kind } from './shapes'
import './plays.css'

const states = ['live', 'paused', 'submitted', 'draft', 'ended'] as const

export default function PlaysPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const add = may('campaign.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('play.new')}</Button>
  return (
    <>
      <DataPage
        name="plays"
        title={t('menu.plays')}
        label={t('menu.plays')}
        meta={t('play.meta')}
        load={listPlays}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/plays/${row.id}` })}
        statuses={states.map((value) => ({ value, label: t(`status.play.${value}`) }))}
        actions={add}
        filters={(state) => <Select allowClear placeholder={t('way.allKinds')} aria-label={t('play.kind')} className="play-kind-filter" value={state.params.kind} onChange={(kind?: string) => state.change({ kind })} options={KINDS.map((value) => ({ value, label: t(`play.kinds.${value}`) }))} />}
        columns={[
          { key: 'name', title: t('play.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{t(`play.kinds.${row.kind}`)}</small></> },
          { key: 'window', title: t('play.window'), field: 'opens_at', format: 'instant', render: (row) => <span className="nowrap">{row.opens_at ? formatWindow(row.opens_at, row.closes_at) : '—'}</span> },
          { key: 'prizes', title: t('play.prizes'), field: 'prizes', format: 'count', number: true, render: (row) => formatCount(row.prizes) },
          { key: 'draws', title: t('play.draws'), field: 'draws', format: 'count', number: true, render: (row) => formatCount(row.draws) },
          { key: 'created', title: t('play.created'), field: 'created_at', format: 'instant', render: (row) => formatRecent(row.created_at) },
          { key: 'state', title: t('play.state'), field: 'state', words: 'status.play', render: (row) => <StatusTag kind="play" value={row.state} /> },
        ]}
        empty={<Empty title={t('play.none')} actions={add}>{t('play.noneHint')}</Empty>}
      />
      {adding && <Add close={() => setAdding(false)} open={(id) => void navigate({ to: `/plays/${id}` })} />}
    </>
  )
}

function Add({ close, open }: { close: () => void; open: (id: string) => void }) {
  const { t } = useTranslation()
  const [no] = useState(requestNo)
  const submit = async ({ name, kind }: { name: string; kind: Kind }) => {
    const ways = wayOf(kind)
    const daily_chances = isDone(kind) && kind !== 'cards' ? 0 : 1
    const nothing = { title: '谢谢参与', title_en: 'Not this time', odds_ppm: oddsDue({ name, kind, ways, daily_chances } as PlayDraft), per_day: 0, per_person: 0 }
    open(await createPlay({ name: name.trim(), kind, ways, daily_chances, claim_days: 15, welcome_chances: 0, draws_a_day: 0, guarantee_after: 0, prizes: [nothing], request_no: no }))
  }
  return (
    <Ask<{ name: string; kind: Kind }> title={t('play.new')} submit={submit} close={close} initial={{ kind: 'wheel' }} action={t('play.begin')}>
      <Form.Item name="name" label={t('play.name')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('play.name') }) }]}><Input maxLength={40} /></Form.Item>
      <Form.Item name="kind" label={t('play.kind')}><Radio.Group className="play-kinds" options={KINDS.map((value) => ({ value, label: t(`play.kinds.${value}`) }))} /></Form.Item>
    </Ask>
  )
}
