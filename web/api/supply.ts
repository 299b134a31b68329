import { answered, api, one } from './client'
import { sent } from './places'
import type { NewOf, Ok, Query, Row } from './types'

export type SupplierHealth = Row<'list_supplier_health'>
export type Alarm = Row<'list_supplier_alarms'>
export type Connection = Row<'list_supplier_connections'>
export type OrderRow = Row<'list_supplier_orders'>
export type Order = Ok<'get_supplier_order'>
export type PrepaymentAccount = Row<'list_prepayment_accounts'>
export type Prepayment = Row<'list_prepayments'>
export type DayFile = Row<'list_day_files'>
export type Difference = Row<'list_differences'>

type Params = Record<string, string | undefined>

export const listHealth = () => answered(api.GET('/v1/supplier-health', {}))
export const listAlarms = (supplier_id?: string) => answered(api.GET('/v1/supplier-alarms', { params: { query: { supplier_id } } }))
export const listConnections = () => answered(api.GET('/v1/supplier-connections', {}))
export const setConnection = (connection: NewOf<'set_supplier_connections'>) => one(api.PUT('/v1/supplier-connections', { body: [connection] }))

export const listOrders = (query: Params) =>
  answered(api.GET('/v1/supplier-orders', { params: { query: query as Query<'list_supplier_orders'> } }))
const order = (orderId: string) => ({ params: { path: { order_id: orderId } } })
export const getOrder = (id: string) => answered(api.GET('/v1/supplier-orders/{order_id}', order(id)))
export const cancelOrder = (id: string, reason: string) =>
  answered(api.POST('/v1/supplier-orders/{order_id}/cancellation', { ...order(id), body: { reason } }))
export const returnCoupon = (id: string, reason: string) =>
  answered(api.POST('/v1/supplier-orders/{order_id}/coupon-return', { ...order(id), body: { reason } }))
export const askRefund = (wanted: NewOf<'ask_supplier_refunds'>) => one(api.POST('/v1/supplier-refunds', { body: [wanted] }))
export const endRefund = (wanted: NewOf<'end_supplier_refunds'>) => one(api.POST('/v1/supplier-refund-ends', { body: [wanted] }))
export const queryOrder = (id: string) => answered(api.POST('/v1/supplier-orders/{order_id}/query', order(id)))

export const listAccounts = () => answered(api.GET('/v1/prepayment-accounts', {}))
export const listPrepayments = (query: Params) =>
  answered(api.GET('/v1/prepayments', { params: { query: query as Query<'list_prepayments'> } }))
export const prepay = (wanted: NewOf<'prepay_suppliers'>) => one(api.POST('/v1/prepayments', { body: [wanted] }))

export type Consignment = Row<'list_consignments'>
export type WaitingDay = Row<'list_consignment_days'>
export type Answered = Ok<'answer_consignment'>
export const listConsignments = (query: Params) =>
  answered(api.GET('/v1/consignments', { params: { query: query as Query<'list_consignments'> } }))
export const listConsignmentDays = () => answered(api.GET('/v1/consignment-days', {}))
export const askConsignment = (wanted: NewOf<'ask_consignments'>) => one(api.POST('/v1/consignments', { body: [wanted] }))
export const cancelConsignment = (id: string) => answered(api.DELETE('/v1/consignments/{consignment_id}', { params: { path: { consignment_id: id } } }))
export const consignmentFile = (id: string) => `/v1/consignments/${id}/file`
export const answerConsignment = (id: string, file: File) =>
  sent<Answered>(`/v1/consignments/${id}/answers?${new URLSearchParams({ name: file.name }).toString()}`, file)

export const listDayFiles = (query: Params) =>
  answered(api.GET('/v1/day-files', { params: { query: query as Query<'list_day_files'> } }))
export const getDayFile = (id: string) => answered(api.GET('/v1/day-files/{day_file_id}', { params: { path: { day_file_id: id } } }))
export const fetchDayFile = (supplier_id: string, business_on: string) =>
  answered(api.POST('/v1/day-files/fetches', { body: { supplier_id, business_on } }))
export const bringDayFile = (supplier_id: string, business_on: string, file: File) =>
  answered(api.POST('/v1/day-files', { params: { query: { supplier_id, business_on } }, body: file as never, bodySerializer: (body: unknown) => body as Blob, headers: { 'Content-Type': 'text/csv' } }))

export const listDifferences = (query: Params) =>
  answered(api.GET('/v1/differences', { params: { query: query as Query<'list_differences'> } }))
const difference = (differenceId: string) => ({ params: { path: { difference_id: differenceId } } })
export const resolveDifference = (id: string, resolution: 'accept_theirs' | 'keep_ours', reason: string) =>
  answered(api.POST('/v1/differences/{difference_id}/resolution', { ...difference(id), body: { resolution, reason } }))
export const confirmDifference = (id: string) => answered(api.POST('/v1/differences/{difference_id}/confirmation', difference(id)))
export const reopenDifference = (id: string, reason: string) =>
  answered(api.POST('/v1/differences/{difference_id}/reopening', { ...difference(id), body: { reason } }))
