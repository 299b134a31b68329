/** The library: listings of all suppliers, and the catalogues they come from. */
import { answered, api, one } from './client'
import { sent } from './places'
import { requestNo } from './request'
import type { Ok, Query, Row } from './types'

export type LibraryFound = Ok<'search_library'>
export type Listing = LibraryFound['items'][number]
export type Facet = LibraryFound['facets'][number]
export type BenefitSuggestions = Ok<'suggest_benefits'>
export type Leaning = BenefitSuggestions['found']['leans'][number]
export type SuggestedListing = Leaning['listings'][number]
export type CatalogueImport = Row<'list_catalogue_imports'>
export type Difference = Row<'list_catalogue_differences'>

type Params = Record<string, string | undefined>

export const searchLibrary = (query: Params) => answered(api.GET('/v1/library', { params: { query: query as Query<'search_library'> } }))
export const getListings = (number: number[]) => answered(api.GET('/v1/library/listings', { params: { query: { number } } }))
export const takeListing = (number: number, acceptance: string, acceptance_en: string) =>
  one(api.POST('/v1/library/takings', { body: [{ number, acceptance, acceptance_en, request_no: requestNo() }] }))

export type SupplierOffer = Row<'list_supplier_offers'>
export const listOffers = (sku_id: string) => answered(api.GET('/v1/supplier-offers/{sku_id}', { params: { path: { sku_id } } }))
export const orderListings = (sku_id: string, numbers: number[]) => one(api.PUT('/v1/library/orderings', { body: [{ sku_id, numbers }] }))
export const addOffer = (number: number, sku_id: string) => one(api.POST('/v1/library/takings', { body: [{ number, sku_id, acceptance: '', acceptance_en: '', request_no: requestNo() }] }))

/** What suits a segment; a region of 6 digits leaves out what is not good there. */
export const suggestBenefits = (segment_id: string, region: string) =>
  answered(api.GET('/v1/segments/{segment_id}/benefit-suggestions', { params: { path: { segment_id }, query: region ? { region } : {} } }))

export const listCatalogueImports = (query: Params) => answered(api.GET('/v1/catalogue-imports', { params: { query: query as Query<'list_catalogue_imports'> } }))
const path = (catalogue_id: string) => ({ params: { path: { catalogue_id } } })
export const getCatalogueImport = (id: string) => answered(api.GET('/v1/catalogue-imports/{catalogue_id}', path(id)))
export const listDifferences = (id: string, query: Params) =>
  answered(api.GET('/v1/catalogue-imports/{catalogue_id}/differences', { params: { path: { catalogue_id: id }, query: query as Query<'list_catalogue_differences'> } }))
export const applyCatalogue = (id: string, gone: boolean) => answered(api.POST('/v1/catalogue-imports/{catalogue_id}/application', { ...path(id), body: { gone } }))
export const cancelCatalogue = (id: string) => answered(api.POST('/v1/catalogue-imports/{catalogue_id}/cancellation', path(id)))
export const undoCatalogue = (id: string) => answered(api.POST('/v1/catalogue-imports/{catalogue_id}/undoing', path(id)))
export const submitPrices = (id: string, held_reason: string) => answered(api.POST('/v1/catalogue-imports/{catalogue_id}/prices', { ...path(id), body: { held_reason } }))

/** Upload a supplier's catalogue and have it read. */
export async function importCatalogue(supplier_id: string, file: File, whole: boolean): Promise<CatalogueImport> {
  const kept = await sent<Ok<'upload_catalogue_file'>>(`/v1/catalogue-files?${new URLSearchParams({ name: file.name }).toString()}`, file)
  return answered(api.POST('/v1/catalogue-imports', { body: { supplier_id, file_id: kept.id, whole } }))
}
