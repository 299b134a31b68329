/** A merchant's own view: what its stores sold, to agree to or to say what differs. */
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listSales } from '@api/payments'
import { listOwnStatements } from '@api/settle'
import { Sales } from '@console/pages/payments/Sales'
import { DataList } from '@kit/DataPage'
import { formatMoney, formatRecent } from '@kit/format'
import { PageHead } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './settle.css'

export default function OwnStatementsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <>
      <PageHead title={t('menu.ownStatements')} meta={t('statement.ownMeta')} />
      <DataList
        name="own-statements"
        label={t('menu.ownStatements')}
        load={listOwnStatements}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/own-statements/${row.id}` as '/' })}
        searchHint={t('statement.search')}
        statuses={['draft', 'confirmed', 'reversed'].map((value) => ({ value, label: t(`status.statement.${value}`) }))}
        columns={[
          { key: 'number', title: t('statement.number'), render: (row) => <b className="mono">{row.number}</b> },
          { key: 'period', title: t('statement.period'), render: (row) => <span className="nowrap">{row.since_on} – {row.until_on}</span> },
          { key: 'amount', title: t('statement.amount'), number: true, render: (row) => <b>{formatMoney(row.amount_fen)}</b> },
          { key: 'agreed', title: t('statement.agreedBy'), render: (row) => (row.agreed_at ? <>{row.agreed_by}<small>{formatRecent(row.agreed_at)}</small></> : '—') },
          { key: 'state', title: t('campaign.state'), render: (row) => <><StatusTag kind="statement" value={row.state} />{row.paid_at && <small>{t('statement.paidShort')}</small>}</> },
        ]}
        empty={<Empty title={t('statement.none')}>{t('statement.ownNoneHint')}</Empty>}
      />
      <div className="own-sales"><Sales load={listSales} /></div>
    </>
  )
}
