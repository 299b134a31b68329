import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type PlayRow = Row<'list_plays'>
export type Play = Ok<'get_play'>
export type PlayDraft = Play['draft']
export type PrizeDraft = NonNullable<PlayDraft['prizes']>[number]
export type PlayFigures = Ok<'get_play_figures'>
export type Replayed = Ok<'verify_play'>

const path = (id: string) => ({ params: { path: { play_id: id } } })

export const listPlays = (query: Record<string, string | undefined>) => answered(api.GET('/v1/plays', { params: { query: query as Query<'list_plays'> } }))
export const createPlay = (play: NewOf<'create_plays'>) => one(api.POST('/v1/plays', { body: [play] }))
export const getPlay = (id: string) => answered(api.GET('/v1/plays/{play_id}', path(id))) as Promise<Play>
export const changePlay = (id: string, body: Body<'change_play'>) => answered(api.PUT('/v1/plays/{play_id}', { ...path(id), body }))
export const submitPlay = (id: string) => answered(api.POST('/v1/plays/{play_id}/submission', path(id)))
export const movePlay = (id: string, body: Body<'move_play'>) => answered(api.PUT('/v1/plays/{play_id}/state', { ...path(id), body }))
export const getPlayFigures = (id: string) => answered(api.GET('/v1/plays/{play_id}/figures', path(id))) as Promise<PlayFigures>
export const verifyPlay = (id: string) => answered(api.POST('/v1/plays/{play_id}/verification', path(id))) as Promise<Replayed>
