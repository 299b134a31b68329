/** Shapes by operation id, read off the generated contract. */
import type { operations } from './schema'

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never

/** What an operation answers when it goes well. */
export type Ok<Id extends keyof operations> = operations[Id]['responses'] extends infer R
  ? R extends { 200: infer Good } ? Json<Good> : R extends { 201: infer Good } ? Json<Good> : never
  : never

/** One row of an operation that answers a page. */
export type Row<Id extends keyof operations> = Ok<Id> extends { items: (infer T)[] } ? T : never

/** What an operation takes. */
export type Body<Id extends keyof operations> = operations[Id] extends { requestBody: { content: { 'application/json': infer T } } } ? T : never

/** One thing of a write, which takes a list. */
export type NewOf<Id extends keyof operations> = Body<Id> extends (infer T)[] ? T : never

/** The query of an operation; list pages pass what stands in their address. */
export type Query<Id extends keyof operations> = operations[Id]['parameters'] extends { query?: infer Q } ? Q : never
