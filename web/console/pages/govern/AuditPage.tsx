/** The audit trail: who did what, when, to what, why, and what changed; export is a job against a reason. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Form, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportAudit, listAudit, listAuditExports, type AuditRow } from '@api/audit'
import { fileAddress } from '@api/files'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatInstant, formatSeconds } from '@kit/format'
import { Icon } from '@kit/icons'
import { Facts } from '@kit/layout'
import type { ListState } from '@kit/listParams'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useAuditWords } from './auditWords'

const modules = ['identity', 'people', 'tenants', 'approvals', 'privacy', 'customers', 'segments', 'catalogue', 'supply', 'ledger', 'grants', 'campaigns', 'statements', 'audit'] as const

export default function AuditPage() {
  const { t } = useTranslation()
  const words = useAuditWords()
  const { may } = useSession()
  const [shown, setShown] = useState<AuditRow | null>(null)
  const [exporting, setExporting] = useState(false)
  const [filesOpen, setFilesOpen] = useState(false)
  return (
    <>
      <DataPage
        name="audit"
        title={t('audit.title')}
        label={t('audit.title')}
        meta={<span>{t('audit.hint')}</span>}
        load={listAudit}
        rowKey={(row) => row.id}
        open={setShown}
        actions={
          may('audit.export') && (
            <>
              <Button onClick={() => setFilesOpen(true)}>{t('audit.files')}</Button>
              <Button type="primary" icon={<Icon name="download" />} onClick={() => setExporting(true)}>{t('action.export')}</Button>
            </>
          )
        }
        filters={(state) => <Filters state={state} />}
        columns={[
          { key: 'at', title: t('audit.at'), width: 150, render: (row) => <span className="nowrap">{formatInstant(row.at)}<small>{formatSeconds(row.at).slice(6)}″</small></span> },
          { key: 'actor', title: t('audit.actor'), render: (row) => <>{row.actor_name || t(`audit.actors.${row.actor_kind}`, { defaultValue: row.actor_kind })}<small>{row.actor_name ? t(`audit.actors.${row.actor_kind}`, { defaultValue: row.actor_kind }) : row.actor_id}</small></> },
          { key: 'action', title: t('audit.action'), render: (row) => <>{words.action(row.action)}<small className="mono">{row.action}</small></> },
          { key: 'subject', title: t('audit.subject'), render: (row) => <>{words.subject(row.subject_kind)}<small className="mono wrap-any">{row.subject_id}</small></> },
          { key: 'reason', title: t('audit.reason'), render: (row) => <span className="wrap-any">{row.reason || <span className="muted">—</span>}</span> },
        ]}
        empty={<Empty sign="search" title={t('audit.none')} />}
      />
      {shown && <Entry row={shown} close={() => setShown(null)} />}
      {exporting && <ExportDialog close={() => setExporting(false)} done={() => setFilesOpen(true)} />}
      {filesOpen && <Files close={() => setFilesOpen(false)} />}
    </>
  )
}

function Filters({ state }: { state: ListState }) {
  const { t } = useTranslation()
  const { since, until } = state.params
  return (
    <>
      <Select
        aria-label={t('audit.module')}
        placeholder={t('audit.module')}
        allowClear
        style={{ minWidth: 140 }}
        value={state.params.action}
        options={modules.map((name) => ({ value: `${name}.`, label: t(`audit.modules.${name}`) }))}
        onChange={(action?: string) => state.change({ action })}
      />
      <Input.Search
        aria-label={t('audit.subjectId')}
        placeholder={t('audit.subjectId')}
        allowClear
        defaultValue={state.params.subject_id}
        style={{ width: 240 }}
        onSearch={(subject_id) => state.change({ subject_id })}
      />
      <DatePicker.RangePicker
        aria-label={t('audit.window')}
        showTime={{ format: 'HH:mm' }}
        value={[since ? dayjs(since) : null, until ? dayjs(until) : null]}
        onChange={(range) => state.change({ since: range?.[0]?.toISOString(), until: range?.[1]?.toISOString() })}
      />
    </>
  )
}

function Entry({ row, close }: { row: AuditRow; close: () => void }) {
  const { t } = useTranslation()
  const words = useAuditWords()
  const fields = [...new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})])]
  const cell = (value: unknown) => (value === undefined || value === null ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value))
  return (
    <Drawer open onClose={close} title={words.action(row.action)} size={480}>
      <Facts
        rows={[
          [t('audit.at'), `${formatInstant(row.at)}:${formatSeconds(row.at).slice(6)}`],
          [t('audit.actor'), row.actor_name || row.actor_id],
          [t('audit.subject'), `${words.subject(row.subject_kind)} ${row.subject_id}`],
          [t('audit.reason'), row.reason || '—'],
          [t('audit.request'), <span key="r" className="mono wrap-any">{row.request_id || '—'}</span>],
        ]}
      />
      {fields.length > 0 && (
        <table className="table tight" style={{ marginTop: 16 }}>
          <thead>
            <tr><th scope="col">{t('diff.field')}</th><th scope="col">{t('diff.before')}</th><th scope="col">{t('diff.after')}</th></tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field}>
                <td className="second">{field}</td>
                <td>{row.before && field in row.before ? <span className="was">{cell(row.before[field])}</span> : '—'}</td>
                <td>{row.after && field in row.after ? <span className="now">{cell(row.after[field])}</span> : '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Drawer>
  )
}

function ExportDialog({ close, done }: { close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const ask = useMutation({
    mutationFn: (values: { reason: string }) => {
      const address = new URLSearchParams(window.location.search)
      const filter = { action: address.get('action'), subject_id: address.get('subject_id'), since: address.get('since'), until: address.get('until') }
      return exportAudit({ reason: values.reason, filter })
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['audit-exports'] })
      void message.success(t('audit.exportStarted'))
      done()
    },
  })
  return (
    <Ask<{ reason: string }> title={t('audit.exportTitle')} submit={(values) => ask.mutateAsync(values)} close={close} action={t('action.export')}>
      <Form.Item name="reason" label={t('audit.reason')} extra={t('audit.exportHint')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}>
        <Input.TextArea rows={2} maxLength={500} autoFocus />
      </Form.Item>
    </Ask>
  )
}

function Files({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['audit-exports'], queryFn: listAuditExports, refetchInterval: 3_000 })
  return (
    <Drawer open onClose={close} title={t('audit.files')} size={400} styles={{ body: { padding: 0 } }}>
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('audit.noFiles')} />
          ) : (
            <ul className="lines">
              {page.items.map((file) => (
                <li key={file.id}>
                  <div className="between">
                    <b className="wrap-any">{file.reason}</b>
                    {file.file_id ? <a href={fileAddress(file.file_id)} download>{t('action.download')}</a> : <StatusTag kind="job" value={file.state} />}
                  </div>
                  <div className="second s12">{formatInstant(file.requested_at)}{file.row_count != null && ` · ${t('audit.rows', { count: file.row_count, shown: formatCount(file.row_count) })}`}</div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Drawer>
  )
}
