import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Row } from './types'

export type ImportEntity = Row<'list_import_entities'>
export type ImportDatabase = Row<'list_import_databases'>
export type BroughtRow = Row<'list_import_rows'>
export type Extract = Ok<'get_extract'>
export type Feed = Ok<'get_feed'>
export type Day = Feed['days'][number]

export const listEntities = () => answered(api.GET('/v1/import-entities', {}))

export const listDatabases = () => answered(api.GET('/v1/import-databases', {}))
export const putDatabase = (database: NewOf<'put_import_databases'>) => one(api.PUT('/v1/import-databases', { body: [database] }))
export const removeDatabase = (databaseId: string) => answered(api.DELETE('/v1/import-databases/{database_id}', { params: { path: { database_id: databaseId } } }))

const extractAt = (extractId: string) => ({ params: { path: { extract_id: extractId } } })
export const askDatabase = (wanted: NewOf<'ask_databases'>) => one(api.POST('/v1/import-extracts', { body: [wanted] }))
export const getExtract = (extractId: string) => answered(api.GET('/v1/import-extracts/{extract_id}', extractAt(extractId)))
export const cancelExtract = (extractId: string) => answered(api.POST('/v1/import-extracts/{extract_id}/cancellation', extractAt(extractId)))

export const listImportRows = (importId: string, what: 'added' | 'changed', cursor?: string) =>
  answered(api.GET('/v1/imports/{import_id}/rows', { params: { path: { import_id: importId }, query: { what, cursor, limit: 20 } } }))
export const undoImport = (importId: string) => answered(api.POST('/v1/imports/{import_id}/undoing', { params: { path: { import_id: importId } } }))

const feedAt = (feedId: string) => ({ params: { path: { feed_id: feedId } } })
export const listFeeds = () => answered(api.GET('/v1/feeds', {}))
export const getFeed = (feedId: string) => answered(api.GET('/v1/feeds/{feed_id}', feedAt(feedId)))
export const declareFeed = (feed: NewOf<'declare_feeds'>) => one(api.POST('/v1/feeds', { body: [feed] }))
export const changeFeed = (feedId: string, feed: Body<'change_feed'>) => answered(api.PUT('/v1/feeds/{feed_id}', { ...feedAt(feedId), body: feed }))
export const moveFeed = (feedId: string, verb: Body<'move_feed'>['verb']) => answered(api.POST('/v1/feeds/{feed_id}/moves', { ...feedAt(feedId), body: { verb } }))
export const moveDay = (feedId: string, business_on: string, verb: Body<'move_feed_day'>['verb']) =>
  answered(api.POST('/v1/feeds/{feed_id}/day-moves', { ...feedAt(feedId), body: { business_on, verb } }))
export const uploadDay = (feedId: string, day: NewOf<'upload_feed_days'>) => one(api.POST('/v1/feeds/{feed_id}/days', { ...feedAt(feedId), body: [day] }))
