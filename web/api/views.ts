import { answered, api, one } from './client'
import type { NewOf, Row } from './types'

export type SavedView = Row<'list_views'>
export type ExportFile = Row<'list_exports'>
export type NewExport = NewOf<'request_exports'>
export type ExportColumn = NewExport['columns'][number]

/** Told to the page when somebody has started background work: the job drawer opens and shows it. */
export const WORK_STARTED = 'huoke:work-started'

export const listViews = (page: string) => answered(api.GET('/v1/views', { params: { query: { page } } }))
export const saveView = (view: NewOf<'save_views'>) => one(api.POST('/v1/views', { body: [view] }))
export const changeView = (view: NewOf<'change_views'>) => one(api.PUT('/v1/views', { body: [view] }))
export const removeView = (id: string) => answered(api.DELETE('/v1/views/{view_id}', { params: { path: { view_id: id } } }))

export const listExports = () => answered(api.GET('/v1/exports', {}))
export const cancelExport = (id: string) => answered(api.DELETE('/v1/exports/{export_id}', { params: { path: { export_id: id } } }))
export const exportAddress = (id: string) => `/v1/exports/${id}/file`

export async function requestExport(wanted: NewExport): Promise<void> {
  await one(api.POST('/v1/exports', { body: [wanted] }))
  window.dispatchEvent(new Event(WORK_STARTED))
}

export const dismissGuide = () => answered(api.PUT('/v1/guide/dismissal', {}))
export const restoreGuide = () => answered(api.DELETE('/v1/guide/dismissal', {}))
