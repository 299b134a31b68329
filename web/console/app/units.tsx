/** Units wherever a page names or chooses one. */
import { useQuery } from '@tanstack/react-query'
import { Select, type SelectProps } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { listUnits, type Unit } from '@api/people'

export const unitsQuery = { queryKey: ['units'], queryFn: listUnits, staleTime: 300_000 } as const

/** Units as a tree read from the top: parents before children, each with its depth. */
export function inTreeOrder(units: Unit[]): { unit: Unit; depth: number }[] {
  const least = Math.min(...units.map((unit) => unit.path.length))
  const ids = new Set(units.map((unit) => unit.id))
  const below = (parent: number | null): { unit: Unit; depth: number }[] =>
    units
      .filter((unit) => (parent === null ? unit.parent_id === null || !ids.has(unit.parent_id) : unit.parent_id === parent))
      .flatMap((unit) => [{ unit, depth: unit.path.length - least }, ...below(unit.id)])
  return below(null)
}

/** The name of a unit in the reader's language. */
export function useUnitName(): (unit: { name: string; name_en?: string }) => string {
  const { i18n } = useTranslation()
  const english = i18n.language === 'en'
  return useCallback((unit) => (english && unit.name_en) || unit.name, [english])
}

/** A unit by its number in the reader's language; what lies outside their scope keeps the name the server gave. */
export function useUnitLabel(): (id: number, given: string) => string {
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const items = units.data?.items
  return useCallback((id, given) => {
    const unit = items?.find((each) => each.id === id)
    return unit ? nameOf(unit) : given
  }, [items, nameOf])
}

interface UnitSelectProps extends Omit<SelectProps, 'options' | 'showSearch' | 'optionRender'> {
  /** What the value is: the unit's number or its code. */
  by?: 'id' | 'code'
  only?: (unit: Unit) => boolean
}

/** A select of units: the list is indented like the organisation, what is chosen is just the name. */
export function UnitSelect({ by = 'id', only, ...rest }: UnitSelectProps) {
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const placed = inTreeOrder(units.data?.items ?? []).filter(({ unit }) => !only || only(unit))
  const least = Math.min(...placed.map(({ depth }) => depth))
  return (
    <Select
      {...rest}
      showSearch={{ optionFilterProp: 'label' }}
      options={placed.map(({ unit, depth }) => ({ value: unit[by], label: nameOf(unit), depth: depth - least }))}
      optionRender={(option) => <span style={{ paddingLeft: (option.data.depth as number) * 16 }}>{option.label}</span>}
    />
  )
}
