import { answered, api, one } from './client'
import type { NewOf, Query, Row } from './types'

export type Ring = Row<'list_rings'>

export const listRings = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/rings', { params: { query: query as Query<'list_rings'> } }))
export const judgeRing = (verdict: NewOf<'judge_rings'>) => one(api.POST('/v1/rings/verdicts', { body: [verdict] }))
