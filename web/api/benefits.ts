import { answered, api, one } from './client'
import { requestNo } from './request'
import type { NewOf, Query, Row } from './types'

export type Sku = Row<'list_skus'>
export type Brand = Row<'list_brands'>
export type Item = Row<'list_items'>
export type Supplier = Row<'list_suppliers'>
export type Pool = Row<'list_pools'>
export type Budget = Row<'list_budgets'>

type Params = Record<string, string | undefined>

export const listSkus = (query: Params) => answered(api.GET('/v1/skus', { params: { query: query as Query<'list_skus'> } }))
export const addSku = (sku: NewOf<'add_skus'>) => one(api.POST('/v1/skus', { body: [sku] }))
export const changeSku = (sku: NewOf<'change_skus'>) => one(api.PUT('/v1/skus', { body: [sku] }))
export const publishSku = (id: string) => one(api.POST('/v1/skus/publications', { body: [{ id }] }))
export const publishSkus = (ids: string[]) => answered(api.POST('/v1/skus/publications', { body: ids.map((id) => ({ id })) }))
export const retireSku = (id: string) => one(api.POST('/v1/skus/retirements', { body: [{ id }] }))
export const retireSkus = (ids: string[]) => answered(api.POST('/v1/skus/retirements', { body: ids.map((id) => ({ id })) }))

export const listBrands = (query: Params) => answered(api.GET('/v1/brands', { params: { query: query as Query<'list_brands'> } }))
export const addBrand = (brand: NewOf<'add_brands'>) => one(api.POST('/v1/brands', { body: [brand] }))
export const changeBrand = (brand: NewOf<'change_brands'>) => one(api.PUT('/v1/brands', { body: [brand] }))
export const retireBrand = (id: string) => one(api.POST('/v1/brands/retirements', { body: [{ id }] }))
export const retireBrands = (ids: string[]) => answered(api.POST('/v1/brands/retirements', { body: ids.map((id) => ({ id })) }))

export const listItems = (query: Params) => answered(api.GET('/v1/items', { params: { query: query as Query<'list_items'> } }))
export const addItem = (item: NewOf<'add_items'>) => one(api.POST('/v1/items', { body: [item] }))
export const changeItem = (item: NewOf<'change_items'>) => one(api.PUT('/v1/items', { body: [item] }))
export const retireItem = (id: string) => one(api.POST('/v1/items/retirements', { body: [{ id }] }))
export const retireItems = (ids: string[]) => answered(api.POST('/v1/items/retirements', { body: ids.map((id) => ({ id })) }))

export const listSuppliers = (query: Params) =>
  answered(api.GET('/v1/suppliers', { params: { query: query as Query<'list_suppliers'> } }))
export const addSupplier = (supplier: NewOf<'add_suppliers'>) => one(api.POST('/v1/suppliers', { body: [supplier] }))
export const changeSupplier = (supplier: NewOf<'change_suppliers'>) => one(api.PUT('/v1/suppliers', { body: [supplier] }))
export const retireSupplier = (id: string) => one(api.POST('/v1/suppliers/retirements', { body: [{ id }] }))
export const retireSuppliers = (ids: string[]) => answered(api.POST('/v1/suppliers/retirements', { body: ids.map((id) => ({ id })) }))

/** Numbers of writes that move stock or money: the same number again does nothing twice. */
const numbered = <T>(order: T) => ({ ...order, request_no: requestNo() })

export const listPools = () => answered(api.GET('/v1/pools', {}))
export const openPool = (order: Omit<NewOf<'open_pools'>, 'request_no'>) => one(api.POST('/v1/pools', { body: [numbered(order)] }))
const pool = (poolId: string) => ({ params: { path: { pool_id: poolId } } })
export const addStock = (poolId: string, quantity: number) =>
  one(api.POST('/v1/pools/{pool_id}/stock', { ...pool(poolId), body: [numbered({ quantity })] }))
export const allocateStock = (poolId: string, childId: string, quantity: number) =>
  one(api.POST('/v1/pools/{pool_id}/allocations', { ...pool(poolId), body: [numbered({ child_id: childId, quantity })] }))
export const giveBackStock = (poolId: string, childId: string, quantity: number) =>
  one(api.POST('/v1/pools/{pool_id}/give-backs', { ...pool(poolId), body: [numbered({ child_id: childId, quantity })] }))

export const listBudgets = () => answered(api.GET('/v1/budgets', {}))
export const openBudget = (order: Omit<NewOf<'open_budgets'>, 'request_no'>) =>
  one(api.POST('/v1/budgets', { body: [numbered(order)] }))
const budget = (budgetId: string) => ({ params: { path: { budget_id: budgetId } } })
export const fundBudget = (budgetId: string, amount_fen: number) =>
  one(api.POST('/v1/budgets/{budget_id}/fundings', { ...budget(budgetId), body: [numbered({ amount_fen })] }))

/** Move money to or from a child; `expected_fen` is the child's limit as the page showed it. */
export const shiftBudget = (way: 'allocations' | 'give-backs', parentId: string, childId: string, amount_fen: number, expected_fen: number) => {
  const order = { ...budget(parentId), body: [numbered({ child_id: childId, amount_fen, expected_fen })] }
  return one(way === 'allocations' ? api.POST('/v1/budgets/{budget_id}/allocations', order) : api.POST('/v1/budgets/{budget_id}/give-backs', order))
}
