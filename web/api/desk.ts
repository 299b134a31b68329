import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type Found = Ok<'find_at_desk'>
export type Purpose = Body<'find_at_desk'>['purpose']
export type Benefit = Row<'list_benefits_of_customer'>
export type Story = Ok<'get_story'>
export type Reasons = Ok<'get_reasons'>
export type CaseRow = Row<'list_cases'>
export type Case = Ok<'get_case'>
export type Compensation = Row<'list_compensations'>
export type Extension = Row<'list_extensions'>
export type Reading = Case['readings'][number]
export type ServiceOffer = Row<'list_service_offers'>
export type ActKind = NewOf<'act_in_cases'>['kind']
type Params = Record<string, string | undefined>

const of = (seq: number) => ({ params: { path: { seq } } })
const inCase = (caseId: string) => ({ params: { path: { case_id: caseId } } })

export const findAtDesk = (text: string, purpose: Purpose) => answered(api.POST('/v1/desk-finds', { body: { text, purpose } }))
export const listBenefits = (seq: number) => answered(api.GET('/v1/customers/{seq}/benefits', of(seq)))
export const getStory = (grantId: string) => answered(api.GET('/v1/grants/{grant_id}/story', { params: { path: { grant_id: grantId } } }))
export const listAskable = (seq: number) => answered(api.GET('/v1/customers/{seq}/campaigns', of(seq)))
export const getReasons = (seq: number, campaignId: string) =>
  answered(api.GET('/v1/customers/{seq}/campaigns/{campaign_id}/reasons', { params: { path: { seq, campaign_id: campaignId } } }))

export const listCases = (query: Params) => answered(api.GET('/v1/cases', { params: { query: query as Query<'list_cases'> } }))
export const getCase = (caseId: string) => answered(api.GET('/v1/cases/{case_id}', inCase(caseId)))
export const openCase = (wanted: NewOf<'open_cases'>) => one(api.POST('/v1/cases', { body: [wanted] }))
export const listColleagues = (caseId?: string) => answered(api.GET('/v1/desk-colleagues', { params: { query: { case_id: caseId } } }))
export const assignCase = (caseId: string, staffId: string) => answered(api.POST('/v1/cases/{case_id}/assignee', { ...inCase(caseId), body: { staff_id: staffId } }))
export const noteCase = (caseId: string, wanted: NewOf<'note_case'>) => one(api.POST('/v1/cases/{case_id}/notes', { ...inCase(caseId), body: [wanted] }))
export const closeCase = (caseId: string, outcome: string) => answered(api.POST('/v1/cases/{case_id}/closing', { ...inCase(caseId), body: { outcome } }))
export const reopenCase = (caseId: string, reason: string) => answered(api.POST('/v1/cases/{case_id}/reopening', { ...inCase(caseId), body: { reason } }))
export const actInCase = (wanted: NewOf<'act_in_cases'>) => one(api.POST('/v1/care-acts', { body: [wanted] }))
export const compensate = (wanted: NewOf<'compensate'>) => one(api.POST('/v1/compensations', { body: [wanted] }))
export const getCompensation = (id: string) => answered(api.GET('/v1/compensations/{compensation_id}', { params: { path: { compensation_id: id } } }))
export const takeBack = (id: string, reason: string) =>
  answered(api.POST('/v1/compensations/{compensation_id}/taking-back', { params: { path: { compensation_id: id } }, body: { reason } }))
export const listCompensations = (query: Params) => answered(api.GET('/v1/compensations', { params: { query: query as Query<'list_compensations'> } }))
export const withdrawCompensation = (id: string) => answered(api.POST('/v1/compensations/{compensation_id}/withdrawal', { params: { path: { compensation_id: id } } }))
export const listExtensions = (query: Params) => answered(api.GET('/v1/extensions', { params: { query: query as Query<'list_extensions'> } }))
export const withdrawExtension = (id: string) => answered(api.POST('/v1/extensions/{extension_id}/withdrawal', { params: { path: { extension_id: id } } }))
export const askReading = (wanted: NewOf<'ask_code_readings'>) => one(api.POST('/v1/code-readings', { body: [wanted] }))
export const getReading = (id: string) => answered(api.GET('/v1/code-readings/{reading_id}', { params: { path: { reading_id: id } } }))
export const readCode = (id: string) => answered(api.POST('/v1/code-readings/{reading_id}/reveals', { params: { path: { reading_id: id } } }))
export const withdrawReading = (id: string) => answered(api.POST('/v1/code-readings/{reading_id}/withdrawal', { params: { path: { reading_id: id } } }))
export const extendBenefit = (wanted: NewOf<'extend_benefits'>) => one(api.POST('/v1/extensions', { body: [wanted] }))
export const getExtension = (id: string) => answered(api.GET('/v1/extensions/{extension_id}', { params: { path: { extension_id: id } } }))
export const listServiceOffers = (query: Params = {}) => answered(api.GET('/v1/service-offers', { params: { query: query as Query<'list_service_offers'> } }))
export const proposeServiceOffer = (wanted: NewOf<'propose_service_offers'>) => one(api.POST('/v1/service-offers', { body: [wanted] }))
export const stopServiceOffer = (id: string, reason: string) =>
  answered(api.POST('/v1/service-offers/{service_offer_id}/stop', { params: { path: { service_offer_id: id } }, body: { reason } }))
