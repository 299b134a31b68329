/** What the schema would have to be for the messages of a cause to fit; null where no schema can mend it. */
import type { Cause, EventSchema, Property } from '@api/events'
import type { Draft } from './SchemaForm'

/** Calls of the Segment spec that carry no event name of their own. */
const CALLS: Record<string, string> = { identify: 'customer.identified', page: 'page.viewed', screen: 'screen.viewed', group: 'customer.grouped', alias: 'customer.aliased' }

const fresh = (name: string): Property => ({ name, label: name, label_en: '', type: 'text', data_class: 'C1', required: false })

/** A name as the registry wants it: "Coffee Bought" becomes coffee.bought. */
export const registered = (called: string) => {
  const parts = called.toLowerCase().replaceAll(/([a-z0-9])([A-Z])/g, '$1.$2').split(/[^a-z0-9_]+/).filter(Boolean)
  return (parts.length > 1 ? parts : ['app', ...parts]).join('.').replace(/^[^a-z]+/, '')
}

export function mended(cause: Pick<Cause, 'name' | 'reason' | 'property'>, schemas: EventSchema[]): Draft | null {
  if (cause.reason === 'unknown_name') {
    const name = registered(cause.name)
    return { known: null, name, title: cause.name, title_en: '', aliases: name === cause.name ? [] : [cause.name], added: [], deposit_derived: false }
  }
  const called = CALLS[cause.name] ?? cause.name
  const known = schemas.find((each) => each.name === called || each.aliases?.includes(cause.name)) ?? null
  if (!known || !['unknown_property', 'missing_property'].includes(cause.reason)) return null
  const added = cause.reason === 'unknown_property' ? [fresh(cause.property)] : []
  return { known, name: known.name, title: known.title, title_en: known.title_en, aliases: known.aliases ?? [], added, deposit_derived: known.deposit_derived ?? false, optional: cause.reason === 'missing_property' ? cause.property : undefined }
}
