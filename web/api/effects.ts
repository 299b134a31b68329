import { answered, api } from './client'
import type { Body, Ok, Query, Row } from './types'

export type CampaignEffect = Ok<'get_effect'>
export type Effect = CampaignEffect['effect']
export type Estimate = NonNullable<Effect['difference']>
export type Gap = NonNullable<Effect['gap']>
export type Metric = NonNullable<CampaignEffect['metric']>
export type Ways = Ok<'get_ways'>
export type Way = Ways['entry_points'][number]
export type Drilled = Row<'drill_campaign'>
export type DrillQuery = Query<'drill_campaign'>
export type Paper = Ok<'get_paper'>
export type NewPaper = Body<'request_paper'>

const at = (campaignId: string) => ({ path: { campaign_id: campaignId } })

export const getEffect = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/effect', { params: at(id) }))
export type EffectPlan = Ok<'get_effect_plan'>

export const getEffectPlan = (id: string, metric: string, metricDays: number) =>
  answered(api.GET('/v1/campaigns/{campaign_id}/effect-plan', { params: { ...at(id), query: { metric, metric_days: metricDays } } }))
export const getWays = (id: string) => answered(api.GET('/v1/campaigns/{campaign_id}/ways', { params: at(id) }))
export const drillCampaign = (id: string, query: DrillQuery) =>
  answered(api.GET('/v1/campaigns/{campaign_id}/customers', { params: { ...at(id), query } }))
export const requestPaper = (id: string, wanted: NewPaper) => answered(api.POST('/v1/campaigns/{campaign_id}/papers', { params: at(id), body: wanted }))
export const getPaper = (id: string, paperId: string) =>
  answered(api.GET('/v1/campaigns/{campaign_id}/papers/{paper_id}', { params: { path: { campaign_id: id, paper_id: paperId } } }))
