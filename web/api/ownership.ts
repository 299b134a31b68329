import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type Manager = Ok<'list_managers'>['items'][number]
export type HandOverRow = Row<'list_hand_overs'>
export type HandOver = Body<'preview_hand_over'>
export type HandedOver = Ok<'preview_hand_over'>
export type OwnershipStep = Row<'list_customer_ownerships'>
export type Standing = 'owner' | 'co_owner'

export const listManagers = (query: Record<string, string | undefined>) => answered(api.GET('/v1/portfolios', { params: { query: query as Query<'list_managers'> } }))
export const listHandOvers = () => answered(api.GET('/v1/hand-overs', {}))
export const previewHandOver = (wanted: HandOver) => answered(api.POST('/v1/hand-over-previews', { body: wanted }))
export const requestHandOver = (wanted: NewOf<'request_hand_overs'>) => one(api.POST('/v1/hand-overs', { body: [wanted] }))
export const listOwnerships = (seq: number) => answered(api.GET('/v1/customers/{seq}/ownerships', { params: { path: { seq } } }))
export const giveCustomers = (news: NewOf<'give_customers'>[]) => answered(api.POST('/v1/ownerships', { body: news }))
export const endOwnerships = (ends: NewOf<'end_ownerships'>[]) => answered(api.POST('/v1/ownership-ends', { body: ends }))
