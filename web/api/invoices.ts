import { ApiError, type Problem } from '@kit/problem'
import { answered, api, csrfHeader, one } from './client'
import { sent } from './places'
import type { NewOf, Ok, Query, Row } from './types'

export type InvoiceLine = Row<'list_invoice_lines'>
export type NewInvoice = NewOf<'receive_invoices'>
export type Missing = Ok<'list_missing_invoices'>[number]
export type Paper = NonNullable<NonNullable<InvoiceLine['invoice']>['papers']>[number]
export type VatKind = InvoiceLine['vat_kind']

const ref = ({ statement_id, place, slot }: InvoiceLine) => ({ statement_id, place, slot })

export const listInvoiceLines = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/invoice-lines', { params: { query: query as Query<'list_invoice_lines'> } }))
export const requestInvoices = (lines: InvoiceLine[]) => answered(api.POST('/v1/invoice-lines/requests', { body: lines.map(ref) }))
export const receiveInvoice = (lines: InvoiceLine[], entered: Omit<NewInvoice, 'lines'>) => one(api.POST('/v1/invoices', { body: [{ ...entered, lines: lines.map(ref) }] }))
export const reclassifyLine = ({ statement_id, place }: InvoiceLine, vat_kind: VatKind, reason: string) =>
  one(api.POST('/v1/invoice-lines/kinds', { body: [{ statement_id, place, vat_kind, reason }] }))
export const reverseInvoice = (id: string, reason: string) => answered(api.POST('/v1/invoices/{invoice_id}/reversal', { params: { path: { invoice_id: id } }, body: { reason } }))
export const listMissing = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/invoice-lines/missing', { params: { query: query as Query<'list_missing_invoices'> } }))
export const keepPaper = (id: string, file: File) => sent<Ok<'keep_invoice_paper'>>(`/v1/invoices/${id}/papers?${new URLSearchParams({ name: file.name }).toString()}`, file)

/** A kept file, as bytes: taking it is noted in the trail, so it is no plain address. */
export async function takePaper(id: string): Promise<Blob> {
  const response = await fetch(`/v1/invoice-papers/${id}/download`, { method: 'POST', headers: csrfHeader() })
  if (!response.ok) throw new ApiError((await response.json()) as Problem)
  return response.blob()
}
