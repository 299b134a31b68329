/** Names that the server sends in both languages, in the reader's. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sku } from '@api/benefits'

export function useBilingual(): (chinese: string | null | undefined, english: string | null | undefined) => string {
  const { i18n } = useTranslation()
  const english = i18n.language === 'en'
  return useCallback((zh, en) => (english ? en || zh : zh) || '', [english])
}

/** A benefit by brand and name, the brand only once where the name begins with it. */
export const benefitName = (brand: string, name: string) => (name.startsWith(brand) ? name : `${brand} ${name}`)

/** A SKU of the catalogue by brand and name, in the reader's language; what a list of choices shows and finds. */
export function useSkuName(): (sku: Sku) => string {
  const say = useBilingual()
  return useCallback((sku) => {
    const terms = sku.terms ?? sku.draft
    return benefitName(say(sku.brand_name, sku.brand_name_en), say(terms?.name, terms?.name_en) || sku.code)
  }, [say])
}

/** Changes whose titles the house writes, Chinese first, then English; all others have the names people gave. */
const IN_BOTH: ReadonlySet<string> = new Set(['attribute_bands', 'earn_rule', 'erasure', 'exchange_card', 'exchange_funding', 'exchange_partner', 'exchange_release', 'exclusion', 'grid_axis', 'hand_over', 'identity_rules', 'import_database', 'merge', 'model', 'point_type', 'points_adjustment', 'points_freeze', 'refund_end', 'tags', 'tax_month', 'tax_remittance', 'temperature_scale', 'tier_scheme'])

/** What a change is called, in the reader's language. */
export function useChangeTitle(): (change: { kind: string; title: string }) => string {
  const say = useBilingual()
  return useCallback(({ kind, title }) => {
    const cut = title.lastIndexOf(' · ')
    return cut > 0 && IN_BOTH.has(kind.replaceAll('.', '_')) ? say(title.slice(0, cut), title.slice(cut + 3)) : title
  }, [say])
}
