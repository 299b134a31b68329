/** One business day of one supplier: three sums side by side, and what differs. */
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { getDayFile, type DayFile } from '@api/supply'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Card, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import { agreement, agreementTone, agreementWord, DifferenceTag, useBringer, useCounted } from './DayFilesPage'
import { DifferenceList } from './DifferencesPage'
import './settle.css'

export default function DayFilePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['day-files', id], queryFn: () => getDayFile(id) })
  return <Loaded page query={query} rows={8}>{(file) => <View file={file} />}</Loaded>
}

function View({ file }: { file: DayFile }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const counted = useCounted()
  const bringer = useBringer()
  const ofUses = file.about === 'uses'
  const sides = ofUses
    ? [
        { label: t('dayFile.usedOurs'), figure: counted(file, file.ours), more: '' },
        { label: t('dayFile.usedTheirs'), figure: counted(file, file.theirs), more: '' },
        { label: t('dayFile.elsewhere'), figure: counted(file, file.elsewhere), more: t('dayFile.elsewhereHint') },
      ]
    : [
        { label: t('dayFile.ours'), figure: formatMoney(file.ours_fen), more: counted(file, file.ours) },
        { label: t('dayFile.theirs'), figure: formatMoney(file.theirs_fen), more: counted(file, file.theirs) },
        { label: t('dayFile.ledger'), figure: formatMoney(file.ledger_fen), more: t(file.prepaid ? 'dayFile.ledgerDrawn' : 'dayFile.ledgerOwed') },
      ]
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.settle'), to: '/supply' }, { label: t('menu.dayFiles'), to: '/day-files' }, { label: file.business_on }]}
        title={`${say(file.supplier, file.supplier_en)} · ${file.business_on}${ofUses ? ` · ${t('dayFile.about.uses')}` : ''}`}
        tag={<DifferenceTag file={file} />}
        meta={
          <>
            <span><em>{t('dayFile.rows')}</em>{formatCount(file.rows)}</span>
            <span><em>{t('dayFile.matched')}</em>{formatCount(file.matched)}</span>
            <span><em>{t('dayFile.resolved')}</em>{formatCount(file.resolved)}</span>
            <span><em>{t('dayFile.by')}</em>{bringer(file)} {formatInstant(file.brought_at)}</span>
          </>
        }
      />
      <Card title={t(ofUses ? 'dayFile.useComparison' : 'dayFile.comparison')} hint={ofUses ? undefined : t('dayFile.totals')} flush right={<span className={`tag ${agreementTone[agreement(file)]}`}>{t(agreementWord(file))}</span>}>
        <div className="three">
          {sides.map((side) => (
            <div key={side.label}>
              <div className="s12 second">{side.label}</div>
              <span className="figure">{side.figure}</span>
              {side.more && <div className="s12 second">{side.more}</div>}
            </div>
          ))}
        </div>
      </Card>
      <div style={{ height: 16 }} />
      <DifferenceList dayFileId={file.id} />
    </>
  )
}
