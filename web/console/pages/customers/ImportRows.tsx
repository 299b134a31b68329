/** What an import brought, row by row: whom it added, whom it changed and what they held before. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Import } from '@api/customers'
import { listImportRows } from '@api/imports'
import { useUnitLabel } from '@console/app/units'
import { DataTable } from '@kit/DataTable'
import { formatCount } from '@kit/format'
import { Card } from '@kit/layout'
import { Broken } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

type What = 'added' | 'changed'

export function BroughtCard({ run }: { run: Import }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const [what, setWhat] = useState<What>(run.rows_changed > 0 ? 'changed' : 'added')
  const query = useInfiniteQuery({
    queryKey: ['import-rows', run.id, what, run.status],
    queryFn: ({ pageParam }) => listImportRows(run.id, what, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  const rows = query.data?.pages.flatMap((page) => page.items) ?? []
  const said = (value: unknown) => (value === null || value === undefined || value === '' ? t('brought.nothing') : typeof value === 'object' ? '****' : String(value))
  return (
    <div style={{ marginTop: 16 }}>
      <Card
        title={t('brought.title')}
        hint={t('brought.hint')}
        right={<span className="row">{(['changed', 'added'] as const).map((one) => <Button key={one} size="small" type={one === what ? 'primary' : 'default'} aria-pressed={one === what} onClick={() => setWhat(one)}>{t(`brought.tabs.${one}`)} {formatCount(one === 'added' ? run.rows_added : run.rows_changed)}</Button>)}</span>}
        footer={query.hasNextPage && <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('brought.more')}</Button>}
        flush
      >
        {query.isError && <Broken error={query.error} retry={() => void query.refetch()} />}
        {query.isSuccess && rows.length === 0 && <p className="muted s13" style={{ padding: 20 }}>{t(`brought.none.${what}`)}</p>}
        {rows.length > 0 && (
          <DataTable
            label={t('brought.title')}
            rows={rows}
            rowKey={(row) => row.customer.seq}
            columns={[
              { key: 'no', title: t('import.targets.customer_no'), render: (row) => <Link to="/customers/$seq" params={{ seq: String(row.customer.seq) }}>{row.customer.customer_no}</Link> },
              { key: 'name', title: t('import.targets.name'), render: (row) => row.customer.name ?? '—' },
              { key: 'phone', title: t('import.targets.phone'), render: (row) => row.customer.phone ?? '—' },
              { key: 'unit', title: t('import.unit'), render: (row) => unitLabel(row.customer.unit_id, row.customer.unit_name) },
              ...(what === 'changed' ? [{ key: 'before', title: t('brought.before'), render: (row: (typeof rows)[number]) => <span className="before">{Object.entries(row.before).map(([name, value]) => <span key={name}><em>{name}</em>{said(value)}</span>)}</span> }] : [{ key: 'state', title: t('feed.state'), render: (row: (typeof rows)[number]) => <StatusTag kind="customer" value={row.customer.status} /> }]),
            ]}
          />
        )}
      </Card>
    </div>
  )
}
