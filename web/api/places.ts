/** Bundles, card codes, merchants and their stores, rules of acceptance, gifts at outlets. */
import { answered, api, csrfHeader, one } from './client'
import { ApiError, type Problem } from '@kit/problem'
import { requestNo } from './request'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type Bundle = Row<'list_bundles'>
export type BundleTerms = NonNullable<Bundle['terms']>
export type Split = NonNullable<BundleTerms['split']>
export type CodeBatch = Row<'list_card_code_batches'>
export type Merchant = Row<'list_merchants'>
export type Store = Row<'list_stores'>
export type Clerk = Row<'list_clerks'>
export type Candidate = Row<'list_clerk_candidates'>
export type Rule = Row<'list_acceptances'>
export type Gift = Row<'list_outlet_stock'>
export type Shipment = Row<'list_shipments'>
export type OutletDifference = Row<'list_outlet_differences'>

type Params = Record<string, string | undefined>

const numbered = <T>(order: T) => ({ ...order, request_no: requestNo() })

export const listBundles = (query: Params) => answered(api.GET('/v1/bundles', { params: { query: query as Query<'list_bundles'> } }))
export const addBundle = (bundle: NewOf<'add_bundles'>) => one(api.POST('/v1/bundles', { body: [numbered(bundle)] }))
export const changeBundle = (bundle: NewOf<'change_bundles'>) => one(api.PUT('/v1/bundles', { body: [bundle] }))
export const publishBundle = (id: string) => one(api.POST('/v1/bundles/publications', { body: [{ id }] }))
export const retireBundle = (id: string) => one(api.POST('/v1/bundles/retirements', { body: [{ id }] }))

/** Who would fall in each variant now. */
export const countVariants = (question: Body<'count_bundle_variants'>, signal: AbortSignal) => answered(api.POST('/v1/bundles/variant-counts', { body: question, signal }))
/** The SKUs of a bundle and all its variants, each once. */
export const everySkuOf = (terms: BundleTerms | null | undefined) => [...new Set([...(terms?.sku_ids ?? []), ...(terms?.split?.variants ?? []).flatMap((one) => one.sku_ids)])]
/** What a campaign that pushes the bundle gives at once: all where nothing is left to choose, over all variants. */
export const givenOf = (terms: BundleTerms) => {
  const at = [terms, ...(terms.split?.variants ?? [])].map((one) => (one.choose === one.sku_ids.length ? one.sku_ids : one.given ?? []))
  return [...new Set(at.flat())]
}

export const listCodeBatches = (query: Params) => answered(api.GET('/v1/card-code-batches', { params: { query: query as Query<'list_card_code_batches'> } }))
export const voidCodeBatch = (batchId: string, reason: string) =>
  answered(api.POST('/v1/card-code-batches/{batch_id}/void', { params: { path: { batch_id: batchId } }, body: { reason } }))

/** A file as it is, not as JSON: the typed client cannot say that. */
export async function sent<T>(address: string, file: File): Promise<T> {
  const response = await fetch(address, { method: 'POST', body: file, credentials: 'same-origin', headers: { 'Content-Type': file.type || 'text/csv', ...csrfHeader() } })
  const told: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new ApiError((told as Problem | null) ?? { status: response.status, code: `http.${response.status}`, detail: response.statusText })
  return told as T
}

export const uploadCodes = (skuId: string, expiresOn: string, file: File) =>
  sent<CodeBatch>(`/v1/card-code-batches?${new URLSearchParams({ sku_id: skuId, expires_on: expiresOn, name: file.name }).toString()}`, file)
/** Keep a picture of a benefit, cut to the square; returns its id. */
export const addPicture = async (file: File, square: { left: number; top: number; side: number }) =>
  (await sent<Ok<'add_picture'>>(`/v1/pictures?${new URLSearchParams({ left: `${square.left}`, top: `${square.top}`, side: `${square.side}` }).toString()}`, file)).id
export const importStores = (merchantId: string, file: File) => sent<Ok<'import_stores'>>(`/v1/merchants/${merchantId}/stores/import`, file)

export const listMerchants = (query: Params) => answered(api.GET('/v1/merchants', { params: { query: query as Query<'list_merchants'> } }))
export const addMerchant = (merchant: NewOf<'add_merchants'>) => one(api.POST('/v1/merchants', { body: [numbered(merchant)] }))
export const changeMerchant = (merchant: NewOf<'change_merchants'>) => one(api.PUT('/v1/merchants', { body: [merchant] }))
export const retireMerchant = (id: string) => one(api.POST('/v1/merchants/retirements', { body: [{ id }] }))
export const listStores = (query: Params) => answered(api.GET('/v1/stores', { params: { query: query as Query<'list_stores'> } }))
export const addStore = (store: NewOf<'add_stores'>) => one(api.POST('/v1/stores', { body: [numbered(store)] }))
export const changeStore = (store: NewOf<'change_stores'>) => one(api.PUT('/v1/stores', { body: [store] }))
export const retireStore = (id: string) => one(api.POST('/v1/stores/retirements', { body: [{ id }] }))
export const listClerks = (storeId: string) => answered(api.GET('/v1/clerks', { params: { query: { store_id: storeId } } }))
export const listCandidates = (q: string) => answered(api.GET('/v1/clerk-candidates', { params: { query: { q } } }))
export const bindClerk = (staffId: string, storeId: string) => one(api.PUT('/v1/clerks', { body: [{ staff_id: staffId, store_id: storeId }] }))
export const unbindClerk = (staffId: string, storeId: string) => one(api.POST('/v1/clerks/removals', { body: [{ staff_id: staffId, store_id: storeId }] }))
export const listRules = () => answered(api.GET('/v1/acceptances', {}))
export const addRule = (rule: NewOf<'add_acceptances'>) => one(api.POST('/v1/acceptances', { body: [numbered(rule)] }))
export const removeRule = (id: string) => one(api.POST('/v1/acceptances/removals', { body: [{ id }] }))

export const listGifts = () => answered(api.GET('/v1/outlet-stock', {}))
export const setGift = (gift: NewOf<'set_outlet_gifts'>) => one(api.PUT('/v1/outlet-stock', { body: [gift] }))
export const listShipments = () => answered(api.GET('/v1/shipments', { params: { query: { limit: 50 } } }))
export const sendShipment = (shipment: NewOf<'send_shipments'>) => one(api.POST('/v1/shipments', { body: [numbered(shipment)] }))
export const signShipment = (id: string, quantity: number, reason: string) =>
  answered(api.POST('/v1/shipments/{shipment_id}/signature', { params: { path: { shipment_id: id } }, body: { quantity, reason } }))
export const listOutletDifferences = () => answered(api.GET('/v1/outlet-differences', { params: { query: { limit: 50 } } }))
export const countGifts = (count: NewOf<'count_outlet_stock'>) => one(api.POST('/v1/outlet-counts', { body: [numbered(count)] }))
export const checkDifference = (id: string, confirmed: boolean) =>
  answered(api.POST('/v1/outlet-differences/{difference_id}/check', { params: { path: { difference_id: id } }, body: { confirmed } }))

/** A store's code to be paid by, to show or save. */
export const storePicture = (id: string, kind: 'qr.svg' | 'qr.png' | 'poster.svg' | 'poster.png' | 'poster.pdf', lang = 'zh') => `/v1/stores/${id}/picture?kind=${kind}&lang=${lang}`
