import { answered, api, one } from './client'
import { requestNo } from './request'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type Segment = Row<'list_segments'>
export type SegmentPage = Ok<'get_segment'>
export type Count = Ok<'count_segment'>
export type Explanation = Ok<'explain_segment'>
export type Sampled = Row<'sample_segment'>
export type Audience = Row<'list_audiences'>
export type Upload = Row<'list_uploads'>

type Params = Record<string, string | undefined>
const at = (segmentId: string) => ({ params: { path: { segment_id: segmentId } } })

export const listSegments = (query: Params) => answered(api.GET('/v1/segments', { params: { query: query as Query<'list_segments'> } }))
export const getSegment = (id: string) => answered(api.GET('/v1/segments/{segment_id}', at(id)))
export const createSegment = (segment: NewOf<'create_segments'>) => one(api.POST('/v1/segments', { body: [segment] }))
export const changeSegment = (id: string, change: Body<'change_segment'>) => answered(api.PUT('/v1/segments/{segment_id}', { ...at(id), body: change }))
export const countSegment = (question: Body<'count_segment'>, signal: AbortSignal) => answered(api.POST('/v1/segments/count', { body: question, signal }))
export const sampleSegment = (question: Body<'sample_segment'>) => answered(api.POST('/v1/segments/sample', { body: question }))
export type Vocabulary = Ok<'get_segment_vocabulary'>
export type AudienceOverlap = Row<'overlap_segment'>
export type ListExport = Row<'list_lists'>
export const getSchema = () => answered(api.GET('/v1/expression-schema', {}))
export const getVocabulary = () => answered(api.GET('/v1/segment-vocabulary', {}))
export const overlapSegment = (question: Body<'overlap_segment'>) => answered(api.POST('/v1/segments/overlaps', { body: question }))
export type Portrait = Ok<'portrait_segment'>
export const portraitSegment = (question: Body<'portrait_segment'>, signal: AbortSignal) => answered(api.POST('/v1/segments/portraits', { body: question, signal }))
export const explainExpression = (question: Body<'explain_expression'>) => answered(api.POST('/v1/segments/explanations', { body: question }))
export const copySegment = (id: string, name: string) => one(api.POST('/v1/segments/{segment_id}/copies', { ...at(id), body: [{ name, request_no: requestNo() }] }))
export const shareSegment = (id: string, shared_with: 'unit' | 'bank') => answered(api.PUT('/v1/segments/{segment_id}/sharing', { ...at(id), body: { shared_with } }))
export const archiveSegment = (id: string, away: boolean) => answered(api.PUT('/v1/segments/{segment_id}/archiving', { ...at(id), body: { away } }))
export const revertSegment = (id: string, version: number, expected_version: number) => answered(api.POST('/v1/segments/{segment_id}/reversion', { ...at(id), body: { version, expected_version } }))
export const listColumns = () => answered(api.GET('/v1/list-columns', {}))
export const listLists = (id: string) => answered(api.GET('/v1/segments/{segment_id}/list-exports', at(id)))
export const requestList = (list: NewOf<'request_lists'>) => one(api.POST('/v1/list-exports', { body: [list] }))
export const cancelList = (listId: string) => answered(api.DELETE('/v1/list-exports/{list_id}', { params: { path: { list_id: listId } } }))
export const explainSegment = (id: string, seq: number) => answered(api.POST('/v1/segments/{segment_id}/explanations', { ...at(id), body: { seq } }))

export const freezeSegment = (segmentId: string) => one(api.POST('/v1/audiences', { body: [{ segment_id: segmentId, request_no: requestNo() }] }))
export const listAudiences = (segmentId: string) => answered(api.GET('/v1/audiences', { params: { query: { segment_id: segmentId } } }))

export const listUploads = () => answered(api.GET('/v1/uploads', {}))
export const getUpload = (id: string) => answered(api.GET('/v1/uploads/{upload_id}', { params: { path: { upload_id: id } } }))
export const createUpload = (upload: NewOf<'create_uploads'>) => one(api.POST('/v1/uploads', { body: [upload] }))
