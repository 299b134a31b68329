/** What stores of a merchant sold and redeemed, by store and day; suppliers pay for the benefits. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { listStores } from '@api/places'
import type { Statement } from '@api/settle'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatYuan } from '@kit/format'
import { Card } from '@kit/layout'

export function StoreLines({ lines }: { lines: Statement['store_lines'] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const english = useEnglish()
  return (
    <Card title={t('statement.lines')} hint={t('statement.storeLinesHint')} flush>
      <DataTable
        label={t('statement.lines')}
        rows={lines}
        rowKey={(line) => line.place}
        columns={[
          { key: 'day', title: t('payments.day'), render: (line) => <span className="nowrap">{formatDay(line.on_day)}</span> },
          { key: 'store', title: t('statement.store'), render: (line) => <b>{say(line.store, english.stores.get(line.store_id))}</b> },
          { key: 'kind', title: t('statement.what'), render: (line) => (line.kind === 'sale' ? t('statement.sales') : say(line.title, english.titles.get(line.title))) },
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

/** English names of stores, and of benefits by what they are called in Chinese, for who may read them. */
function useEnglish() {
  const { i18n } = useTranslation()
  const { may } = useSession()
  const enabled = i18n.language.startsWith('en') && may('benefit.read')
  const stores = useQuery({ queryKey: ['stores', 'every'], queryFn: () => every(listStores), enabled })
  const skus = useQuery({ queryKey: ['skus', 'every'], queryFn: () => every(listSkus), enabled })
  return {
    stores: new Map((stores.data?.items ?? []).map((one) => [one.id, one.name_en])),
    titles: new Map((skus.data?.items ?? []).map((one) => [one.terms?.name ?? '', one.terms?.name_en])),
  }
}
