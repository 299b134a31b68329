/** One long job: what it does, how far it is, how long it may still take, and its end. */
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from './format'
import { Icon } from './icons'
import { StatusTag } from './StatusTag'

export interface JobView {
  id: string
  title: string
  state: string
  done: number
  total: number | null
  error?: string | null
  started_at?: string | null
}

export const jobIsOver = (job: JobView) => ['done', 'failed', 'cancelled', 'succeeded'].includes(job.state)

/** Seconds that remain at the pace so far; null while there is no pace. */
export function secondsLeft(job: JobView, now = Date.now()): number | null {
  if (!job.started_at || !job.total || job.done <= 0) return null
  const passed = (now - Date.parse(job.started_at)) / 1000
  return passed < 1 ? null : Math.max(0, Math.round((passed / job.done) * (job.total - job.done)))
}

export function JobProgress({ job, cancel, action }: { job: JobView; cancel?: () => void; action?: ReactNode }) {
  const { t } = useTranslation()
  const over = jobIsOver(job)
  const share = job.total ? Math.min(1, job.done / job.total) : over && job.state !== 'failed' ? 1 : 0
  const left = over ? null : secondsLeft(job)
  return (
    <div className="job">
      <div className="between s13">
        <span className="row grow">
          <Icon name="jobs" style={{ color: 'var(--primary)' }} />
          <b className="wrap-any">{job.title}</b>
        </span>
        {over ? (
          <StatusTag kind="job" value={job.state} />
        ) : (
          <span className="second s12 nowrap">
            {job.total ? `${Math.floor(share * 100)}%` : t('job.counted', { done: formatCount(job.done) })}
            {left != null && ` ${t('job.left', { seconds: left })}`}
          </span>
        )}
      </div>
      <span className="bar" role="progressbar" aria-label={job.title} aria-valuenow={Math.floor(share * 100)} aria-valuemin={0} aria-valuemax={100}>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <div className="between s12 second">
        <span className="grow wrap-any">
          {job.total ? t('job.of', { done: formatCount(job.done), total: formatCount(job.total) }) : ''}
          {job.error && <span className="bad"> {job.error}</span>}
        </span>
        {action}
        {cancel && !over && (
          <Button type="link" size="small" onClick={cancel} style={{ padding: 0, height: 18 }}>{t('action.cancel')}</Button>
        )}
      </div>
    </div>
  )
}
