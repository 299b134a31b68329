/** One load: how far it is, what became of its rows, what was refused and why; stop it, take it back, load it again. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { cancelLoad, getLoad, loadRejectsAddress, startLoad, withdrawLoad, type EventLoad } from '@api/loads'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { DataTable } from '@kit/DataTable'
import { formatBytes, formatCount, formatInstant, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './events.css'

const over = (state: EventLoad['status']) => !['queued', 'running', 'withdrawing'].includes(state)

export default function LoadPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['event-loads', id], queryFn: () => getLoad(id), refetchInterval: (state) => (state.state.data && over(state.state.data.status) ? false : 1_000) })
  return <Loaded page query={query} rows={8}>{(data) => <View load={data} refresh={() => void query.refetch()} />}</Loaded>
}

function View({ load, refresh }: { load: EventLoad; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const seconds = load.started_at ? (Date.parse(load.ended_at ?? new Date().toISOString()) - Date.parse(load.started_at)) / 1000 : 0
  const pace = seconds > 0.5 && load.read > 0 ? formatCount(Math.round(load.read / seconds)) : null
  const left = load.share > 0.02 && seconds > 1 ? Math.round((seconds / load.share) * (1 - load.share)) : null
  const causes = load.causes ?? []
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.events'), to: '/events' }, { label: t('menu.eventLoads'), to: '/event-loads' }, { label: load.name }]}
        title={load.name}
        tag={<StatusTag kind="eventLoad" value={load.status} />}
        meta={<><span><em>{t('events.source.name')}</em>{load.source}</span><span>{formatBytes(load.size_bytes)}</span><span><em>{t('import.by')}</em>{load.created_by}</span><span>{formatInstant(load.created_at)}{load.ended_at && ` → ${formatInstant(load.ended_at)}`}</span></>}
        actions={<Actions load={load} refresh={refresh} />}
      />
      {load.status === 'running' && (
        <div className="card load-running" role="status">
          <div className="between s13"><span>{t('events.load.running', { percent: Math.round(load.share * 100) })}</span><span className="second">{pace && t('events.load.pace', { shown: pace })}{left !== null && ` · ${t('events.load.left', { count: left })}`}</span></div>
          <span className="bar" role="progressbar" aria-valuenow={Math.round(load.share * 100)} aria-label={t('events.load.running', { percent: '' })}><i style={{ width: `${load.share * 100}%` }} /></span>
        </div>
      )}
      {load.status === 'queued' && <div className="load-note"><Note>{t('events.load.queued')}</Note></div>}
      {load.status === 'withdrawing' && <div className="load-note"><Note icon="undo">{t('events.load.withdrawing')}</Note></div>}
      {load.status === 'withdrawn' && <div className="load-note"><Note icon="undo">{t('events.load.withdrawn', { by: load.withdrawn_by, time: formatInstant(load.withdrawn_at) })}</Note></div>}
      {load.status === 'cancelled' && <div className="load-note"><Note>{t('events.load.cancelled')}</Note></div>}
      {load.refusal && <div className="load-note"><Note kind="danger"><b>{t('import.wholeRefused')}</b> {say({ status: 422, code: load.refusal.code, detail: load.refusal.detail, data: load.refusal.data })}</Note></div>}
      <Figures
        items={[
          { label: t('import.rows'), value: formatCount(load.read), hint: load.status === 'done' && pace ? t('events.load.pace', { shown: pace }) : undefined },
          { label: t('events.load.loaded'), value: formatCount(load.loaded), hint: load.read ? formatShare(load.loaded, load.read) : undefined },
          { label: t('events.load.duplicate'), value: formatCount(load.duplicate), hint: t('events.load.duplicateHint') },
          { label: t('events.load.waiting'), value: formatCount(load.waiting), hint: load.waiting ? t('events.load.stillWaiting', { shown: formatCount(load.still_waiting) }) : t('events.load.waitingHint') },
          { label: t('events.load.refused'), value: <span className={load.refused ? 'bad' : ''}>{formatCount(load.refused)}</span>, hint: load.read ? formatShare(load.refused, load.read) : undefined },
        ]}
      />
      {load.traits_refused > 0 && <div className="load-note"><Note kind="warning">{t('events.load.traitsRefused', { shown: formatCount(load.traits_refused) })}</Note></div>}
      {causes.length > 0 && (
        <Card title={t('events.load.why')} hint={t('events.load.whyHint')} flush>
          <DataTable
            label={t('events.load.why')}
            rows={causes}
            rowKey={(cause) => `${cause.code}.${cause.detail}`}
            columns={[
              { key: 'cause', title: t('import.cause'), width: 180, render: (cause) => <span className="tag bad">{t(`events.load.causes.${cause.code}`, { defaultValue: cause.code })}</span> },
              { key: 'rows', title: t('import.rows'), number: true, width: 110, render: (cause) => <b>{formatCount(cause.rows)}</b> },
              { key: 'first', title: t('events.load.firstRow'), number: true, width: 110, render: (cause) => formatCount(cause.row) },
              { key: 'mend', title: t('import.mend'), render: (cause) => <><span className="wrap-any">{t(`events.load.mends.${cause.code}`, { defaultValue: cause.detail })}</span><small className="wrap-any">{cause.detail}</small></> },
            ]}
          />
        </Card>
      )}
    </>
  )
}

function Actions({ load, refresh }: { load: EventLoad; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { may } = useSession()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const failed = (error: unknown) => void modal.error({ title: t('events.load.failed'), content: say(problemOf(error)), okText: t('action.close') })
  const cancel = useMutation({ mutationFn: () => cancelLoad(load.id), onSettled: refresh, onError: failed })
  const back = useMutation({ mutationFn: () => withdrawLoad(load.id), onSettled: refresh, onError: failed })
  const again = useMutation({
    mutationFn: () => startLoad({ file_id: load.file_id, source_id: load.source_id, mapping: load.mapping, request_no: requestNo() }),
    onSuccess: (id) => navigate({ to: `/event-loads/${id}` }),
    onError: failed,
  })
  if (!may('event.write')) return null
  const ask = (title: string, content: string, okText: string, onOk: () => Promise<unknown>) =>
    void modal.confirm({ title, icon: null, content, okText, okButtonProps: { danger: true }, cancelText: t('action.close'), onOk })
  const can = load.can ?? []
  return (
    <>
      {load.rejects_file_id && <Button icon={<Icon name="download" />} href={loadRejectsAddress(load.id)}>{t('import.rejects')}</Button>}
      {can.includes('withdraw') && <Button danger icon={<Icon name="undo" />} loading={back.isPending} onClick={() => ask(t('events.load.withdraw'), t('events.load.withdrawAsk', { shown: formatCount(load.loaded + load.waiting) }), t('events.load.withdrawDo'), () => back.mutateAsync())}>{t('events.load.withdraw')}</Button>}
      {can.includes('again') && <Button icon={<Icon name="retry" />} title={t('events.load.againHint')} loading={again.isPending} onClick={() => again.mutate()}>{t('events.load.again')}</Button>}
      {can.includes('cancel') && <Button loading={cancel.isPending} onClick={() => ask(t('events.load.stop'), t('events.load.stopAsk'), t('events.load.stop'), () => cancel.mutateAsync())}>{t('events.load.stop')}</Button>}
    </>
  )
}
