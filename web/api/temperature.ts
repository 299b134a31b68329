import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Temperature = NonNullable<Ok<'get_customer_temperature'>['reading']>
export type Driver = Temperature['drivers'][number]
export type Turn = Temperature['turns'][number]
export type Stage = Temperature['stage']
export type Shape = Ok<'get_temperature'>
export type EarlyWarning = Row<'list_early_warnings'>

export const getTemperature = (seq: number) => answered(api.GET('/v1/customers/{seq}/temperature', { params: { path: { seq } } }))
export const getShape = () => answered(api.GET('/v1/temperature', {}))
export const listWarnings = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/early-warnings', { params: { query: query as Query<'list_early_warnings'> } }))
export const getWarningSum = () => answered(api.GET('/v1/early-warnings/sum', {}))
export const moveWarning = (step: NewOf<'move_early_warnings'>) => one(api.POST('/v1/early-warnings/steps', { body: [step] }))
