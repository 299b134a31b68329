/** A few customers of the rule, drawn fairly and masked; for a saved segment, why one is in or out. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Input } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explainExpression, sampleSegment, type Explanation } from '@api/segments'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { TagWhy } from '@console/pages/tags/TagWhy'
import { useTagValues } from '@console/pages/tags/tagWords'
import { DataTable } from '@kit/DataTable'
import { formatRecent } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { Loaded } from '@kit/states'
import { opKeys } from './ConditionFields'
import { UNIT, type Expression, type Op } from './expression'

interface SampleCardProps {
  rule: { root: Expression; serves: 'selection' | 'condition'; basis: string }
  /** The segment whose rule it is to be; null for a new one. */
  segmentId: string | null
}

export function SampleCard({ rule, segmentId }: SampleCardProps) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const [salt, setSalt] = useState('1')
  const [asking, setAsking] = useState<string | null | undefined>(undefined)
  const asked = useDeferredValue(rule)
  const query = useQuery({
    queryKey: ['segment-sample', asked.root, asked.serves, asked.basis, salt],
    queryFn: () => sampleSegment({ expression: asked.root as unknown as Record<string, unknown>, n: 20, salt, purpose: 'marketing', serves: asked.serves, basis: asked.basis.trim() || null }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Card
      title={t('segment.sample')}
      hint={t('segment.sampleHint')}
      flush
      right={
        <>
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setSalt(String(Number(salt) + 1))}>{t('segment.another')}</Button>
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setAsking(null)}>{t('segment.whyOne')}</Button>
        </>
      }
    >
      <Loaded query={query} rows={4}>
        {(page) => (
          <DataTable
            label={t('segment.sample')}
            rows={page.items}
            rowKey={(row) => row.seq}
            columns={[
              { key: 'name', title: t('customer.one'), render: (row) => <Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> },
              { key: 'no', title: t('customer.no'), render: (row) => <span className="mono">{row.customer_no}</span> },
              { key: 'phone', title: t('customer.phone'), render: (row) => row.phone ?? '—' },
              { key: 'unit', title: t('customer.unit'), render: (row) => unitLabel(row.unit_id, row.unit_name) },
              { key: 'changed', title: t('customer.changed'), render: (row) => formatRecent(row.changed_at) },
              { key: 'why', title: '', render: (row: (typeof page.items)[number]) => <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setAsking(row.customer_no)}>{t('segment.why')}</Button> },
            ]}
          />
        )}
      </Loaded>
      {asking !== undefined && <Why rule={rule} segmentId={segmentId} customer={asking} close={() => setAsking(undefined)} />}
    </Card>
  )
}

function Why({ rule, segmentId, customer, close }: { rule: SampleCardProps['rule']; segmentId: string | null; customer: string | null; close: () => void }) {
  const { t } = useTranslation()
  const [no, setNo] = useState(customer ?? '')
  const query = useQuery({
    queryKey: ['explanation', rule, segmentId, no],
    queryFn: () => explainExpression({ expression: rule.root as unknown as Record<string, unknown>, customer_no: no, purpose: 'marketing', serves: rule.serves, basis: rule.basis.trim() || null, segment_id: segmentId }),
    enabled: no !== '',
    retry: false,
  })
  return (
    <Drawer open title={t('segment.whyOne')} onClose={close} size={560}>
      <div className="stack">
        <Input.Search placeholder={t('customer.no')} aria-label={t('customer.no')} enterButton={t('segment.explain')} defaultValue={no} onSearch={(q) => setNo(q.trim())} autoFocus={!customer} />
        {no && <Loaded query={query}>{(explanation) => <WhyBody explanation={explanation} />}</Loaded>}
      </div>
    </Drawer>
  )
}

const tone = { true: 'ok', false: 'bad', unknown: 'warn' } as const

function WhyBody({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const labels = new Map(explanation.nodes.map((node) => [node.path, say(node.label, node.label_en) || node.name]))
  const depth = (path: string) => path.split('/').filter((step) => step !== '' && step !== 'of').length
  const unitLabel = useUnitLabel()
  const tagged = useTagValues()
  const [tag, setTag] = useState<string | null>(null)
  const cell = (value: unknown): string => (value == null ? '—' : Array.isArray(value) ? value.map(cell).join(t('list.comma')) : String(value))
  const named = (name: string, value: unknown): string =>
    name === UNIT && value != null ? [value].flat().map((id) => unitLabel(Number(id), String(id))).join(t('list.comma')) : cell(value)
  return (
    <div className="stack">
      <div className="row"><span className={`tag ${explanation.member ? 'ok' : 'bad'}`}>{t(explanation.member ? 'segment.isIn' : 'segment.isOut')}</span></div>
      {explanation.scope.length > 0 && <Note kind="warning">{t('segment.outOfScope', { why: explanation.scope.map((word) => t(`segment.scopeWords.${word}`, { defaultValue: word })).join(t('list.comma')) })}</Note>}
      <table className="table tight why">
        <thead><tr><th scope="col">{t('segment.part')}</th><th scope="col">{t('segment.value')}</th><th scope="col">{t('segment.verdict')}</th></tr></thead>
        <tbody>
          {explanation.nodes.map((node) => (
            <tr key={node.path}>
              <td style={{ paddingLeft: depth(node.path) * 16 }}>
                {node.kind === 'tag' ? <>{t('segment.leaf.tag')} <button type="button" className="linked" title={t('tag.whyThis')} onClick={() => setTag(node.name)}>{say(node.label, node.label_en) || node.name}</button> {t(`segment.op.${opKeys[node.op as Op] ?? 'in'}`)} {tagged(node.name, node.threshold)}</> : node.kind === 'attr' || node.kind === 'event' ? <>{say(node.label, node.label_en) || node.name} {t(`segment.op.${opKeys[node.op as Op] ?? 'equal'}`)} {named(node.name, node.threshold)}</> : node.kind === 'segment' ? <>{t('segment.leaf.segment')} <b>{node.label}</b></> : t(`segment.nodeKinds.${node.kind}`, { defaultValue: node.kind })}
                {node.source && <small>{node.kind === 'tag' ? t('segment.leaf.tag') : node.source}{node.as_of && ` · ${formatRecent(node.as_of)}`}</small>}
              </td>
              <td>{node.kind === 'tag' ? tagged(node.name, node.value) : node.kind === 'attr' || node.kind === 'event' ? (node.masked ? '****' : named(node.name, node.value)) : ''}</td>
              <td><span className={`tag ${tone[node.verdict]}`}>{t(`segment.verdicts.${node.verdict}`)}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
      {tag && <Card title={t('tag.whyThis')}><TagWhy seq={explanation.seq} name={tag} /></Card>}
      {explanation.flips.length > 0 && (
        <Note icon="info">
          <b>{t('segment.flips')}</b>
          {explanation.flips.map((flip) => <div key={flip.path}>{labels.get(flip.path) ?? flip.name} {flip.needed}{!flip.masked && flip.value != null && t('segment.nowIs', { value: cell(flip.value) })}</div>)}
        </Note>
      )}
    </div>
  )
}
