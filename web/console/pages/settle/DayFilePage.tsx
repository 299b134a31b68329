/** One business day of one supplier: three sums side by side, and what differs. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getDayFile, type DayFile } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Card, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { agreement, agreementTone, DifferenceTag } from './DayFilesPage'
import { DifferenceList } from './DifferencesPage'
import './settle.css'

export default function DayFilePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['day-files', id], queryFn: () => getDayFile(id) })
  return <Loaded query={query} rows={8}>{(file) => <View file={file} />}</Loaded>
}

function View({ file }: { file: DayFile }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const standing = agreement(file)
  const sides = [
    { label: t('dayFile.ours'), fen: file.ours_fen, count: file.ours },
    { label: t('dayFile.theirs'), fen: file.theirs_fen, count: file.theirs },
    { label: t('dayFile.ledger'), fen: file.ledger_fen, count: null },
  ]
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.settle'), to: '/supply' }, { label: t('menu.dayFiles'), to: '/day-files' }, { label: file.business_on }]}
        title={`${say(file.supplier, file.supplier_en)} · ${file.business_on}`}
        tag={<DifferenceTag file={file} />}
        meta={
          <>
            <span><em>{t('dayFile.rows')}</em>{formatCount(file.rows)}</span>
            <span><em>{t('dayFile.matched')}</em>{formatCount(file.matched)}</span>
            <span><em>{t('dayFile.resolved')}</em>{formatCount(file.resolved)}</span>
            <span><em>{t('dayFile.by')}</em>{file.brought_by} {formatInstant(file.brought_at)}</span>
          </>
        }
      />
      <Card title={t('dayFile.comparison')} hint={t('dayFile.totals')} flush right={<span className={`tag ${agreementTone[standing]}`}>{t(`dayFile.${standing}`)}</span>}>
        <div className="three">
          {sides.map((side) => (
            <div key={side.label}>
              <div className="s12 second">{side.label}</div>
              <span className="figure">{formatMoney(side.fen)}</span>
              {side.count != null && <div className="s12 second">{t('dayFile.orders', { shown: formatCount(side.count) })}</div>}
            </div>
          ))}
        </div>
      </Card>
      <div style={{ height: 16 }} />
      <DifferenceList dayFileId={file.id} />
    </>
  )
}
