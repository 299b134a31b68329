import { answered, api } from './client'
import type { Ok, Query, Row } from './types'

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
