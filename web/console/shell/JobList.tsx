/** Jobs as they stand now, newest first; the server's stream says when one has moved, polling covers a lost stream. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { cancelJob, listJobs } from '@api/jobs'
import { JobProgress } from '@kit/JobProgress'
import { Empty, Loaded } from '@kit/states'

const key = ['jobs', 'recent'] as const
const recent = { queryKey: key, queryFn: () => listJobs({}) }

export function useRunningJobs(enabled: boolean): number {
  const cache = useQueryClient()
  const query = useQuery({ ...recent, enabled, refetchInterval: 20_000 })
  useEffect(() => {
    if (!enabled) return
    const stream = new EventSource('/v1/jobs/stream')
    stream.addEventListener('job', () => void cache.invalidateQueries({ queryKey: ['jobs'] }))
    return () => stream.close()
  }, [enabled, cache])
  const counts = query.data?.counts ?? {}
  return (counts.queued ?? 0) + (counts.running ?? 0)
}

export function JobList() {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const query = useQuery(recent)
  const cancel = useMutation({ mutationFn: cancelJob, onSettled: () => cache.invalidateQueries({ queryKey: ['jobs'] }) })
  return (
    <Loaded query={query}>
      {(page) =>
        page.items.length === 0 ? (
          <Empty title={t('job.none')}>{t('job.noneHint')}</Empty>
        ) : (
          page.items.map((job) => (
            <JobProgress key={job.id} job={job} cancel={job.can.includes('cancel') ? () => cancel.mutate(job.id) : undefined} />
          ))
        )
      }
    </Loaded>
  )
}
