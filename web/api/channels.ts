import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Message = Row<'list_messages'>
export type Gateway = Ok<'get_sms_gateway'>
export interface GatewayWanted {
  address: string
  sender: string
  key_id: string
  key?: string
  link_address: string
  price_fen_per_thousand: number
  batch_max: number
  timeout_seconds: number
  enabled: boolean
}

export const listMessages = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/messages', { params: { query: query as Query<'list_messages'> } }))
export const messageTotals = () => answered(api.GET('/v1/messages/totals'))
export const getGateway = () => answered(api.GET('/v1/sms-gateway'))
export const setGateway = (wanted: GatewayWanted) => answered(api.PUT('/v1/sms-gateway', { body: wanted }))

export type TrialPhone = Row<'list_trial_phones'>

export const listTrialPhones = () => answered(api.GET('/v1/trial-phones', {}))
export const addTrialPhone = (phone: NewOf<'add_trial_phones'>) => one(api.POST('/v1/trial-phones', { body: [phone] }))
export const dropTrialPhone = (id: string) => answered(api.DELETE('/v1/trial-phones/{phone_id}', { params: { path: { phone_id: id } } }))
