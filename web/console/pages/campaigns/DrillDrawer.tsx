/** The customers behind a number: masked, within the viewer's units, a page at a time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { drillCampaign, type DrillQuery, type Drilled } from '@api/effects'
import { useUnitLabel } from '@console/app/units'
import { DataTable } from '@kit/DataTable'
import { formatRecent } from '@kit/format'
import { Note } from '@kit/layout'
import { Broken, Empty, Skeleton } from '@kit/states'

export interface Drill extends Omit<NonNullable<DrillQuery>, 'cursor' | 'limit'> {
  /** Words for what was opened. */
  what: string
}

export function DrillDrawer({ campaignId, drill, close }: { campaignId: string; drill: Drill; close: () => void }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { what, ...wanted } = drill
  const query = useInfiniteQuery({
    queryKey: ['drill', campaignId, wanted],
    queryFn: ({ pageParam }) => drillCampaign(campaignId, { ...wanted, cursor: pageParam, limit: 50 }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  const rows: Drilled[] = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Drawer open onClose={close} mask={false} size={480} title={t('drill.title', { what })}>
      <div className="stack">
        <Note>{t('drill.hint')}</Note>
        {query.isPending && <Skeleton />}
        {query.isError && <Broken error={query.error} retry={() => void query.refetch()} />}
        {query.isSuccess && rows.length === 0 && <Empty title={t('drill.none')} />}
        {rows.length > 0 && (
          <DataTable
            tight
            label={t('drill.title', { what })}
            rows={rows}
            rowKey={(row) => row.seq}
            columns={[
              { key: 'name', title: t('customer.one'), render: (row) => <Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> },
              { key: 'no', title: t('customer.no'), render: (row) => <span className="mono">{row.customer_no}</span> },
              { key: 'unit', title: t('customer.unit'), render: (row) => unitLabel(row.unit_id, row.unit_name) },
              { key: 'at', title: t('drill.at'), render: (row) => <span className="nowrap">{formatRecent(row.at)}</span> },
            ]}
          />
        )}
        {query.hasNextPage && <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('drill.more')}</Button>}
      </div>
    </Drawer>
  )
}
