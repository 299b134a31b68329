import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Ring = Row<'list_rings'>
export type RingPage = Ok<'get_ring'>
export type Neighbourhood = Ok<'get_customer_relations'>
export type Node = Neighbourhood['nodes'][number]
export type Kind = Neighbourhood['links'][number]['kind']
export type Lead = Row<'list_leads'>
export type Inviter = Row<'list_cascades'>
export type Tree = Ok<'get_customer_cascade'>

type Asked = Record<string, string | undefined>

export const getNeighbourhood = (seq: number) => answered(api.GET('/v1/customers/{seq}/relations', { params: { path: { seq } } }))
export const listLeads = (query: Asked) => answered(api.GET('/v1/leads', { params: { query: query as Query<'list_leads'> } }))
export const listCascades = (query: Asked) => answered(api.GET('/v1/cascades', { params: { query: query as Query<'list_cascades'> } }))
export const getCascade = (seq: number) => answered(api.GET('/v1/customers/{seq}/cascade', { params: { path: { seq } } }))
export const getReading = () => answered(api.GET('/v1/relation-readings/latest'))
export const listRings = (query: Asked) => answered(api.GET('/v1/rings', { params: { query: query as Query<'list_rings'> } }))
export const getRing = (ringId: string) => answered(api.GET('/v1/rings/{ring_id}', { params: { path: { ring_id: ringId } } }))
export const listRingMembers = (query: Asked) => answered(api.GET('/v1/ring-members', { params: { query: query as Query<'list_ring_members'> } }))
export const judgeRing = (verdict: NewOf<'judge_rings'>) => one(api.POST('/v1/rings/verdicts', { body: [verdict] }))
export const refreshRings = () => answered(api.POST('/v1/rings/refreshes'))
