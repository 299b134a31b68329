import { answered, api, one } from './client'
import type { NewOf, Query, Row } from './types'

export type AuditRow = Row<'list_audit'>
export type AuditExport = Row<'list_audit_exports'>

export const listAudit = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/audit', { params: { query: query as Query<'list_audit'> } }))

export const listAuditExports = () => answered(api.GET('/v1/audit/exports', { params: { query: { limit: 10 } } }))

export const exportAudit = (wanted: NewOf<'export_audit'>) => one(api.POST('/v1/audit/exports', { body: [wanted] }))
