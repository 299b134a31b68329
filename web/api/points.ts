import { answered, api, one } from './client'
import type { NewOf, Ok } from './types'

export type PointTypes = Ok<'list_point_types'>
export type PointType = PointTypes['items'][number]
export type Expiry = PointType['expiry']
export type EarnRules = Ok<'list_earn_rules'>
export type RuleStanding = EarnRules['items'][number]
export type EarnRule = RuleStanding['rule']
export type Simulated = Ok<'simulate_earn_rule'>
export type PointsReport = Ok<'get_points_report'>
export type Closings = Ok<'list_points_closings'>
export type RollForward = Closings['items'][number]
export type PointsAccount = Ok<'get_points_account'>
export type Movement = PointsAccount['movements'][number]

export const listTypes = () => answered(api.GET('/v1/points/types', {}))
export const requestType = (wanted: NewOf<'request_point_types'>) => one(api.POST('/v1/points/types/requests', { body: [wanted] }))
export const listRules = () => answered(api.GET('/v1/points/rules', {}))
export const requestRule = (wanted: NewOf<'request_earn_rules'>) => one(api.POST('/v1/points/rules/requests', { body: [wanted] }))
export const simulateRule = (rule: EarnRule) => answered(api.POST('/v1/points/rules/simulations', { body: rule }))
export const getReport = () => answered(api.GET('/v1/points/report', {}))
export const listClosings = () => answered(api.GET('/v1/points/closings', {}))
export const getAccount = (seq: number) => answered(api.GET('/v1/customers/{seq}/points/account', { params: { path: { seq } } }))
export const requestAdjustment = (wanted: NewOf<'request_points_adjustments'>) => one(api.POST('/v1/points/adjustments', { body: [wanted] }))
export const requestFreeze = (wanted: NewOf<'request_points_freezes'>) => one(api.POST('/v1/points/freezes', { body: [wanted] }))
