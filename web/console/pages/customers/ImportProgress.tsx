/** How far an import is: of the file while it is read through, then of its rows, with the time left. */
import { useTranslation } from 'react-i18next'
import type { Import } from '@api/customers'
import { formatCount, formatShare, formatSpan } from '@kit/format'

const WHOLE = 1_000_000

export function ImportProgress({ run, brief }: { run: Omit<Import, 'mapping' | 'report'>; brief?: boolean }) {
  const { t, i18n } = useTranslation()
  const share = run.share_ppm / WHOLE
  const reading = run.status === 'running' && run.rows_total == null
  const percent = formatShare(run.share_ppm, WHOLE)
  const said = run.status === 'queued'
    ? t('status.import.queued')
    : run.status === 'undoing'
      ? t('brought.undoing', { undone: formatCount(run.rows_undone) })
      : reading
        ? t('import.reading', { percent })
        : t('import.running', { rows: formatCount(run.rows_read), total: formatCount(run.rows_total) })
  const left = run.seconds_left == null ? '' : t('import.left', { time: formatSpan(run.seconds_left, i18n.language) })
  return (
    <>
      {!brief && <span className="s13 between wrap"><span>{said}</span><b className="nowrap">{[!reading && run.status !== 'queued' && percent, left].filter(Boolean).join(' · ')}</b></span>}
      <span className="bar" role="progressbar" aria-label={said} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share * 100}%` }} /></span>
      {brief && <small>{[reading ? said : percent, left].filter(Boolean).join(' · ')}</small>}
    </>
  )
}
