/** Background work of the bank, newest first, with progress and cancel. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { cancelJob, listJobs, type Job } from '@api/jobs'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatInstant, formatShare, formatSpan } from '@kit/format'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const states = ['queued', 'running', 'done', 'failed', 'cancelled'] as const

export default function JobsPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const cancel = useMutation({
    mutationFn: cancelJob,
    onSuccess: () => void message.info(t('job.cancelled')),
    onError: (error) => void message.error(say(problemOf(error))),
    onSettled: () => cache.invalidateQueries({ queryKey: ['jobs'] }),
  })
  return (
    <DataPage
      name="jobs"
      operation="list_jobs"
      title={t('menu.jobs')}
      label={t('menu.jobs')}
      load={listJobs}
      refetchInterval={5_000}
      rowKey={(job) => job.id}
      searchHint={t('job.search')}
      statuses={states.map((value) => ({ value, label: t(`status.job.${value}`) }))}
      columns={[
        { key: 'title', title: t('job.title'), field: 'title', render: (job) => <><b>{job.title}</b><small>{t(`job.names.${job.name.replaceAll('.', '_')}`, { defaultValue: job.name })}</small></> },
        { key: 'progress', title: t('job.progress'), field: 'done', format: 'count', width: 240, render: (job) => <Progress job={job} /> },
        { key: 'created', title: t('job.created'), field: 'created_at', format: 'instant', render: (job) => <span className="nowrap">{formatInstant(job.created_at)}</span> },
        { key: 'finished', title: t('job.finished'), field: 'finished_at', format: 'instant', render: (job) => <span className="nowrap">{formatInstant(job.finished_at)}</span> },
        { key: 'state', title: t('job.state'), field: 'state', words: 'status.job', render: (job) => <StatusTag kind="job" value={job.cancelling ? 'cancelling' : job.state} /> },
        {
          key: 'actions',
          title: '',
          render: (job) =>
            job.can.includes('cancel') && (
              <Button size="small" loading={cancel.isPending && cancel.variables === job.id} onClick={() => cancel.mutate(job.id)}>{t('action.cancel')}</Button>
            ),
        },
      ]}
      empty={<Empty title={t('job.none')}>{t('job.noneHint')}</Empty>}
    />
  )
}

const secondsLeft = (startedAt: string, share: number) => (Date.now() - new Date(startedAt).getTime()) / 1_000 * (1 - share) / share

function Progress({ job }: { job: Job }) {
  const { t, i18n } = useTranslation()
  const share = job.total > 0 ? Math.min(1, job.done / job.total) : job.state === 'done' ? 1 : 0
  return (
    <>
      <span className="bar" role="progressbar" aria-label={job.title} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <small style={{ marginTop: 4 }}>
        {job.total > 0 ? `${t('job.of', { done: formatCount(job.done), total: formatCount(job.total) })} · ${formatShare(job.done, job.total)}` : t('job.counted', { done: formatCount(job.done) })}
        {job.state === 'running' && job.started_at && share > 0 && share < 1 && ` · ${t('import.left', { time: formatSpan(secondsLeft(job.started_at, share), i18n.language) })}`}
        {job.error && <span className="bad wrap-any"> {job.error}</span>}
      </small>
    </>
  )
}
