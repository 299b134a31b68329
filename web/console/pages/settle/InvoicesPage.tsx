/** Input invoices of the whole bank: by supplier what is missing, below every line of confirmed statements. */
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listMissing, type Missing } from '@api/invoices'
import { useBilingual } from '@console/app/useWords'
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
          <div className="invoice-scroll"><table>
            <thead><tr><th>{t('invoice.supplier')}</th><th>{t('invoice.lines')}</th><th>{t('invoice.received')}</th><th>{t('invoice.waiting')}</th><th>{t('invoice.waitingFen')}</th><th>{t('invoice.noPaper')}</th><th>{t('invoice.oldest')}</th></tr></thead>
            <tbody>{lacking.map((row) => (
              <tr key={row.supplier_id}><td>{say(row.supplier, row.supplier_en)}</td><td>{formatCount(row.lines)}</td><td>{formatCount(row.received)}</td><td><b>{formatCount(row.waiting)}</b></td><td>{formatMoney(row.waiting_fen)}</td><td>{formatCount(row.papers)}</td><td>{row.oldest_on ? formatDay(row.oldest_on) : '—'}</td></tr>
            ))}</tbody>
          </table></div>
        ) : <Note icon="check">{t('invoice.complete')}</Note>}
      </Card>
    </div>
  )
}
