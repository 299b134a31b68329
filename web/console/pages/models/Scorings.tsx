/** What a version told: scoring by scoring, and how far the customers of the last one are from those it learned from. */
import { useTranslation } from 'react-i18next'
import type { ModelPage } from '@api/models'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatRecent } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { Empty } from '@kit/states'
import { formatScore } from './modelWords'

const DRIFT_MAX = 0.25
const DRIFTED_SHOWN = 8
const NAMED = 5

/** The features that moved most, against the mark beyond which a model is to be trained anew. */
export function DriftCard({ run }: { run: ModelPage['runs'][number] | undefined }) {
  const { t } = useTranslation()
  const say = useBilingual()
  if (!run || run.drift.length === 0) return null
  const moved = run.drift.filter((one) => one.index > DRIFT_MAX)
  const shown = run.drift.slice(0, DRIFTED_SHOWN)
  const top = Math.max(DRIFT_MAX * 1.2, ...shown.map((one) => one.index))
  const mark = (DRIFT_MAX / top) * 100
  return (
    <Card title={t('models.driftTitle')} hint={t('models.driftHint', { time: formatRecent(run.at) })} right={run.alarm ? <span className="tag warn">{t('models.drifted')}</span> : <span className="tag ok">{t('models.steady')}</span>}>
      {moved.length > 0 && <div className="model-note first"><Note kind="warning">{t('models.driftNote', { names: moved.slice(0, NAMED).map((one) => say(one.label, one.label_en)).join(t('models.comma')) })}</Note></div>}
      <ul className="model-weights drift">
        {shown.map((one) => (
          <li key={one.name}>
            <span>{say(one.label, one.label_en)}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
              <rect className={one.index > DRIFT_MAX ? 'over' : undefined} width={(one.index / top) * 100} height="8" rx="1" />
              <line x1={mark} x2={mark} y1="-6" y2="14" vectorEffect="non-scaling-stroke" />
            </svg>
            <b className={one.index > DRIFT_MAX ? 'warn' : undefined}>{one.index.toFixed(3)}</b>
          </li>
        ))}
      </ul>
      <div className="model-legend"><span><i className="limit" />{t('models.driftMark', { most: DRIFT_MAX })}</span></div>
    </Card>
  )
}

export function Runs({ page: { runs, task } }: { page: ModelPage }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card title={t('models.runs')} hint={t('models.runsHint')} flush>
      {runs.length === 0 ? <Empty title={t('models.noRuns')}>{t('models.noRunsHint')}</Empty> : (
        <DataTable
          label={t('models.runs')}
          rows={runs}
          rowKey={(run) => run.id}
          columns={[
            { key: 'at', title: t('models.at'), render: (run) => <span className="nowrap">{formatInstant(run.at)}</span> },
            { key: 'rows', title: t('models.scored'), number: true, render: (run) => formatCount(run.rows) },
            { key: 'average', title: t('models.mean'), number: true, render: (run) => formatScore(run.average, task.unit) },
            { key: 'bands', title: t('models.bands'), render: (run) => <span className="model-run-bands">{task.bands.map((band) => <span key={band.value} className="nowrap"><i className={`band-${band.value}`} />{say(band.label, band.label_en)} {formatCount(run.bands[band.value] ?? 0)}</span>)}</span> },
            { key: 'drift', title: t('models.drift'), number: true, render: (run) => (run.drift[0] ? <span className={run.alarm ? 'warn strong' : undefined}>{run.drift[0].index.toFixed(3)}</span> : '—') },
          ]}
        />
      )}
    </Card>
  )
}
