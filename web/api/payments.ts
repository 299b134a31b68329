import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Payment = Row<'list_payments'>
export type PaymentView = Ok<'get_payment'>
export type Cashier = Row<'list_payment_cashiers'>
export type RefundItem = Row<'list_refunds'>
export type Sale = Row<'list_sales'>
export type PaymentDay = Row<'list_payment_days'>
export type PaymentDifference = Row<'list_payment_differences'>

export const listPayments = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/payments', { params: { query: query as Query<'list_payments'> } }))
export const getPayment = (payment_id: string) => answered(api.GET('/v1/payments/{payment_id}', { params: { path: { payment_id } } }))
export const queryPayment = (payment_id: string) => answered(api.POST('/v1/payments/{payment_id}/query', { params: { path: { payment_id } } }))
export const listCashiers = () => answered(api.GET('/v1/payment-cashiers', {}))
export const proposeCashier = (cashier: NewOf<'propose_payment_cashiers'>) => one(api.POST('/v1/payment-cashiers', { body: [cashier] }))
export const listDays = () => answered(api.GET('/v1/payment-days', {}))
export const closeDay = (business_on: string) => answered(api.POST('/v1/payment-days', { body: { business_on } }))
export const listPaymentDifferences = () => answered(api.GET('/v1/payment-differences', { params: { query: { status: 'open' } } }))
export const explainDifference = (business_on: string, number: string, reason: string) =>
  answered(api.POST('/v1/payment-explanations', { body: { business_on, number, reason } }))
export const listRefunds = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/payment-refunds', { params: { query: query as Query<'list_refunds'> } }))
export const sendRefundAgain = (refund_id: string, reason: string) => one(api.POST('/v1/payment-refunds/again', { body: [{ refund_id, reason }] }))
export const listSales = (query: Record<string, string | undefined>) => answered(api.GET('/v1/sales', { params: { query: query as Query<'list_sales'> } }))
export const giveSaleBack = (sale_id: string, price_fen: number, reason: string) => one(api.POST('/v1/sale-refunds', { body: [{ sale_id, price_fen, reason }] }))
