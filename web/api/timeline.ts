import { answered, api } from './client'
import type { Ok, Query, Row } from './types'

export type Happening = Row<'get_customer_timeline'>
export type TimelineQuery = NonNullable<Query<'get_customer_timeline'>>
export type Group = NonNullable<Happening['group']>
export type Standing = Ok<'get_customer_standing'>

export const getTimeline = (seq: number, query: TimelineQuery) =>
  answered(api.GET('/v1/customers/{seq}/timeline', { params: { path: { seq }, query } }))
export const getStanding = (seq: number, day: string) =>
  answered(api.GET('/v1/customers/{seq}/standing', { params: { path: { seq }, query: { day } } }))
