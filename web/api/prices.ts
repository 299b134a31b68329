import { answered, api } from './client'
import type { Query, Row } from './types'

export type PriceLine = Row<'list_price_spreads'>

export const listPriceSpreads = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/price-spreads', { params: { query: query as Query<'list_price_spreads'> } }))
