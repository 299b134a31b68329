import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type EventSource = Row<'list_event_sources'>
export type MadeSource = Ok<'add_event_source'>
export type EventSchema = Row<'list_event_schemas'>
export type NewSchema = NewOf<'put_event_schemas'>
export type Property = EventSchema['properties'] extends (infer P)[] | undefined ? P : never
export type EventActivity = Ok<'get_event_figures'>
export type LatestEvent = Row<'list_events'>
export type Quarantined = Row<'list_event_quarantine'>
export type Cause = Row<'list_quarantine_causes'>
export type EventUse = Row<'list_event_uses'>

type Params = Record<string, string | undefined>

export const listSources = (query: Params = {}) => answered(api.GET('/v1/event-sources', { params: { query: query as Query<'list_event_sources'> } }))
export const addSource = (name: string) => answered(api.POST('/v1/event-sources', { body: { name } }))
const source = (sourceId: string) => ({ params: { path: { source_id: sourceId } } })
export const rotateSource = (id: string) => answered(api.POST('/v1/event-sources/{source_id}/rotate', source(id)))
export const revokeSource = (id: string) => answered(api.DELETE('/v1/event-sources/{source_id}', source(id)))

export const getActivity = () => answered(api.GET('/v1/event-figures', {}))
export const listEvents = (query: Params) => answered(api.GET('/v1/events', { params: { query: query as Query<'list_events'> } }))

export const listSchemas = (query: Params = {}) => answered(api.GET('/v1/event-schemas', { params: { query: query as Query<'list_event_schemas'> } }))
export const putSchema = (schema: NewSchema) => one(api.PUT('/v1/event-schemas', { body: [schema] }))
export type Trait = Row<'list_event_traits'>
export const listTraits = () => answered(api.GET('/v1/event-traits', {}))
export const putTrait = (property: string, attribute: string | null) => one(api.PUT('/v1/event-traits', { body: [{ property, attribute }] }))

export const listUses = (name: string) => answered(api.GET('/v1/event-uses', { params: { query: { name } } }))

export const listQuarantine = (query: Params) =>
  answered(api.GET('/v1/event-quarantine', { params: { query: query as unknown as Query<'list_event_quarantine'> } }))
export const listCauses = () => answered(api.GET('/v1/event-quarantine/causes', {}))
export const replay = (wanted: Body<'replay_event_quarantine'>) => answered(api.POST('/v1/event-quarantine/replay', { body: wanted }))
export const discard = (ids: string[], reason: string) => answered(api.POST('/v1/event-quarantine/discard', { body: { ids, reason } }))
export const clearCause = (wanted: Body<'clear_event_quarantine'>) => answered(api.POST('/v1/event-quarantine/clearance', { body: wanted }))
