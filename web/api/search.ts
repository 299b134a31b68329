/** One search over everything with a name; a customer only by the exact number. */
import { listSkus } from './benefits'
import { listCampaigns } from './campaigns'
import { listCustomers } from './customers'
import { listSegments } from './segments'

export interface Found {
  kind: 'campaign' | 'segment' | 'item' | 'customer'
  label: string
  hint?: string
  to: string
}

const FEW = '5'

export async function findEverywhere(q: string, may: (permission: string) => boolean): Promise<Found[]> {
  const asked: Promise<Found[]>[] = []
  if (may('campaign.read')) {
    asked.push(listCampaigns({ q, limit: FEW }).then((page) => page.items.map((row) => ({ kind: 'campaign', label: row.name, hint: row.unit, to: `/campaigns/${row.id}` }))))
  }
  if (may('segment.read')) {
    asked.push(listSegments({ q, limit: FEW }).then((page) => page.items.map((row) => ({ kind: 'segment', label: row.name, to: `/segments/${row.id}` }))))
  }
  if (may('benefit.read')) {
    asked.push(listSkus({ q, limit: FEW }).then((page) => page.items.map((row) => ({ kind: 'item', label: (row.terms ?? row.draft)?.name ?? row.code, hint: row.brand_name, to: `/benefits?q=${encodeURIComponent(row.code)}` }))))
  }
  if (may('customer.read')) {
    asked.push(listCustomers({ q, limit: FEW }).then((page) => page.items.map((row) => ({ kind: 'customer', label: row.name ?? row.customer_no, hint: `${row.customer_no} · ${row.unit_name}`, to: `/customers/${row.seq}` }))))
  }
  // One part that is away must not empty the others.
  const answers = await Promise.allSettled(asked)
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
}
