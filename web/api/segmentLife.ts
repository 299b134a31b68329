import { answered, api, one } from './client'
import { requestNo } from './request'
import type { Body, NewOf, Ok, Row } from './types'

export type Growth = Ok<'get_segment_membership'>
export type GrowthDay = Growth['days'][number]
export type Intersection = Ok<'intersect_segments'>
export type Comparison = Ok<'compare_segments'>
export type ReachCost = Ok<'get_segment_reach_cost'>
export type Exclusion = Row<'list_exclusions'>
export type Lookalike = Row<'list_lookalikes'>

const at = (segmentId: string) => ({ params: { path: { segment_id: segmentId } } })

export const getGrowth = (id: string, days: number) => answered(api.GET('/v1/segments/{segment_id}/membership', { params: { path: { segment_id: id }, query: { days } } }))
export const followSegment = (id: string, followed: boolean) => answered(api.PUT('/v1/segments/{segment_id}/membership', { ...at(id), body: { followed } }))
export const reckonSegment = (id: string) => answered(api.POST('/v1/segments/{segment_id}/reckonings', at(id)))
export const intersectSegments = (segment_ids: string[]) => answered(api.POST('/v1/segment-intersections', { body: { segment_ids } }))
export const compareSegments = (question: Body<'compare_segments'>) => answered(api.POST('/v1/segment-comparisons', { body: question }))
export const getReachCost = (id: string) => answered(api.GET('/v1/segments/{segment_id}/reach-cost', at(id)))

export const listExclusions = () => answered(api.GET('/v1/exclusions', {}))
export const createExclusion = (exclusion: NewOf<'create_exclusions'>) => one(api.POST('/v1/exclusions', { body: [exclusion] }))
export const liftExclusion = (id: string, reason: string) => answered(api.POST('/v1/exclusions/{exclusion_id}/lifting', { params: { path: { exclusion_id: id } }, body: { reason } }))

export const listLookalikes = () => answered(api.GET('/v1/lookalikes', {}))
export const createLookalike = (search: NewOf<'create_lookalikes'>) => one(api.POST('/v1/lookalikes', { body: [{ ...search, request_no: requestNo() }] }))
