/** The map of the console: what stands in the menu, where it leads and who may see it. */
import type { IconName } from '@kit/icons'

export interface MenuItem {
  key: string
  to: string
  icon: IconName
  /** Any one of these lets the entry appear; none means everyone. */
  needs: string[]
  /** For those who redeem in a merchant's store (true), or for the bank's own (false); for both where it is left out. */
  inStore?: boolean
  children?: { key: string; to: string; needs: string[] }[]
}

export const menu: (MenuItem | 'line')[] = [
  { key: 'home', to: '/', icon: 'home', needs: [] },
  {
    key: 'customers',
    to: '/customers',
    icon: 'customer',
    needs: ['customer.read', 'tag.read', 'segment.read', 'customer.import'],
    children: [
      { key: 'customerSearch', to: '/customers', needs: ['customer.read'] },
      { key: 'managers', to: '/managers', needs: ['customer.assign'] },
      { key: 'matches', to: '/identity-matches', needs: ['customer.merge'] },
      { key: 'tags', to: '/tags', needs: ['tag.read'] },
      { key: 'segments', to: '/segments', needs: ['segment.read'] },
      { key: 'exclusions', to: '/exclusions', needs: ['segment.read'] },
      { key: 'grid', to: '/grid', needs: ['grid.read'] },
      { key: 'models', to: '/models', needs: ['model.read'] },
      { key: 'temperature', to: '/temperature', needs: ['warning.read'] },
      { key: 'warnings', to: '/early-warnings', needs: ['warning.read'] },
      { key: 'leads', to: '/leads', needs: ['lead.read'] },
      { key: 'myCodes', to: '/my-invitations', needs: ['referral.invite'] },
      { key: 'cascades', to: '/cascades', needs: ['relation.read'] },
      { key: 'rings', to: '/rings', needs: ['ring.read'] },
      { key: 'sealed', to: '/sealed-values', needs: ['segment.read'] },
      { key: 'imports', to: '/imports', needs: ['customer.import'] },
      { key: 'feeds', to: '/feeds', needs: ['customer.import'] },
      { key: 'importDatabases', to: '/import-databases', needs: ['source.write'] },
    ],
  },
  {
    key: 'events',
    to: '/events',
    icon: 'tag',
    needs: ['event.read'],
    children: [
      { key: 'eventsLatest', to: '/events', needs: ['event.read'] },
      { key: 'eventSources', to: '/event-sources', needs: ['event.read'] },
      { key: 'eventSchemas', to: '/event-schemas', needs: ['segment.read'] },
      { key: 'eventQuarantine', to: '/event-quarantine', needs: ['event.read'] },
      { key: 'eventLoads', to: '/event-loads', needs: ['event.read'] },
    ],
  },
  {
    key: 'benefits',
    to: '/benefits',
    icon: 'benefit',
    needs: ['benefit.read', 'budget.read', 'outlet.read'],
    children: [
      { key: 'catalogue', to: '/benefits', needs: ['benefit.read'] },
      { key: 'library', to: '/library', needs: ['benefit.read'] },
      { key: 'catalogueImports', to: '/catalogue-imports', needs: ['benefit.read'] },
      { key: 'cardCodes', to: '/card-codes', needs: ['benefit.read'] },
      { key: 'pools', to: '/pools', needs: ['benefit.read'] },
      { key: 'merchants', to: '/merchants', needs: ['benefit.read'] },
      { key: 'outletGifts', to: '/outlet-gifts', needs: ['outlet.read'] },
      { key: 'budgets', to: '/budgets', needs: ['budget.read'] },
      { key: 'suppliers', to: '/suppliers', needs: ['benefit.read'] },
    ],
  },
  {
    key: 'loyalty',
    to: '/tiers',
    icon: 'drop',
    needs: ['tier.read', 'points.read', 'benefit.read'],
    children: [
      { key: 'pointTypes', to: '/points/types', needs: ['points.read'] },
      { key: 'earnRules', to: '/points/rules', needs: ['points.read'] },
      { key: 'pointsExchange', to: '/points/exchange', needs: ['points.read'] },
      { key: 'pointsReport', to: '/points/report', needs: ['points.read'] },
      { key: 'tiers', to: '/tiers', needs: ['tier.read'] },
      { key: 'mall', to: '/mall', needs: ['benefit.read'] },
    ],
  },
  {
    key: 'campaigns',
    to: '/campaigns',
    icon: 'campaign',
    needs: ['campaign.read'],
    children: [
      { key: 'campaigns', to: '/campaigns', needs: ['campaign.read'] },
      { key: 'kits', to: '/kits', needs: ['campaign.read'] },
      { key: 'referral', to: '/referral', needs: ['campaign.read'] },
      { key: 'groupBuys', to: '/group-buys', needs: ['campaign.read'] },
    ],
  },
  { key: 'plays', to: '/plays', icon: 'play', needs: ['campaign.read'] },
  { key: 'visits', to: '/visits', icon: 'clock', needs: ['lobby.host'], inStore: false },
  { key: 'lobby', to: '/lobby', icon: 'store', needs: ['lobby.host'], inStore: false },
  { key: 'messages', to: '/messages', icon: 'message', needs: ['message.read'] },
  {
    key: 'settle',
    to: '/supply',
    icon: 'settle',
    needs: ['supply.read', 'statement.read'],
    children: [
      { key: 'supplyHealth', to: '/supply', needs: ['supply.read'] },
      { key: 'supplierOrders', to: '/supplier-orders', needs: ['supply.read'] },
      { key: 'consignments', to: '/consignments', needs: ['supply.read'] },
      { key: 'payments', to: '/payments', needs: ['payment.read'] },
      { key: 'prepayments', to: '/prepayments', needs: ['supply.read'] },
      { key: 'dayFiles', to: '/day-files', needs: ['supply.read'] },
      { key: 'differences', to: '/differences', needs: ['supply.read'] },
      { key: 'statements', to: '/statements', needs: ['statement.read'] },
      { key: 'invoices', to: '/invoices', needs: ['statement.read'] },
      { key: 'tax', to: '/tax', needs: ['statement.read'] },
    ],
  },
  { key: 'counter', to: '/counter', icon: 'counter', needs: ['redemption.redeem'], inStore: false },
  { key: 'store', to: '/counter', icon: 'store', needs: ['redemption.redeem'], inStore: true },
  { key: 'bookings', to: '/bookings', icon: 'clock', needs: ['redemption.read'] },
  { key: 'ownStatements', to: '/own-statements', icon: 'settle', needs: ['statement.own'], inStore: true },
  {
    key: 'desk',
    to: '/desk',
    icon: 'help',
    needs: ['desk.find', 'case.read'],
    children: [
      { key: 'deskFind', to: '/desk', needs: ['desk.find'] },
      { key: 'cases', to: '/cases', needs: ['case.read'] },
      { key: 'compensations', to: '/compensations', needs: ['case.read'] },
      { key: 'extensions', to: '/extensions', needs: ['case.read'] },
      { key: 'serviceOffers', to: '/service-offers', needs: ['case.read'] },
    ],
  },
  'line',
  { key: 'approvals', to: '/approvals', icon: 'approval', needs: ['approval.read'] },
  {
    key: 'audit',
    to: '/audit',
    icon: 'audit',
    needs: ['audit.read', 'price.read'],
    children: [
      { key: 'auditTrail', to: '/audit', needs: ['audit.read'] },
      { key: 'priceSpread', to: '/price-spreads', needs: ['price.read'] },
    ],
  },
  { key: 'jobs', to: '/jobs', icon: 'jobs', needs: ['job.read'] },
  {
    key: 'settings',
    to: '/units',
    icon: 'setting',
    needs: ['staff.read', 'setting.read'],
    children: [
      { key: 'units', to: '/units', needs: ['staff.read'] },
      { key: 'staff', to: '/staff', needs: ['staff.read'] },
      { key: 'bank', to: '/settings', needs: ['setting.read'] },
    ],
  },
]

/** The entries this person sees; a parent leads to the first child they may open. */
export function visibleMenu(may: (permission: string) => boolean, inStore = false): (MenuItem | 'line')[] {
  const allowed = (needs: string[]) => needs.length === 0 || needs.some(may)
  const shown = menu.flatMap((item): (MenuItem | 'line')[] => {
    if (item === 'line') return [item]
    if (!allowed(item.needs) || (item.inStore ?? inStore) !== inStore) return []
    const children = item.children?.filter((child) => allowed(child.needs))
    if (item.children && !children?.length) return []
    return [{ ...item, to: children?.[0]?.to ?? item.to, children }]
  })
  return shown.filter((item, index) => item !== 'line' || (index > 0 && index < shown.length - 1))
}

const inside = (to: string, path: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`))

/** Whether the address lies in this entry or one of its children. */
export const isWithin = (item: MenuItem, path: string): boolean =>
  item.children ? item.children.some((child) => inside(child.to, path)) : inside(item.to, path)

export const isAt = inside
