/** What stores of a merchant sold and redeemed, by store and day; suppliers pay for the benefits. */
import { useTranslation } from 'react-i18next'
import type { Statement } from '@api/settle'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatYuan } from '@kit/format'
import { Card } from '@kit/layout'

export function StoreLines({ lines }: { lines: Statement['store_lines'] }) {
  const { t } = useTranslation()
  return (
    <Card title={t('statement.lines')} hint={t('statement.storeLinesHint')} flush>
      <DataTable
        label={t('statement.lines')}
        rows={lines}
        rowKey={(line) => line.place}
        columns={[
          { key: 'day', title: t('payments.day'), render: (line) => <span className="nowrap">{formatDay(line.on_day)}</span> },
          { key: 'store', title: t('statement.store'), render: (line) => <b>{line.store}</b> },
          { key: 'kind', title: t('statement.what'), render: (line) => (line.kind === 'sale' ? t('statement.sales') : line.title) },
          { key: 'done', title: t('statement.done'), number: true, render: (line) => formatCount(line.done) },
          { key: 'undone', title: t('statement.undone'), number: true, render: (line) => formatCount(line.undone) },
          { key: 'price', title: t('statement.price'), number: true, render: (line) => (line.kind === 'sale' ? formatYuan(line.price_fen) : '—') },
          { key: 'off', title: t('statement.reduced'), number: true, render: (line) => (line.reduction_fen ? formatYuan(line.reduction_fen) : '—') },
          { key: 'own', title: t('statement.ownShare'), number: true, render: (line) => (line.own_fen ? formatYuan(line.own_fen) : '—') },
          { key: 'amount', title: t('statement.amountYuan'), number: true, render: (line) => (line.kind === 'sale' ? <b>{formatYuan(line.amount_fen)}</b> : <span className="second">{t('statement.bySupplier')}</span>) },
        ]}
      />
    </Card>
  )
}
