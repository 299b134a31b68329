import { answered, api } from './client'
import type { Query, Row } from './types'

export type Job = Row<'list_jobs'>

export const listJobs = (query: Record<string, string | undefined> = {}) =>
  answered(api.GET('/v1/jobs', { params: { query: query as unknown as Query<'list_jobs'> } }))

export const cancelJob = (jobId: string) => answered(api.DELETE('/v1/jobs/{job_id}', { params: { path: { job_id: jobId } } }))
