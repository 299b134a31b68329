import { answered, api, one } from './client'
import type { NewOf, Query, Row } from './types'

export type ShelfItem = Row<'list_mall_items'>
export type MallOrder = Row<'list_mall_orders'>

export const listShelf = () => answered(api.GET('/v1/mall/items', {}))
export const proposeItem = (item: NewOf<'propose_mall_items'>) => one(api.POST('/v1/mall/items', { body: [item] }))
export const takeOff = (shelf_item_id: string, reason: string) => one(api.POST('/v1/mall/removals', { body: [{ shelf_item_id, reason }] }))
export const listMallOrders = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/mall/orders', { params: { query: query as Query<'list_mall_orders'> } }))
export type AfterSale = Row<'list_after_sales'>
export const listAfterSales = () => answered(api.GET('/v1/mall/after-sales', { params: { query: { limit: 50 } } }))
export const decideAfterSale = (decision: NewOf<'decide_after_sales'>) => one(api.POST('/v1/mall/after-sale-decisions', { body: [decision] }))
