import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type EventLoad = Row<'list_event_loads'>
export type FileLook = Ok<'look_into_event_file'>
export type FileMapping = FileLook['mapping']
export type FileColumn = FileMapping['columns'] extends (infer C)[] | undefined ? C : never

const loadAt = (loadId: string) => ({ params: { path: { load_id: loadId } } })
export const lookIntoFile = (wanted: Body<'look_into_event_file'>) => answered(api.POST('/v1/event-file-looks', { body: wanted }))
export const startLoad = (wanted: NewOf<'start_event_loads'>) => one(api.POST('/v1/event-loads', { body: [wanted] }))
export const listLoads = (query: Record<string, string | undefined>) => answered(api.GET('/v1/event-loads', { params: { query: query as Query<'list_event_loads'> } }))
export const getLoad = (loadId: string) => answered(api.GET('/v1/event-loads/{load_id}', loadAt(loadId)))
export const cancelLoad = (loadId: string) => answered(api.POST('/v1/event-loads/{load_id}/cancellation', loadAt(loadId)))
export const withdrawLoad = (loadId: string) => answered(api.POST('/v1/event-loads/{load_id}/withdrawal', loadAt(loadId)))
export const loadRejectsAddress = (loadId: string) => `/v1/event-loads/${loadId}/rejects`
