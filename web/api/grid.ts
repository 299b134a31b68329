import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type GridMap = Ok<'get_grid'>
export type GridCell = GridMap['cells'][number]
export type GridAxis = GridMap['axes'][number]
export type CellPage = Ok<'get_grid_cell'>
export type CellFlow = CellPage['came_from'][number]
export type CellProfile = Ok<'get_grid_cell_profile'>
export type BandMove = Row<'list_grid_moves'>
export type Stays = Ok<'get_customer_grid'>
export type Axes = Ok<'list_grid_axes'>
export type NewAxis = Body<'preview_grid_axis'>
export type AxisName = NewAxis['axis']
export type AxisPreview = Ok<'preview_grid_axis'>
export type Unfilled = Row<'list_grid_unfilled'>
export type FillTask = Row<'list_grid_fill_tasks'>
/** What is looked at: a month, the month beside it, and units below one. */
export interface Looked { month?: string; against?: string; unit_id?: string }

const asked = (looked: Looked) => ({ month: looked.month, against: looked.against, unit_id: looked.unit_id ? Number(looked.unit_id) : undefined })

export const getGrid = (looked: Looked) => answered(api.GET('/v1/grid', { params: { query: asked(looked) } }))
export const getCell = (cell: string, looked: Looked) => answered(api.GET('/v1/grid/cell', { params: { query: { cell, ...asked(looked) } } }))
export const getCellProfile = (cell: string, { month, unit_id }: Looked) => answered(api.GET('/v1/grid/cell/profile', { params: { query: { cell, ...asked({ month, unit_id }) } } }))
export const listMoves = (looked: Looked) => answered(api.GET('/v1/grid/moves', { params: { query: asked(looked) } }))
export const getStays = (seq: number) => answered(api.GET('/v1/customers/{seq}/grid', { params: { path: { seq } } }))
export const askPlacement = () => answered(api.POST('/v1/grid/placements'))
export const getAxes = () => answered(api.GET('/v1/grid/axes'))
export const previewAxis = (axis: NewAxis, signal?: AbortSignal) => answered(api.POST('/v1/grid/axes/previews', { body: axis, signal }))
export const requestAxis = (wanted: NewOf<'request_grid_axes'>) => one(api.POST('/v1/grid/axes', { body: [wanted] }))
export const listUnfilled = (query: Record<string, string | undefined>) => answered(api.GET('/v1/grid/unfilled', { params: { query: query as Query<'list_grid_unfilled'> } }))
export const listFillTasks = () => answered(api.GET('/v1/grid/fill-tasks'))
export const addFillTask = (task: NewOf<'add_grid_fill_tasks'>) => one(api.POST('/v1/grid/fill-tasks', { body: [task] }))
export const closeFillTask = (task_id: string) => one(api.POST('/v1/grid/fill-tasks/closings', { body: [{ task_id }] }))
