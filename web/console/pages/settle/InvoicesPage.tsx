/** Input invoices of the whole bank: by supplier what is missing, below every line of confirmed statements. */
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listMissing, type Missing } from '@api/invoices'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatMoney } from '@kit/format'
import { Card, Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { Invoices } from './Invoices'

type Params = Record<string, string | undefined>

export default function InvoicesPage() {
  const { t } = useTranslation()
  const { supplier_id, since_on, until_on } = useSearch({ strict: false }) as Params
  const asked = { supplier_id, since_on, until_on }
  const missing = useQuery({ queryKey: ['invoices-missing', asked], queryFn: () => listMissing(asked) })
  return (
    <>
      <PageHead title={t('invoice.page')} meta={<span>{t('invoice.meta')}</span>} />
      <Loaded query={missing} rows={4}>{(found) => (found.length ? <Lacking rows={found} /> : null)}</Loaded>
      <Invoices />
    </>
  )
}

function Lacking({ rows }: { rows: Missing[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const lacking = rows.filter((row) => row.waiting || row.papers)
  return (
    <div className="invoice-missing">
      <Card title={t('invoice.missing')} hint={t('invoice.missingHint')} flush>
        {lacking.length ? (
          <DataTable
            label={t('invoice.missing')}
            rows={lacking}
            rowKey={(row) => row.supplier_id}
            columns={[
              { key: 'supplier', title: t('invoice.supplier'), render: (row) => <b>{say(row.supplier, row.supplier_en)}</b> },
              { key: 'lines', title: t('invoice.lines'), number: true, render: (row) => formatCount(row.lines) },
              { key: 'received', title: t('invoice.received'), number: true, render: (row) => formatCount(row.received) },
              { key: 'waiting', title: t('invoice.waiting'), number: true, render: (row) => <b>{formatCount(row.waiting)}</b> },
              { key: 'fen', title: t('invoice.waitingFen'), number: true, render: (row) => formatMoney(row.waiting_fen) },
              { key: 'papers', title: t('invoice.noPaper'), number: true, render: (row) => formatCount(row.papers) },
              { key: 'oldest', title: t('invoice.oldest'), number: true, render: (row) => (row.oldest_on ? formatDay(row.oldest_on) : '—') },
            ]}
          />
        ) : <Note icon="check">{t('invoice.complete')}</Note>}
      </Card>
    </div>
  )
}
