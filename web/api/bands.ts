import { answered, api, one } from './client'
import type { NewOf, Row } from './types'

export type BandsRequest = Row<'list_bands_requests'>

export const listBandsRequests = () => answered(api.GET('/v1/attribute-bands'))
export const requestBands = (wanted: NewOf<'request_bands'>) => one(api.POST('/v1/attribute-bands', { body: [wanted] }))
