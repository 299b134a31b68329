import { answered, api } from './client'
import type { Body, Ok, Query, Row } from './types'

export type ChangeRow = Row<'list_approvals'>
export type Change = Ok<'get_approval'>
export type Decision = Body<'decide_approval'>

export const listApprovals = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/approvals', { params: { query: query as Query<'list_approvals'> } }))

/** Changes that wait for the reader's own decision. */
export const listToDecide = async () => (await listApprovals({ view: 'to_decide' })).items

const at = (changeId: string) => ({ params: { path: { change_id: changeId } } })

export const getApproval = (changeId: string) => answered(api.GET('/v1/approvals/{change_id}', at(changeId)))
export const decideApproval = (changeId: string, decision: Decision) =>
  answered(api.POST('/v1/approvals/{change_id}/decisions', { ...at(changeId), body: decision }))
export const withdrawApproval = (changeId: string) => answered(api.DELETE('/v1/approvals/{change_id}', at(changeId)))
