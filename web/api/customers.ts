import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type CustomerRow = Row<'list_customers'>
export type CustomerPage = Ok<'get_customer'>
export type Points = Row<'list_customer_points'>
export type ImportRow = Row<'list_imports'>
export type Import = Ok<'get_import'>
export type Proposal = Ok<'propose_mapping'>
export type NewImport = NewOf<'start_imports'>
export type Attribute = Row<'list_attributes'>

export const listCustomers = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/customers', { params: { query: query as Query<'list_customers'> } }))
export const getCustomer = (seq: number) => answered(api.GET('/v1/customers/{seq}', { params: { path: { seq } } }))
export const listPoints = (seq: number) => answered(api.GET('/v1/customers/{seq}/points', { params: { path: { seq } } }))
export const revealField = (seq: number, wanted: Body<'reveal_customer_field'>) =>
  answered(api.POST('/v1/customers/{seq}/reveals', { params: { path: { seq } }, body: wanted }))
export const requestErasure = (seq: number, reason: string) => one(api.POST('/v1/erasures', { body: [{ seq, reason }] }))
export const listAttributes = () => answered(api.GET('/v1/attributes', {}))

export const listImports = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/imports', { params: { query: query as Query<'list_imports'> } }))
const at = (importId: string) => ({ params: { path: { import_id: importId } } })
export const getImport = (importId: string) => answered(api.GET('/v1/imports/{import_id}', at(importId)))
export const startImport = (wanted: NewImport) => one(api.POST('/v1/imports', { body: [wanted] }))
export const cancelImport = (importId: string) => answered(api.POST('/v1/imports/{import_id}/cancellation', at(importId)))
export const rejectsAddress = (importId: string) => `/v1/imports/${importId}/rejects`

export type Look = Omit<Body<'propose_mapping'>, 'file_id'>
export const proposeMapping = (fileId: string, look: Partial<Look> = {}) => answered(api.POST('/v1/import-proposals', { body: { file_id: fileId, ...look } as Body<'propose_mapping'> }))
export const listMappings = () => answered(api.GET('/v1/import-mappings', {}))
export const saveMapping = (saved: NewOf<'put_mappings'>) => one(api.PUT('/v1/import-mappings', { body: [saved] }))
export type NewReview = NewOf<'hold_reviews'>
export const holdReview = (review: NewReview) => one(api.POST('/v1/reviews', { body: [review] }))
