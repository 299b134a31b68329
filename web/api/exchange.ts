import { answered, api, one } from './client'
import type { NewOf, Ok } from './types'

export type ExchangeCards = Ok<'list_exchange_cards'>
export type CardStanding = ExchangeCards['items'][number]
export type RateCard = CardStanding['card']
export type ExchangeNames = ExchangeCards['names']
export type Trades = Ok<'list_exchange_trades'>
export type Trade = Trades['items'][number]
export type Partner = Ok<'list_exchange_partners'>['items'][number]
export type Difference = Ok<'list_exchange_differences'>['items'][number]

export const listCards = () => answered(api.GET('/v1/exchange/cards', {}))
export const requestCard = (wanted: NewOf<'request_exchange_cards'>) => one(api.POST('/v1/exchange/cards/requests', { body: [wanted] }))
export const requestFunding = (wanted: NewOf<'request_exchange_fundings'>) => one(api.POST('/v1/exchange/fundings', { body: [wanted] }))
export const listTrades = (after?: string) => answered(api.GET('/v1/exchange/trades', { params: { query: { after } } }))
export const listPartners = () => answered(api.GET('/v1/exchange/partners', {}))
export const requestPartner = (wanted: NewOf<'request_exchange_partners'>) => one(api.POST('/v1/exchange/partners/requests', { body: [wanted] }))
export const requestRelease = (wanted: NewOf<'request_exchange_releases'>) => one(api.POST('/v1/exchange/releases', { body: [wanted] }))
export const listDifferences = () => answered(api.GET('/v1/exchange/differences', {}))
export const settleDifference = (wanted: NewOf<'settle_exchange_differences'>) => one(api.POST('/v1/exchange/differences/settlements', { body: [wanted] }))
