import { answered, api, one } from './client'
import type { NewOf, Query, Row } from './types'

export type Unit = Row<'list_units'>
export type StaffMember = Row<'list_staff'>
export type SettingRow = Row<'list_settings'>

export const listUnits = () => answered(api.GET('/v1/units', {}))
export const addUnit = (unit: NewOf<'add_units'>) => one(api.POST('/v1/units', { body: [unit] }))

export const listStaff = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/staff', { params: { query: query as Query<'list_staff'> } }))
export const addStaff = (member: NewOf<'add_staff'>) => one(api.POST('/v1/staff', { body: [member] }))
export const changeStaff = (member: NewOf<'change_staff'>) => one(api.PUT('/v1/staff', { body: [member] }))
export const disableStaff = (id: string, reason: string) => one(api.POST('/v1/staff/disablements', { body: [{ id, reason }] }))
export const enableStaff = (id: string, reason: string) => one(api.POST('/v1/staff/enablements', { body: [{ id, reason }] }))

export const enrolStaff = (id: string) => answered(api.POST('/v1/staff/{staff_id}/enrolments', { params: { path: { staff_id: id } } }))

export const listSettings = () => answered(api.GET('/v1/settings', {}))
export const setSetting = (key: string, value: unknown, reason: string) => one(api.PUT('/v1/settings', { body: [{ key, value, reason }] }))
