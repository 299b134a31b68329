import { answered, api, one } from './client'
import { requestNo } from './request'
import type { Body, Ok, Query, Row } from './types'

export type Tag = Row<'list_tags'>
export type TagPage = Ok<'get_tag'>
export type Definition = TagPage['definition']
export type TagValue = Definition['values'][number]
export type Statistic = NonNullable<Definition['statistic']>
export type Failure = NonNullable<Tag['failure']>
export type TagFigure = TagPage['figures'][number]
export type TagCategory = Row<'list_tag_categories'>
export type TagPreview = Ok<'preview_tag'>
export type TagPlan = Ok<'plan_tags'>
export type Marked = Ok<'mark_customers'>
export type TagRun = Row<'list_tag_refreshes'>
export type Held = Row<'list_customer_tags'>
export type TagProfile = Ok<'profile_segment'>

type Params = Record<string, string | undefined>
const at = (tagId: string) => ({ params: { path: { tag_id: tagId } } })

export const listTags = (query: Params) => answered(api.GET('/v1/tags', { params: { query: query as Query<'list_tags'> } }))
export const listTagCategories = () => answered(api.GET('/v1/tag-categories', {}))
export const getTag = (id: string) => answered(api.GET('/v1/tags/{tag_id}', at(id)))
export const createTag = (definition: Definition) => one(api.POST('/v1/tags', { body: [{ definition, request_no: requestNo() }] }))
export const changeTag = (id: string, definition: Definition, expected_version: number) => answered(api.PUT('/v1/tags/{tag_id}', { ...at(id), body: { definition, expected_version } }))
export const setTagState = (id: string, state: Tag['state']) => answered(api.PUT('/v1/tags/{tag_id}/state', { ...at(id), body: { state } }))
export const markCustomers = (id: string, marking: Body<'mark_customers'>) => answered(api.POST('/v1/tags/{tag_id}/marks', { ...at(id), body: marking }))
export const submitTags = (names: string[], note: string) => answered(api.POST('/v1/tags/submissions', { body: { names, note } }))
export const previewTag = (definition: Definition, signal: AbortSignal) => answered(api.POST('/v1/tags/previews', { body: definition, signal }))
export const refreshTags = (names: string[], whole = false) => answered(api.POST('/v1/tags/refreshes', { body: { names, whole } }))
export const listTagRuns = () => answered(api.GET('/v1/tag-refreshes', {}))
export const listCustomerTags = (seq: number) => answered(api.GET('/v1/customers/{seq}/tags', { params: { path: { seq } } }))
export const explainTag = (name: string, seq: number) => answered(api.POST('/v1/tags/explanations', { body: { name, seq } }))
export const exportTags = (category: string) => answered(api.GET('/v1/tag-definitions', { params: { query: { category } } }))
export const planTags = (text: string) => answered(api.POST('/v1/tag-definitions/plans', { body: { text } }))
export const applyTags = (text: string) => answered(api.POST('/v1/tag-definitions', { body: { text } }))
export const profileSegment = (question: Body<'profile_segment'>, signal: AbortSignal) => answered(api.POST('/v1/segments/profiles', { body: question, signal }))
