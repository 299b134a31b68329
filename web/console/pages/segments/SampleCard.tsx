/** A few customers of the rule, drawn fairly and masked; for a saved segment, why one is in or out. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sampleSegment } from '@api/segments'
import { useUnitLabel } from '@console/app/units'
import { DataTable } from '@kit/DataTable'
import { formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import type { Expression } from './expression'
import { Why } from './Why'

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
        {(page) => page.items.length === 0 ? <Empty sign="search" title={t('portrait.nobody')} /> : (
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
