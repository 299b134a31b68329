import { ApiError, type Problem } from '@kit/problem'
import { answered, api, csrfHeader } from './client'
import type { Body, Ok, Query, Row } from './types'

export type TaxMonth = Ok<'list_tax_months'>[number]
export type Withholding = Row<'list_withholdings'>

const at = (month: string) => ({ params: { path: { month } } })

export const listTaxMonths = () => answered(api.GET('/v1/tax-months'))
export const listWithholdings = (month: string, query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/tax-months/{month}/withholdings', { params: { path: { month }, query: query as Query<'list_withholdings'> } }))
export const closeTaxMonth = (month: string, reason: string) => answered(api.POST('/v1/tax-months/{month}/closing', { ...at(month), body: { reason } }))

export const remitTaxMonth = (month: string, body: Body<'remit_tax_month'>) => answered(api.POST('/v1/tax-months/{month}/remittance', { ...at(month), body }))

/** The file of a closed month, as bytes: taking it is noted in the trail, so it is no plain address. */
export async function takeTaxFile(month: string, lang: string): Promise<Blob> {
  const response = await fetch(`/v1/tax-months/${month}/file?lang=${lang}`, { method: 'POST', headers: csrfHeader() })
  if (!response.ok) throw new ApiError((await response.json()) as Problem)
  return response.blob()
}
