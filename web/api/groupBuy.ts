import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type GroupBuy = Row<'list_group_buys'>
export type GroupBuyPage = Ok<'get_group_buy'>
export type NewGroupBuy = NewOf<'propose_group_buys'>
export type Group = Row<'list_group_buy_groups'>
export type Seat = Row<'list_group_buy_seats'>

type Asked = Record<string, string | undefined>

export const listGroupBuys = (query: Asked) => answered(api.GET('/v1/group-buys', { params: { query: query as Query<'list_group_buys'> } }))
export const proposeGroupBuy = (wanted: NewGroupBuy) => one(api.POST('/v1/group-buys', { body: [wanted] }))
export const getGroupBuy = (id: string) => answered(api.GET('/v1/group-buys/{group_buy_id}', { params: { path: { group_buy_id: id } } }))
export const stopGroupBuy = (id: string, reason: string) => answered(api.POST('/v1/group-buys/{group_buy_id}/stop', { params: { path: { group_buy_id: id } }, body: { reason } }))
export const listGroups = (query: Asked) => answered(api.GET('/v1/group-buy-groups', { params: { query: query as unknown as Query<'list_group_buy_groups'> } }))
export const listSeats = (id: string) => answered(api.GET('/v1/group-buy-groups/{party_id}/seats', { params: { path: { party_id: id } } }))
export const stopGroup = (id: string, reason: string) => answered(api.POST('/v1/group-buy-groups/{party_id}/stop', { params: { path: { party_id: id } }, body: { reason } }))
