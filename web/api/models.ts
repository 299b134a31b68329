import { answered, api } from './client'
import type { Body, Ok, Row } from './types'

export type ModelTask = Row<'list_model_tasks'>
export type ModelVersion = Row<'list_models'>
export type ModelPage = Ok<'get_model'>
export type CustomerScore = Row<'list_customer_scores'>
export type TaskName = Body<'train_model'>['task']

const at = (modelId: string) => ({ params: { path: { model_id: modelId } } })

export const listModelTasks = () => answered(api.GET('/v1/model-tasks', {}))
export const listModels = () => answered(api.GET('/v1/models', {}))
export const getModel = (id: string) => answered(api.GET('/v1/models/{model_id}', at(id)))
export const trainModel = (body: Body<'train_model'>) => answered(api.POST('/v1/models/trainings', { body }))
export const scoreCustomers = (task: TaskName) => answered(api.POST('/v1/models/scorings', { body: { task } }))
export const proposeModel = (id: string) => answered(api.POST('/v1/models/{model_id}/submission', at(id)))
export const retireModel = (id: string) => answered(api.POST('/v1/models/{model_id}/retirement', at(id)))
export const listCustomerScores = (seq: number) => answered(api.GET('/v1/customers/{seq}/scores', { params: { path: { seq } } }))
