import { answered, api, one } from './client'

export interface Job {
  id: string
  name: string
  title: string
  state: string
  done: number
  total: number
  error: string
  cancelling: boolean
  created_at: string
  started_at: string | null
  finished_at: string | null
  can: string[]
}

export async function listJobs(query: Record<string, string | undefined>): Promise<{ items: Job[]; counts: Record<string, number>; next_cursor: string | null }> {
  return await answered(api.GET('/v1/jobs', { params: { query } }))
}

export const cancelJob = (id: string) => one(api.POST('/v1/jobs/cancellations', { body: [{ id }] }))
