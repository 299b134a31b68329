import { answered, api, one } from './client'
import type { Body, NewOf, Ok, Query, Row } from './types'

export type Held = Ok<'get_customer_accounts'>
export type Account = Held['accounts'][number]
export type Holding = Held['holdings'][number]
export type Identities = Ok<'get_customer_identities'>
export type Identity = Identities['items'][number]
export type Match = Row<'list_identity_matches'>
export type RulesPage = Ok<'get_identity_rules'>
export type MatchRule = RulesPage['rules'][number]
export type RuleSet = Body<'preview_identity_rules'>

const of = (seq: number) => ({ params: { path: { seq } } })
export const getHeld = (seq: number) => answered(api.GET('/v1/customers/{seq}/accounts', of(seq)))
export const revealAccount = (accountId: string, wanted: Body<'reveal_account_field'>) =>
  answered(api.POST('/v1/accounts/{account_id}/reveals', { params: { path: { account_id: accountId } }, body: wanted }))

export const getIdentities = (seq: number) => answered(api.GET('/v1/customers/{seq}/identities', of(seq)))
export const listMatches = (query: Record<string, string | undefined>) =>
  answered(api.GET('/v1/identity-matches', { params: { query: query as Query<'list_identity_matches'> } }))
export const resolveIdentity = (q: string) => answered(api.GET('/v1/identities', { params: { query: { q } } }))
export const requestMerge = (wanted: NewOf<'request_merges'>) => one(api.POST('/v1/merges', { body: [wanted] }))
export const requestParting = (wanted: NewOf<'request_partings'>) => one(api.POST('/v1/partings', { body: [wanted] }))
export const tellApart = (wanted: NewOf<'tell_customers_apart'>) => one(api.POST('/v1/identity-matches/apart', { body: [wanted] }))
export const getIdentityRules = () => answered(api.GET('/v1/identity-rules'))
export const previewIdentityRules = (wanted: RuleSet) => answered(api.POST('/v1/identity-rules/previews', { body: wanted }))
export const requestIdentityRules = (wanted: NewOf<'request_identity_rules'>) => one(api.POST('/v1/identity-rules', { body: [wanted] }))
