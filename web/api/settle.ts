import { answered, api, one } from './client'
import { requestNo } from './request'
import type { NewOf, Ok, Query, Row } from './types'

export type StatementRow = Row<'list_statements'>
export type Statement = Ok<'get_statement'>
export type Redemption = Row<'list_redemptions'>
export type CodeMeaning = Ok<'look_up_code'>

const at = (statementId: string) => ({ params: { path: { statement_id: statementId } } })

export const listStatements = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/statements', { params: { query: query as Query<'list_statements'> } }))
export const createStatement = (wanted: NewOf<'create_statements'>) => one(api.POST('/v1/statements', { body: [wanted] }))
export const getStatement = (id: string) => answered(api.GET('/v1/statements/{statement_id}', at(id)))
export const confirmStatement = (id: string) => answered(api.POST('/v1/statements/{statement_id}/confirmation', at(id)))
export const reverseStatement = (id: string, reason: string) =>
  answered(api.POST('/v1/statements/{statement_id}/reversal', { ...at(id), body: { reason } }))
export const statementFile = (id: string, format: 'csv' | 'xlsx', language: string) =>
  `/v1/statements/${id}/export?format=${format}&lang=${language === 'en' ? 'en' : 'zh'}`

export const lookUpCode = (code: string) => answered(api.POST('/v1/redemption-lookups', { body: { code } }))
export const redeemCode = (code: string) => one(api.POST('/v1/redemptions', { body: [{ request_no: requestNo(), code }] }))
export const undoRedemption = (id: string, reason: string) =>
  answered(api.POST('/v1/redemptions/{redemption_id}/undo', { params: { path: { redemption_id: id } }, body: { reason } }))
export const listRedemptions = (mine: boolean) => answered(api.GET('/v1/redemptions', { params: { query: { mine } } }))
