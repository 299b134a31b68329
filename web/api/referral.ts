import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Programme = Row<'list_referral_programmes'>
export type ProgrammePage = Ok<'get_referral_programme'>
export type NewProgramme = NewOf<'propose_referral_programmes'>
export type Benefit = NonNullable<NewProgramme['inviter']>
export type Bond = Row<'list_referral_bonds'>
export type StaffProgramme = Row<'list_staff_codes'>
export type InviteTree = Ok<'get_referral_tree'>
export type Attribution = Ok<'get_referral_attribution'>
export type Verb = NewOf<'ask_referral_cases'>['verb']

type Asked = Record<string, string | undefined>
const at = (id: string) => ({ params: { path: { programme_id: id } } })

export const listProgrammes = (query: Asked) => answered(api.GET('/v1/referral-programmes', { params: { query: query as Query<'list_referral_programmes'> } }))
export const proposeProgramme = (wanted: NewProgramme) => one(api.POST('/v1/referral-programmes', { body: [wanted] }))
export const getProgramme = (id: string) => answered(api.GET('/v1/referral-programmes/{programme_id}', at(id)))
export const getInviteTree = (id: string) => answered(api.GET('/v1/referral-programmes/{programme_id}/cascade', at(id)))
export const getAttribution = (id: string) => answered(api.GET('/v1/referral-programmes/{programme_id}/attribution', at(id)))
export const openStaffCode = (id: string) => answered(api.POST('/v1/referral-programmes/{programme_id}/staff-code', at(id)))
export const listStaffCodes = () => answered(api.GET('/v1/staff-codes', {}))
export const listStaffInvited = (id: string, query: Asked) =>
  answered(api.GET('/v1/referral-programmes/{programme_id}/invited', { params: { path: { programme_id: id }, query: query as Query<'list_staff_invited'> } }))
export const listBonds = (id: string, query: Asked) =>
  answered(api.GET('/v1/referral-programmes/{programme_id}/bonds', { params: { path: { programme_id: id }, query: query as Query<'list_referral_bonds'> } }))
export const listBondSteps = (id: string) => answered(api.GET('/v1/referral-bonds/{bond_id}/steps', { params: { path: { bond_id: id } } }))
export const askCase = (bondId: string, verb: Verb, reason: string) =>
  one(api.POST('/v1/referral-cases', { body: [{ bond_id: bondId, verb, reason, request_no: crypto.randomUUID() }] }))

const moves = {
  pause: (id: string, reason: string) => answered(api.POST('/v1/referral-programmes/{programme_id}/pause', { ...at(id), body: { reason } })),
  resume: (id: string, reason: string) => answered(api.POST('/v1/referral-programmes/{programme_id}/resumption', { ...at(id), body: { reason } })),
  stop: (id: string, reason: string) => answered(api.POST('/v1/referral-programmes/{programme_id}/stop', { ...at(id), body: { reason } })),
}
export type Move = keyof typeof moves
export const moveProgramme = (id: string, move: Move, reason: string) => moves[move](id, reason)
