import { answered, api } from './client'

export interface WaitingApproval {
  id: string
  title: string
  submitted_at: string
  submitted_by_name: string
}

export async function listWaitingApprovals(): Promise<WaitingApproval[]> {
  const page: { items: WaitingApproval[] } = await answered(api.GET('/v1/approvals', { params: { query: { mine: true } } }))
  return page.items
}
