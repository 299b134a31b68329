/** What the conditions of a rule may name, from the server's own schema and vocabulary. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { getSchema, getVocabulary, listSegments, listUploads, type Vocabulary } from '@api/segments'
import { inTreeOrder, unitsQuery, useUnitName } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import type { ConditionSources } from './ConditionFields'
import type { AttributeType, Leaf, Op } from './expression'

/** What segments are for: a tag that is kept for other purposes is not offered. */
const PURPOSE = 'marketing'

/** The kinds of condition the server's schema knows, in the order people reach for them. */
const order: Leaf['kind'][] = ['attr', 'tag', 'event', 'sequence', 'rank', 'segment', 'upload', 'bucket']

function leavesOf(schema: unknown): Leaf['kind'][] {
  const defs = Object.values((schema as { $defs?: Record<string, { properties?: { kind?: { enum?: string[] } } }> } | undefined)?.$defs ?? {})
  const known = new Set(defs.flatMap((one) => one.properties?.kind?.enum ?? []))
  return order.filter((kind) => known.has(kind))
}

/** What conditions may name, by the server's schema and vocabulary. A condition segment never offers deposit facts (rule B1). */
export function useSources(serves: 'selection' | 'condition', segmentId: string | null): ConditionSources {
  const say = useBilingual()
  const nameOf = useUnitName()
  const schema = useQuery({ queryKey: ['expression-schema'], queryFn: getSchema, staleTime: Infinity })
  const words = useQuery({ queryKey: ['segment-vocabulary'], queryFn: getVocabulary, staleTime: 300_000 })
  const units = useQuery(unitsQuery)
  const uploads = useQuery({ queryKey: ['uploads'], queryFn: () => listUploads() })
  const segments = useQuery({ queryKey: ['segments', 'choice'], queryFn: () => listSegments({ limit: '200' }) })
  const lost = [schema, words].find((one) => one.error && !one.data)
  const error = lost?.error
  const refetch = lost?.refetch
  return useMemo(() => {
    const field = (one: Vocabulary['attributes'][number]) => ({
      name: one.name, label: say(one.label, one.label_en) || one.name, type: one.type as AttributeType, ops: one.ops as Op[], deposit: one.deposit ?? false, values: one.values, called: Object.fromEntries((one.called ?? []).map((value) => [value.value, say(value.label, value.label_en)])),
    })
    const offered = (deposit: boolean | undefined) => serves === 'selection' || !deposit
    return {
      leaves: leavesOf(schema.data),
      attributes: (words.data?.attributes ?? []).filter((one) => offered(one.deposit)).map(field),
      events: (words.data?.events ?? []).filter((one) => offered(one.deposit)).map((one) => ({ name: one.name, label: say(one.label, one.label_en) || one.name, properties: one.properties.map(field) })),
      tags: (words.data?.tags ?? [])
        .filter((one) => offered(one.deposit) && (one.purposes.length === 0 || one.purposes.includes(PURPOSE)))
        .map((one) => ({
          name: one.name, label: say(one.label, one.label_en), category: one.category, boolean: one.boolean, standing: one.standing, dataAt: one.data_at,
          values: one.values.map((value) => ({ value: value.name, label: say(value.label, value.label_en), count: value.count })),
        })),
      measures: words.data?.measures ?? [],
      measureOps: words.data?.measure_ops ?? [],
      segments: (segments.data?.items ?? []).filter((one) => one.id !== segmentId).map((one) => ({ value: one.id, label: one.name })),
      units: inTreeOrder(units.data?.items ?? []).map(({ unit }) => ({ value: unit.id, label: nameOf(unit) })),
      uploads: (uploads.data?.items ?? []).map((upload) => ({ value: upload.id, label: `${upload.name} · ${upload.matched}` })),
      ...(refetch && { failed: { error, refetch } }),
    }
  }, [error, refetch, schema.data, words.data, units.data, uploads.data, segments.data, serves, segmentId, say, nameOf])
}
