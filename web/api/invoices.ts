import { answered, api, one } from './client'
import type { NewOf, Query, Row } from './types'

export type InvoiceLine = Row<'list_invoice_lines'>
export type NewInvoice = NewOf<'receive_invoices'>
export type VatKind = InvoiceLine['vat_kind']

const ref = ({ statement_id, place, slot }: InvoiceLine) => ({ statement_id, place, slot })

export const listInvoiceLines = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/invoice-lines', { params: { query: query as Query<'list_invoice_lines'> } }))
export const requestInvoices = (lines: InvoiceLine[]) => answered(api.POST('/v1/invoice-lines/requests', { body: lines.map(ref) }))
export const receiveInvoice = (lines: InvoiceLine[], entered: Omit<NewInvoice, 'lines'>) => one(api.POST('/v1/invoices', { body: [{ ...entered, lines: lines.map(ref) }] }))
export const reclassifyLine = ({ statement_id, place }: InvoiceLine, vat_kind: VatKind, reason: string) =>
  one(api.POST('/v1/invoice-lines/kinds', { body: [{ statement_id, place, vat_kind, reason }] }))
export const reverseInvoice = (id: string, reason: string) => answered(api.POST('/v1/invoices/{invoice_id}/reversal', { params: { path: { invoice_id: id } }, body: { reason } }))
