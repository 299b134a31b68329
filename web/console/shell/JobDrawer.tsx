/** Background work in one drawer: own files first, then the bank's jobs; it survives a reload because the server keeps it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileAddress } from '@api/files'
import { cancelJob, listJobs } from '@api/jobs'
import { cancelExport, exportAddress, listExports, WORK_STARTED, type ExportFile } from '@api/views'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'
import { JobProgress } from '@kit/JobProgress'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Skeleton } from '@kit/states'

const jobs = { queryKey: ['jobs', 'recent'] as const, queryFn: () => listJobs({}) }
const files = { queryKey: ['exports'] as const, queryFn: listExports }
const OTHERS_SHOWN = 8
const POLL_BUSY_MS = 1_500
const POLL_IDLE_MS = 30_000

const isOpen = (export_: ExportFile) => export_.state === 'queued' || export_.state === 'running'

/** Jobs and own files as they stand: the server's stream says when one has moved, polling covers a lost stream. */
function useWork() {
  const { may } = useSession()
  const cache = useQueryClient()
  const reads = may('job.read')
  const [streaming, setStreaming] = useState(false)
  useEffect(() => {
    if (!reads) return
    const stream = new EventSource('/v1/jobs/stream')
    stream.addEventListener('open', () => setStreaming(true))
    stream.addEventListener('error', () => setStreaming(false))
    stream.addEventListener('job', () => {
      void cache.invalidateQueries({ queryKey: ['jobs'] })
      void cache.invalidateQueries({ queryKey: files.queryKey })
    })
    return () => stream.close()
  }, [reads, cache])
  const own = useQuery({
    ...files,
    refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? POLL_BUSY_MS : POLL_IDLE_MS),
  })
  const all = useQuery({
    ...jobs,
    enabled: reads,
    refetchInterval: (query) => {
      const counts = query.state.data?.counts ?? {}
      const busy = (counts.queued ?? 0) + (counts.running ?? 0) > 0
      return busy && !streaming ? POLL_BUSY_MS : POLL_IDLE_MS
    },
  })
  const exports = own.data?.items ?? []
  const known = new Set(exports.flatMap((each) => each.job_id ?? []))
  const moving = (state: string) => (state === 'queued' || state === 'running' ? 0 : 1)
  const others = (all.data?.items ?? []).filter((job) => !known.has(job.id)).sort((one, other) => moving(one.state) - moving(other.state)).slice(0, OTHERS_SHOWN)
  const counts = all.data?.counts ?? {}
  const waiting = exports.filter((each) => isOpen(each) && !each.job_id).length
  const running = reads ? (counts.queued ?? 0) + (counts.running ?? 0) + waiting : exports.filter(isOpen).length
  return { exports, others, running, reads, loading: own.isPending }
}

export function JobsTool() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const work = useWork()
  const cache = useQueryClient()
  useEffect(() => {
    const begin = () => {
      setOpen(true)
      void cache.invalidateQueries({ queryKey: files.queryKey })
    }
    window.addEventListener(WORK_STARTED, begin)
    return () => window.removeEventListener(WORK_STARTED, begin)
  }, [cache])
  return (
    <>
      <button type="button" className="tool" aria-label={t('shell.jobs', { count: work.running })} title={t('menu.jobs')} onClick={() => setOpen(true)}>
        <Icon name="jobs" />
        {work.running > 0 && <i>{work.running}</i>}
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('menu.jobs')} size={400} destroyOnHidden extra={work.reads && <Link to="/jobs" onClick={() => setOpen(false)}>{t('action.all')}</Link>}>
        {open && (work.loading ? <Skeleton rows={3} /> : <Work {...work} />)}
      </Drawer>
    </>
  )
}

function Work({ exports, others }: Pick<ReturnType<typeof useWork>, 'exports' | 'others'>) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const settle = () => Promise.all([files.queryKey, ['jobs']].map((queryKey) => cache.invalidateQueries({ queryKey })))
  const onError = (error: unknown) => void message.error(say(problemOf(error)))
  const stopFile = useMutation({ mutationFn: cancelExport, onError, onSettled: settle })
  const stopJob = useMutation({ mutationFn: cancelJob, onError, onSettled: settle })
  if (exports.length === 0 && others.length === 0) return <Empty title={t('job.none')}>{t('job.noneHint')}</Empty>
  return (
    <>
      {exports.map((file) => (
        <JobProgress
          key={file.id}
          job={file}
          cancel={file.can.includes('cancel') ? () => stopFile.mutate(file.id) : undefined}
          action={file.can.includes('download') && <Button size="small" type="link" icon={<Icon name="download" />} href={exportAddress(file.id)}>{t('action.download')}</Button>}
        />
      ))}
      {others.map((job) => (
        <JobProgress
          key={job.id}
          job={job}
          cancel={job.can.includes('cancel') ? () => stopJob.mutate(job.id) : undefined}
          action={job.file_id && <Button size="small" type="link" icon={<Icon name="download" />} href={fileAddress(job.file_id)}>{t('action.download')}</Button>}
        />
      ))}
    </>
  )
}
