import { answered, api } from './client'
import type { Ok, Query } from './types'

export type Timeline = Ok<'get_customer_timeline'>
export type Happening = Timeline['items'][number]

export const getTimeline = (seq: number, query: { kind?: string[]; name?: string[]; cursor?: string; limit?: number }) =>
  answered(api.GET('/v1/customers/{seq}/timeline', { params: { path: { seq }, query: query as Query<'get_customer_timeline'> } }))
