import { answered, api, one } from './client'
import { sent } from './places'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type PlayRow = Row<'list_plays'>
export type Play = Ok<'get_play'>
export type PlayDraft = Play['draft']
export type PrizeDraft = NonNullable<PlayDraft['prizes']>[number]
export type Design = NonNullable<PlayDraft['design']>
export type Block = NonNullable<Design['blocks']>[number]
export type BlockKind = Block['kind']
export type Colours = Required<NonNullable<Design['colours']>>
export type PlayVersion = Ok<'list_play_versions'>[number]
export type Template = Ok<'list_play_templates'>[number]
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
export const listPlayVersions = (id: string) => answered(api.GET('/v1/plays/{play_id}/versions', path(id))) as Promise<PlayVersion[]>
export const previewPlay = (id: string, body: Body<'preview_play'>) => answered(api.POST('/v1/plays/{play_id}/preview', { ...path(id), body })) as Promise<Ok<'preview_play'>>
export const listPlayTemplates = () => answered(api.GET('/v1/play-templates', {})) as Promise<Template[]>
/** Keep a picture of a page; returns its id. */
export const addPlayPicture = async (file: File) => (await sent<Ok<'add_play_picture'>>('/v1/play-pictures', file)).id
export const amendPlay = (id: string, body: Body<'amend_play'>) => answered(api.POST('/v1/plays/{play_id}/amendments', { ...path(id), body }))
export type LobbyScreen = Ok<'get_lobby_screen'>
export type LobbyVisit = Row<'list_lobby_visits'>
export const getLobbyScreen = (of: 'rm' | 'branch') => answered(api.GET('/v1/lobby-screen', { params: { query: { of } } })) as Promise<LobbyScreen>
export const lobbyPicture = (of: 'rm' | 'branch') => `/v1/lobby-screen/picture?of=${of}`
export const listLobbyVisits = () => answered(api.GET('/v1/lobby-visits', {}))
export const getPlayLobby = (id: string) => answered(api.GET('/v1/plays/{play_id}/lobby', path(id))) as Promise<Ok<'get_play_lobby'>>
export const listPlayAmendments = (id: string) => answered(api.GET('/v1/plays/{play_id}/amendments', path(id))) as Promise<Ok<'list_play_amendments'>>
