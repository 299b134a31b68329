/** One import: progress, what every column held, what was refused and why; after a good try, the real run. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { cancelImport, getImport, rejectsAddress, startImport, type Import } from '@api/customers'
import { undoImport } from '@api/imports'
import { requestNo } from '@api/request'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { ImportProgress } from './ImportProgress'
import { BroughtCard } from './ImportRows'
import './imports.css'

const over = (state: Import['status']) => !['queued', 'running', 'undoing'].includes(state)

export default function ImportPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['imports', id], queryFn: () => getImport(id), refetchInterval: (state) => (state.state.data && over(state.state.data.status) ? false : 1_000) })
  return <Loaded page query={query} rows={8}>{(data) => <View import={data} refresh={() => void query.refetch()} />}</Loaded>
}

function View({ import: run, refresh }: { import: Import; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const running = !over(run.status)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.imports'), to: '/imports' }, { label: run.file_name }]}
        title={run.name || run.file_name}
        tag={<><StatusTag kind="import" value={run.status} />{run.dry_run && <span className="tag plain">{t('import.dryRun')}</span>}</>}
        meta={<><span><em>{t('import.by')}</em>{run.created_by}</span><span>{formatInstant(run.created_at)}{run.ended_at && ` → ${formatInstant(run.ended_at)}`}</span></>}
        actions={<Actions run={run} refresh={refresh} />}
      />
      {running && (
        <div className="card import-running" role="status">
          <ImportProgress run={run} />
        </div>
      )}
      {run.status === 'undone' && <div style={{ marginBottom: 16 }}><Note icon="undo">{t('brought.undone', { undone: formatCount(run.rows_undone), kept: formatCount(run.rows_kept) })}{run.consents_undone + run.consents_kept > 0 && <> {t('brought.consents', { undone: formatCount(run.consents_undone), kept: formatCount(run.consents_kept) })}</>}</Note></div>}
      {run.refusal && <div style={{ marginBottom: 16 }}><Note kind="danger"><b>{t('import.wholeRefused')}</b> {say({ status: 422, code: run.refusal.code, detail: run.refusal.detail, data: run.refusal.data })}</Note></div>}
      {run.dry_run && run.status === 'done' && <div style={{ marginBottom: 16 }}><Note>{t('import.triedSays')}</Note></div>}
      <Figures
        items={[
          { label: t('import.rows'), value: formatCount(run.rows_read) },
          { label: t('import.added'), value: formatCount(run.rows_added) },
          { label: t('import.changed'), value: formatCount(run.rows_changed) },
          { label: t('import.same'), value: formatCount(run.rows_same) },
          ...(run.rows_older ? [{ label: t('brought.older'), value: formatCount(run.rows_older), hint: t('brought.olderHint') }] : []),
          { label: t('import.refused'), value: <span className={run.rows_refused ? 'bad' : ''}>{formatCount(run.rows_refused)}</span>, hint: run.rows_read ? formatShare(run.rows_refused, run.rows_read) : undefined },
        ]}
      />
      {run.report && <Report run={run} />}
      {!run.dry_run && run.entity === 'customers' && run.status !== 'refused' && run.rows_added + run.rows_changed > 0 && <BroughtCard run={run} />}
    </>
  )
}

function Actions({ run, refresh }: { run: Import; refresh: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const failed = (error: unknown) => void modal.error({ title: t('import.failed'), content: say(problemOf(error)), okText: t('action.close') })
  const back = useMutation({ mutationFn: () => undoImport(run.id), onSettled: refresh, onError: failed })
  const askUndo = () =>
    void modal.confirm({
      title: t('brought.undo'),
      icon: null,
      content: t(run.entity === 'customers' ? 'brought.undoAsk' : run.entity === 'transactions' ? 'brought.undoAskPostings' : 'brought.undoAskRows', { rows: formatCount(run.rows_added + run.rows_changed) }),
      okText: t('brought.undoDo'),
      okButtonProps: { danger: true },
      cancelText: t('action.close'),
      onOk: () => back.mutateAsync(),
    })
  const cancel = useMutation({ mutationFn: () => cancelImport(run.id), onSettled: refresh, onError: failed })
  const real = useMutation({
    mutationFn: () => startImport({ file_id: run.file_id, mapping: run.mapping, mapping_name: '', name: run.name, dry_run: false, request_no: requestNo() }),
    onSuccess: (id) => navigate({ to: `/imports/${id}` }),
    onError: failed,
  })
  return (
    <>
      {run.rejects_file_id && <Button icon={<Icon name="download" />} href={rejectsAddress(run.id)}>{t('import.rejects')}</Button>}
      {run.can.includes('undo') && <Button icon={<Icon name="undo" />} loading={back.isPending} onClick={askUndo}>{t('brought.undo')}</Button>}
      {run.can.includes('cancel') && <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>{t('action.cancel')}</Button>}
      {run.dry_run && run.status === 'done' && <Button type="primary" loading={real.isPending} onClick={() => real.mutate()}>{t('import.run', { count: run.rows_read - run.rows_refused, shown: formatCount(run.rows_read - run.rows_refused) })}</Button>}
    </>
  )
}

function Report({ run }: { run: Import }) {
  const { t } = useTranslation()
  const report = run.report
  if (!report) return null
  const causes = Object.entries(report.causes)
  return (
    <div className="stack">
      {(report.warnings ?? []).length > 0 && (
        <Note kind="warning">
          <b>{t('source.warnings')}</b>
          <ul>{(report.warnings ?? []).map((one) => <li key={one.column}>{one.column} · {t('source.cells', { shown: formatCount(one.cells) })}: {t(`source.warning.${one.cause}`, { defaultValue: one.mend })}</li>)}</ul>
        </Note>
      )}
      {report.errors.length > 0 && (
        <Card title={t('import.errors')} hint={t('import.errorsHint', { count: report.errors.length })} right={<span className="row wrap">{causes.map(([cause, count]) => <span key={cause} className="tag bad">{t(`import.causes.${cause.replaceAll('.', '_')}`, { defaultValue: cause })} {formatCount(count)}</span>)}</span>} flush>
          <DataTable
            label={t('import.errors')}
            rows={report.errors.slice(0, 50)}
            rowKey={(row) => `${row.line}.${row.column}.${row.cause}`}
            columns={[
              { key: 'line', title: t('import.line'), number: true, width: 90, render: (row) => formatCount(row.line) },
              { key: 'column', title: t('import.column'), render: (row) => row.column || '—' },
              { key: 'cause', title: t('import.cause'), render: (row) => t(`import.causes.${row.cause.replaceAll('.', '_')}`, { defaultValue: row.cause }) },
              { key: 'mend', title: t('import.mend'), render: (row) => <span className="wrap-any">{t(`import.mends.${row.cause}`, { defaultValue: row.mend })}</span> },
            ]}
          />
        </Card>
      )}
      <Card title={t('import.columns')} hint={report.separator ? `${report.encoding} · ${report.separator === '\t' ? 'Tab' : report.separator}` : undefined} flush>
        <DataTable
          label={t('import.columns')}
          rows={report.columns}
          rowKey={(row) => row.column}
          columns={[
            { key: 'column', title: t('import.column'), render: (row) => <b>{row.column}</b> },
            { key: 'to', title: t('import.is'), render: (row) => <>{t(`import.targets.${row.to}`)}{['attribute', 'field'].includes(row.to) && row.name && <small className="mono">{row.name}</small>}</> },
            { key: 'filled', title: t('import.filled'), number: true, render: (row) => <>{formatCount(row.filled)}<small>{formatShare(row.filled, report.rows)}</small></> },
            { key: 'empty', title: t('import.empty'), number: true, render: (row) => formatCount(row.empty) },
            { key: 'refused', title: t('import.refused'), number: true, render: (row) => <span className={row.refused ? 'bad' : ''}>{formatCount(row.refused)}</span> },
            { key: 'distinct', title: t('import.distinct'), number: true, render: (row) => formatCount(row.distinct) },
            { key: 'range', title: t('import.range'), render: (row) => (row.minimum == null ? '—' : `${row.minimum} – ${row.maximum}`) },
          ]}
        />
      </Card>
    </div>
  )
}
