/** The counter: where one redeems, what a code stands for, redeeming, undoing, the day. */
import { answered, api, one } from './client'
import type { Ok, Query, Row } from './types'

export type Counter = Ok<'get_counter'>
export type CounterStore = Counter['stores'][number]
export type CodeMeaning = Ok<'look_up_code'>
export type Redemption = Row<'list_redemptions'>
export type Totals = Ok<'get_redemption_totals'>

type Params = Record<string, string | undefined>

export const getCounter = () => answered(api.GET('/v1/counter', {}))
export const lookUpCode = (code: string, storeId?: string) => answered(api.POST('/v1/redemption-lookups', { body: { code, store_id: storeId } }))
/** Sent again with the same number it redeems nothing twice, and says what became of it the first time. */
export const redeemCode = (no: string, code: string, storeId?: string) =>
  one(api.POST('/v1/redemptions', { body: [{ request_no: no, code, store_id: storeId }] }))
/** A coupon of a payment platform: what it is and whether it can be used, the platform says. */
export const lookUpCoupon = (code: string, storeId?: string) => answered(api.POST('/v1/coupon-lookups', { body: { code, store_id: storeId } }))
export const useCoupon = (no: string, code: string, storeId?: string) => one(api.POST('/v1/coupon-uses', { body: [{ request_no: no, code, store_id: storeId }] }))
export const undoRedemption = (id: string, reason: string) =>
  answered(api.POST('/v1/redemptions/{redemption_id}/undo', { params: { path: { redemption_id: id } }, body: { reason } }))
export const listRedemptions = (query: Params) => answered(api.GET('/v1/redemptions', { params: { query: query as Query<'list_redemptions'> } }))
export const getTotals = (query: Params) => answered(api.GET('/v1/redemptions/totals', { params: { query: query as Query<'get_redemption_totals'> } }))
