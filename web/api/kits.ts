import { answered, api, one } from './client'
import type { NewOf, Ok, Query, Row } from './types'

export type Kit = Ok<'list_kits'>[number]
export type KitPreview = Ok<'preview_kit'>
export type KitSetupRow = Row<'list_kit_setups'>
export type KitSetup = Ok<'get_kit_setup'>
export type KitPart = KitSetup['parts'][number]
export type NewKitSetup = NewOf<'set_up_kits'>
export type KitTerms = Omit<NewKitSetup, 'unit_id' | 'request_no'>

const at = (id: string) => ({ params: { path: { setup_id: id } } })

export const listKits = () => answered(api.GET('/v1/kits'))
export const previewKit = (terms: KitTerms) => answered(api.POST('/v1/kit-previews', { body: terms }))
export const listKitSetups = (query: Record<string, string | undefined>) => answered(api.GET('/v1/kit-setups', { params: { query: query as Query<'list_kit_setups'> } }))
export const setUpKit = (wanted: NewKitSetup) => one(api.POST('/v1/kit-setups', { body: [wanted] }))
export const getKitSetup = (id: string) => answered(api.GET('/v1/kit-setups/{setup_id}', at(id)))
export const submitKit = (id: string) => answered(api.POST('/v1/kit-setups/{setup_id}/submission', at(id)))
export const stopKit = (id: string, reason: string) => answered(api.POST('/v1/kit-setups/{setup_id}/stop', { ...at(id), body: { reason } }))
export const removeKit = (id: string) => answered(api.DELETE('/v1/kit-setups/{setup_id}', at(id)))
