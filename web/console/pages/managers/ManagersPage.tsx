/** Relationship managers with their customers: the pool, handing over all of one, files. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listHandOvers, listManagers, previewHandOver, requestHandOver, type HandOverRow, type Manager } from '@api/ownership'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Figures, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded, Skeleton, Unread } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ManagerSelect, useManagers } from './ManagerSelect'
import './managers.css'

const POOL = '-'

export default function ManagersPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const unitLabel = useUnitLabel()
  const [giver, setGiver] = useState<Manager | null>(null)
  const look = (row: Manager) => `/customers?looked_after_by=${row.id}`
  return (
    <>
      <DataPage
        name="managers"
        title={t('ownership.title')}
        label={t('ownership.managers')}
        meta={<span>{t('ownership.hint')}</span>}
        actions={may('customer.import') && <Link to="/imports/new" search={{ entity: 'ownerships' } as never}><Button icon={<Icon name="upload" />}>{t('ownership.importFile')}</Button></Link>}
        above={<Above />}
        load={listManagers}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ href: look(row) })}
        searchHint={t('ownership.search')}
        columns={[
          { key: 'name', title: t('ownership.manager'), field: 'name', render: (row) => <span><b>{row.name}</b> <small className="mono muted">{row.login}</small>{!row.active && <> <StatusTag kind="staff" value="disabled" /></>}</span> },
          { key: 'unit', title: t('customer.unit'), field: 'unit_id', render: (row) => unitLabel(row.unit_id, '') },
          { key: 'owned', title: t('ownership.owned'), field: 'owned', number: true, render: (row) => formatCount(row.owned) },
          { key: 'shared', title: t('ownership.shared'), field: 'shared', number: true, render: (row) => formatCount(row.shared) },
          { key: 'act', title: '', render: (row) => <Button size="small" disabled={row.owned + row.shared === 0} onClick={(event) => { event.stopPropagation(); setGiver(row) }}>{t('ownership.handOver')}</Button> },
        ]}
        empty={<Empty title={t('ownership.none')}>{t('ownership.noneHint')}</Empty>}
      />
      <HandOvers />
      {giver && <HandOverDialog giver={giver} close={() => setGiver(null)} />}
    </>
  )
}

function Above() {
  const { t } = useTranslation()
  const every = useManagers()
  const head = useQuery({ queryKey: ['managers', 'pool'], queryFn: () => listManagers({ limit: '1' }) })
  const failed = [every, head].find((one) => one.error && !one.data)
  if (failed) return <div className="above-list"><Unread query={failed} /></div>
  if (!every.data || !head.data) return <div className="above-list"><Skeleton rows={1} /></div>
  const owned = every.data.items.reduce((sum, one) => sum + one.owned, 0)
  return (
    <Figures items={[
      { label: t('ownership.managers'), value: formatCount(every.data.items.length) },
      { label: t('ownership.customers'), value: formatCount(owned) },
      { label: t('ownership.pool'), value: <Link to="/customers" search={{ pool: 'true', status: 'active' } as never}>{formatCount(head.data.pool)}</Link>, hint: t('ownership.poolHint') },
    ]} />
  )
}

function HandOvers() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['hand-overs'], queryFn: listHandOvers })
  return (
    <Card className="hand-overs" title={t('ownership.handOvers')}>
      <Loaded query={query} rows={2}>
        {(found) => (found.items.length === 0 ? <p className="second s13">{t('ownership.noHandOvers')}</p> : (
          <DataTable<HandOverRow>
            rows={found.items}
            rowKey={(row) => row.id}
            label={t('ownership.handOvers')}
            columns={[
              { key: 'who', title: t('ownership.manager'), render: (row) => <span className="nowrap">{row.giver} → {row.receiver || t('ownership.pool')}</span> },
              { key: 'reason', title: t('ownership.reason'), render: (row) => row.reason },
              { key: 'by', title: t('import.by'), render: (row) => <span>{row.requested_by}<small>{formatRecent(row.requested_at)}</small></span> },
              { key: 'state', title: t('campaign.state'), render: (row) => (row.change_id ? <Link to={`/approvals/${row.change_id}`}><StatusTag kind="handOver" value={row.state} /></Link> : <StatusTag kind="handOver" value={row.state} />) },
            ]}
          />
        ))}
      </Loaded>
    </Card>
  )
}

interface Values {
  to: string
  reason: string
}

/** What it would do stands there before it is asked for. */
function HandOverDialog({ giver, close }: { giver: Manager; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const chosen = Form.useWatch('to', form)
  const to = chosen === POOL ? '' : chosen
  const preview = useQuery({ queryKey: ['hand-over', giver.login, to], queryFn: () => previewHandOver({ login: giver.login, to: to ?? '' }), enabled: to !== undefined })
  const submit = async ({ reason }: Values) => {
    await requestHandOver({ login: giver.login, to: to ?? '', reason })
    await cache.invalidateQueries({ queryKey: ['hand-overs'] })
    void message.success(t('ownership.asked'))
  }
  const counts = preview.data
  return (
    <Ask<Values> form={form} title={t('ownership.handOverOf', { who: giver.name })} action={t('identity.ask')} submit={submit} close={close}>
      <div className="hand-over-note"><Note>{t('ownership.handOverHint')}</Note></div>
      <Form.Item name="to" label={t('ownership.to')} rules={needed(t('ownership.to'))}>
        <ManagerSelect by="login" active without={giver.login} before={[{ value: POOL, label: t('ownership.toPool') }]} />
      </Form.Item>
      {preview.error && <div className="hand-over-note"><Note kind="warning">{say(problemOf(preview.error))}</Note></div>}
      {counts && (
        <div className="hand-over-counts box">
          {counts.owned + counts.shared === 0 ? <Note kind="warning">{t('ownership.nothing')}</Note> : null}
          <Facts rows={(['owned', 'shared', 'left'] as const).map((key) => [t(`ownership.preview.${key}`), formatCount(counts[key])])} />
        </div>
      )}
      <Form.Item name="reason" label={t('ownership.reason')} rules={needed(t('ownership.reason'))}><Input maxLength={200} placeholder={t('ownership.reasonHint')} /></Form.Item>
    </Ask>
  )
}
