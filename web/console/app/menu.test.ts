import { describe, expect, it } from 'vitest'
import { isWithin, visibleMenu, type MenuItem } from './menu'

const keys = (permissions: string[], inStore = false) =>
  visibleMenu((permission) => permissions.includes(permission), inStore).map((item) => (item === 'line' ? '—' : item.key))

describe('the menu', () => {
  it('hides what a role never has', () => {
    expect(keys(['redemption.redeem', 'redemption.read'])).toEqual(['home', 'counter', 'bookings'])
    expect(keys(['redemption.redeem', 'redemption.read'], true)).toEqual(['home', 'store', 'bookings'])
    expect(keys(['audit.read', 'audit.export'])).toEqual(['home', '—', 'audit'])
  })

  it('leads a parent to the first page its reader may open', () => {
    const customers = visibleMenu((permission) => permission === 'customer.import').find(
      (item): item is MenuItem => item !== 'line' && item.key === 'customers',
    )
    expect(customers?.to).toBe('/imports')
  })

  it('marks the section of a page below it, and not a neighbour with the same beginning', () => {
    const item: MenuItem = { key: 'campaigns', to: '/campaigns', icon: 'campaign', needs: [] }
    expect(isWithin(item, '/campaigns/42')).toBe(true)
    expect(isWithin(item, '/campaigns-old')).toBe(false)
  })
})
