import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type CampaignRow = Row<'list_campaigns'>
export type Campaign = Ok<'get_campaign'>
export type CampaignChange = Body<'change_campaign'>
export type Draft = Campaign['draft']
export type Checks = Ok<'check_campaign'>
export type Board = Ok<'get_board'>
export type Home = Ok<'get_home'>
export type Grant = Row<'list_grants'>

const at = (campaignId: string) => ({ params: { path: { campaign_id: campaignId } } })

export const listCampaigns = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/campaigns', { params: { query: query as Query<'list_campaigns'> } }))
export const createCampaign = (draft: NewOf<'create_campaigns'>) => one(api.POST('/v1/campaigns', { body: [draft] }))
export const getCampaign = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}', at(id)))
export const changeCampaign = (id: string, change: CampaignChange) =>
  answered(api.PUT('/v1/campaigns/{campaign_id}', { ...at(id), body: change }))
export const checkCampaign = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/checks', at(id)))
export const submitCampaign = (id: string) => answered(api.POST('/v1/campaigns/{campaign_id}/submission', at(id)))

export type Template = Row<'list_templates'>

export const listTemplates = () => answered(api.GET('/v1/campaign-templates', {}))
export const useTemplate = (key: string, wanted: Body<'use_template'>) =>
  answered(api.POST('/v1/campaign-templates/{key}/campaigns', { params: { path: { key } }, body: wanted }))
export const keepTemplate = (template: NewOf<'keep_templates'>) => one(api.POST('/v1/campaign-templates', { body: [template] }))
export const dropTemplate = (id: string) => answered(api.DELETE('/v1/campaign-templates/{template_id}', { params: { path: { template_id: id } } }))
export const copyCampaign = (id: string, wanted: Body<'copy_campaign'>) => answered(api.POST('/v1/campaigns/{campaign_id}/copies', { ...at(id), body: wanted }))
export const openRelease = (id: string, reason: string) => answered(api.POST('/v1/campaigns/{campaign_id}/releases', { ...at(id), body: { reason } }))

export type Letter = Ok<'get_campaign_message'>
export type Trial = Ok<'try_campaign_message'>

export const getLetter = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/message', at(id)))
export const tryMessage = (id: string, wanted: Body<'try_campaign_message'>) => answered(api.POST('/v1/campaigns/{campaign_id}/message-trials', { ...at(id), body: wanted }))

export const listMetrics = () => answered(api.GET('/v1/metrics', {}))
export type Entry = Row<'list_campaign_entries'>
export type CalendarAnswer = Ok<'get_campaign_calendar'>

export const amendCampaign = (id: string, wanted: Body<'amend_campaign'>) => answered(api.POST('/v1/campaigns/{campaign_id}/amendments', { ...at(id), body: wanted }))
export const listAmendments = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/amendments', at(id)))
export const listEntries = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/entry-points', at(id)))
export const openEntries = (id: string, plans: Body<'open_campaign_entries'>) => answered(api.POST('/v1/campaigns/{campaign_id}/entry-points', { ...at(id), body: plans }))
export const entryPicture = (id: string, entryId: string, kind: 'qr.svg' | 'qr.png' | 'poster.svg' | 'poster.png' | 'poster.pdf', lang = 'zh') =>
  `/v1/campaigns/${id}/entry-points/${entryId}/picture?kind=${kind}&lang=${lang}`
export const getCalendar = (begin: string, end: string, unitId?: string) =>
  answered(api.GET('/v1/campaign-calendar', { params: { query: { begin, end, unit_id: unitId ? Number(unitId) : undefined } } }))
export const listHistory = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/history', at(id)))
export const haltCampaigns = (wanted: Body<'halt_campaigns'>) => answered(api.POST('/v1/campaign-halts', { body: wanted }))

export type CampaignVerb = 'pause' | 'resume' | 'stop'
export function turnCampaign(verb: CampaignVerb, id: string, reason: string) {
  const asked = { ...at(id), body: { reason } }
  if (verb === 'pause') return answered(api.POST('/v1/campaigns/{campaign_id}/pause', asked))
  if (verb === 'resume') return answered(api.POST('/v1/campaigns/{campaign_id}/resume', asked))
  return answered(api.POST('/v1/campaigns/{campaign_id}/stop', asked))
}

export const getBoard = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/board', at(id)))
export const boardStream = (id: string) => `/v1/campaigns/${id}/board/stream`
export const getHome = () => answered(api.GET('/v1/home', {}))
export type Alarm = Ok<'list_alarms'>[number]
export const listAlarms = () => answered(api.GET('/v1/alarms', {})) as Promise<Alarm[]>

export const listGrants = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/grants', { params: { query: query as Query<'list_grants'> } }))
