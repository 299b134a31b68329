import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type StatementRow = Row<'list_statements'>
export type Statement = Ok<'get_statement'>

const at = (statementId: string) => ({ params: { path: { statement_id: statementId } } })

export const listStatements = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/statements', { params: { query: query as Query<'list_statements'> } }))
export const createStatement = (wanted: NewOf<'create_statements'>) => one(api.POST('/v1/statements', { body: [wanted] }))
export const getStatement = (id: string) => answered(api.GET('/v1/statements/{statement_id}', at(id)))
export const confirmStatement = (id: string) => answered(api.POST('/v1/statements/{statement_id}/confirmation', at(id)))
export const reverseStatement = (id: string, reason: string) =>
  answered(api.POST('/v1/statements/{statement_id}/reversal', { ...at(id), body: { reason } }))
export const answerStatement = (id: string, reason: string) => answered(api.POST('/v1/statements/{statement_id}/answer', { ...at(id), body: { reason } }))
export const payStatement = (id: string, reference: string) => answered(api.POST('/v1/statements/{statement_id}/payment', { ...at(id), body: { reference } }))
export const listOwnStatements = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/own-statements', { params: { query: query as Query<'list_own_statements'> } }))
export const getOwnStatement = (id: string) => answered(api.GET('/v1/own-statements/{statement_id}', at(id)))
export const agreeToStatement = (id: string) => answered(api.POST('/v1/own-statements/{statement_id}/agreement', at(id)))
export const disputeStatement = (id: string, reason: string) => answered(api.POST('/v1/own-statements/{statement_id}/dispute', { ...at(id), body: { reason } }))
export const statementFile = (id: string, format: 'csv' | 'xlsx', language: string, own = false) =>
  `/v1/${own ? 'own-' : ''}statements/${id}/export?format=${format}&lang=${language === 'en' ? 'en' : 'zh'}`
