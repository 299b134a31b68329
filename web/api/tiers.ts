import { answered, api, one } from './client'
import type { NewOf, Ok } from './types'

export type Schemes = Ok<'get_tier_scheme'>
export type Scheme = NonNullable<Schemes['in_force']>
export type Level = Scheme['tiers'][number]
export type LevelBenefit = NonNullable<Level['benefits']>[number]
export type Spread = Ok<'get_tiers'>
export type WhatIf = Ok<'preview_tier_scheme'>
export type Growth = Ok<'get_customer_growth'>

export const getSchemes = () => answered(api.GET('/v1/tiers/scheme', {})) as Promise<Schemes>
export const getSpread = () => answered(api.GET('/v1/tiers', {})) as Promise<Spread>
export const previewScheme = (scheme: Scheme) => answered(api.POST('/v1/tiers/previews', { body: scheme })) as Promise<WhatIf>
export const requestScheme = (wanted: NewOf<'request_tier_scheme'>) => one(api.POST('/v1/tiers/schemes', { body: [wanted] }))
export const getGrowth = (seq: number) => answered(api.GET('/v1/customers/{seq}/growth', { params: { path: { seq } } })) as Promise<Growth>
