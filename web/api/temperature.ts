import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Temperature = NonNullable<Ok<'get_customer_temperature'>['reading']>
export type Driver = Temperature['drivers'][number]
export type Turn = Temperature['turns'][number]
export type Stage = Temperature['stage']
export type Shape = Ok<'get_temperature'>
export type DayShape = Row<'list_temperature_days'>
export type Mover = Row<'list_temperature_movers'>
export type Scales = Ok<'get_temperature_scale'>
export type Scale = Scales['in_force']
export type ScalePreview = Ok<'preview_temperature_scale'>
export type WarningEffect = Ok<'get_early_warning_effect'>
export type EarlyWarning = Row<'list_early_warnings'>

export const getTemperature = (seq: number) => answered(api.GET('/v1/customers/{seq}/temperature', { params: { path: { seq } } })) as Promise<Ok<'get_customer_temperature'>>
export const getShape = () => answered(api.GET('/v1/temperature', {}))
export const listWarnings = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/early-warnings', { params: { query: query as Query<'list_early_warnings'> } }))
export const getWarningSum = () => answered(api.GET('/v1/early-warnings/sum', {}))
export const moveWarning = (step: NewOf<'move_early_warnings'>) => one(api.POST('/v1/early-warnings/steps', { body: [step] }))
export const listDays = (days: number) => answered(api.GET('/v1/temperature/days', { params: { query: { days } } }))
export const listMovers = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/temperature/movers', { params: { query: query as Query<'list_temperature_movers'> } }))
export const getScale = () => answered(api.GET('/v1/temperature/scale', {})) as Promise<Scales>
export const previewScale = (scale: Scale) => answered(api.POST('/v1/temperature/previews', { body: scale }))
export const requestScale = (wanted: NewOf<'request_temperature_scale'>) => one(api.POST('/v1/temperature/scales', { body: [wanted] }))
export const getWarningEffect = () => answered(api.GET('/v1/early-warnings/effect', {}))
