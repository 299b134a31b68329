/** One version: how it was judged, told against seen, its features by weight, where it stands beside the others. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getModel, proposeModel, retireModel, type ModelPage as Page } from '@api/models'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatBytes, formatCount, formatDay, formatInstant } from '@kit/format'
import { Card, Facts, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { CalibrationPicture, Tenths } from './CalibrationPicture'
import { DriftCard, Runs } from './Scorings'
import { formatMetric, formatPercent, formatTick, greaterIsBetter, metricOrder, shortHash } from './modelWords'
import './models.css'

const SHOWN = 15
const OTHERS_SHOWN = 6
/** A version that is farther off is not let in. */
const ERROR_MAX = { fen: 0.15, share: 0.015 }
const errorOf = (version: Page['version']) => version.metrics.calibration_error ?? version.metrics.total_error ?? 0
const mostOf = (task: Page['task']) => (task.unit === 'fen' ? ERROR_MAX.fen : ERROR_MAX.share)

export default function ModelPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['models', id], queryFn: () => getModel(id) })
  return <Loaded page query={query} rows={8}>{(page) => <View page={page} />}</Loaded>
}

function View({ page }: { page: Page }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { version, task } = page
  const [otherId, setOtherId] = useState<string | undefined>(page.others.find((one) => one.state === 'champion')?.id ?? page.others[0]?.id)
  const other = page.others.find((one) => one.id === otherId)
  const error = errorOf(version)
  const tooFar = error > mostOf(task)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.models'), to: '/models' }, { label: say(task.label, task.label_en) }]}
        title={`${say(task.label, task.label_en)} · ${t('models.version', { number: version.number })}`}
        tag={<><StatusTag kind="model" value={version.state} tone={version.state === 'champion' ? 'ok' : undefined} />{version.recommended && <span className="tag gold">{t('models.recommended')}</span>}</>}
        meta={say(task.meaning, task.meaning_en)}
        actions={<Verbs page={page} />}
      />
      <Figures
        items={[
          task.unit === 'fen' ? { label: t('models.metrics.correlation'), value: formatMetric('correlation', version.metrics.correlation) } : { label: t('models.metrics.auc'), value: formatMetric('auc', version.metrics.auc), hint: t('models.outOfTime', { day: formatDay(version.judged_on) }) },
          { label: t(task.unit === 'fen' ? 'models.metrics.total_error' : 'models.error'), value: <span className={tooFar ? 'bad' : undefined}>{formatPercent(error)}</span>, hint: <span className={tooFar ? 'bad' : undefined}>{t(tooFar ? 'models.overAllowed' : 'models.allowed', { most: formatTick(mostOf(task)) })}</span> },
          { label: t('models.rows'), value: formatCount(version.rows), hint: t('models.outcomes', { count: version.outcomes, shown: formatCount(version.outcomes) }) },
          { label: t('models.judgedRows'), value: formatCount(version.metrics.judged_rows) },
        ]}
      />
      <div className="aside wide">
        <div className="stack">
          <Card title={t('models.calibration')} hint={t('models.calibrationHint')} right={page.others.length > 0 && <Select size="small" allowClear aria-label={t('models.compare')} placeholder={t('models.compare')} value={otherId} onChange={setOtherId} popupMatchSelectWidth={false} options={page.others.map((one) => ({ value: one.id, label: `${t('models.version', { number: one.number })} · ${t(`models.algorithms.${one.algorithm}`)}` }))} />}>
            <div className="model-calibration">
              <div><CalibrationPicture groups={version.groups} before={other?.groups} unit={task.unit} /></div>
              <Tenths groups={version.groups} unit={task.unit} />
            </div>
          </Card>
          <Weights page={page} />
          <DriftCard run={page.runs[0]} />
          <Runs page={page} />
        </div>
        <div className="stack">
          <Compared page={page} other={other} />
          <Siblings page={page} />
          <Card title={t('models.record')}>
            <Facts
              left
              rows={[
                [t('models.algorithm'), t(`models.algorithms.${version.algorithm}`)],
                [t('models.cutOffs'), <span key="days" className="row wrap">{version.cut_offs.map((day) => <span key={day} className="nowrap">{formatDay(day)}</span>)}</span>],
                [t('models.judgedOn'), formatDay(version.judged_on)],
                [t('models.text'), <span key="text" className="mono" title={version.text_hash}>{shortHash(version.text_hash)} · {formatBytes(version.text_bytes)}</span>],
                [t('models.data'), <span key="data" className="mono" title={version.data_hash}>{shortHash(version.data_hash)}</span>],
                [t('models.code'), <span key="code" className="mono">{version.code_version}</span>],
                [t('models.made'), <span key="made">{formatInstant(version.made_at)}<br />{version.made_by}</span>],
                [t('models.approved'), version.approved_at && version.change_id ? <Link key="approved" to={`/approvals/${version.change_id}`}>{formatInstant(version.approved_at)}</Link> : formatInstant(version.approved_at)],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  )
}

function Verbs({ page: { version, task } }: { page: Page }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const { message, modal } = App.useApp()
  const problem = useProblemText()
  const done = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work()
      void message.success(said)
      await cache.invalidateQueries({ queryKey: ['models'] })
      await cache.invalidateQueries({ queryKey: ['model-tasks'] })
    } catch (failure) {
      void message.error(problem(problemOf(failure)))
    }
  }
  const retire = () => void modal.confirm({ title: t('models.retire'), content: t('models.retireHint'), okText: t('models.retire'), okButtonProps: { danger: true }, onOk: () => done(() => retireModel(version.id), t('models.retired')) })
  if (version.state === 'pending' && version.change_id) return <Button onClick={() => void navigate({ to: `/approvals/${version.change_id}` })}>{t('models.toApproval')}</Button>
  if (!may('model.write') || version.state === 'retired') return null
  return (
    <>
      <Button onClick={retire}>{t('models.retire')}</Button>
      {version.state !== 'champion' && <Button type="primary" disabled={errorOf(version) > mostOf(task)} title={errorOf(version) > mostOf(task) ? t('models.tooFar', { most: formatTick(mostOf(task)) }) : undefined} onClick={() => void done(() => proposeModel(version.id), t('models.proposed'))}>{t('models.propose')}</Button>}
    </>
  )
}

function Weights({ page: { version } }: { page: Page }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [all, setAll] = useState(false)
  const weighed = version.features.filter((one) => one.share > 0)
  const most = Math.max(0.0001, ...weighed.map((one) => one.share))
  const rows = all ? weighed : weighed.slice(0, SHOWN)
  const standing = weighed.filter((one) => one.standing)
  // What is fitted by a formula knows no weights: all are the same then.
  const plain = weighed.every((one) => one.share === most)
  return (
    <Card title={t('models.features')} hint={t(plain ? 'models.featuresPlain' : 'models.featuresHint', { count: version.features.length })} footer={weighed.length > SHOWN && <Button type="link" size="small" className="model-all" onClick={() => setAll(!all)}>{all ? t('models.fewer') : t('models.allFeatures', { count: weighed.length })}</Button>}>
      <ul className={plain ? 'model-weights plain' : 'model-weights'}>
        {rows.map((one) => (
          <li key={one.name}>
            <span>{say(one.label, one.label_en)}{one.standing && <> <span className="tag warn">{t('models.standingTag')}</span></>}</span>
            {!plain && <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden><rect width={(one.share / most) * 100} height="8" rx="1" /></svg>}
            {!plain && <b>{formatPercent(one.share)}</b>}
          </li>
        ))}
      </ul>
      {standing.length > 0 && <div className="model-note"><Note kind="warning">{t('models.standingNote')}</Note></div>}
    </Card>
  )
}

function Compared({ page: { version }, other }: { page: Page; other?: Page['others'][number] }) {
  const { t } = useTranslation()
  const names = metricOrder.filter((name) => name in version.metrics)
  return (
    <Card title={t('models.metricsTitle')} hint={other ? t('models.against', { number: other.number }) : undefined}>
      <table className="table tight">
        <thead><tr><th>{t('models.metric')}</th><th className="number">{t('models.version', { number: version.number })}</th>{other && <th className="number">{t('models.version', { number: other.number })}</th>}</tr></thead>
        <tbody>
          {names.map((name) => {
            const mine = version.metrics[name] ?? 0
            const theirs = other?.metrics[name]
            const better = theirs !== undefined && (greaterIsBetter(name) ? mine > theirs : mine < theirs)
            return <tr key={name}><td>{t(`models.metrics.${name}`)}</td><td className={`number ${better ? 'model-better' : ''}`}>{formatMetric(name, mine)}</td>{other && <td className="number">{formatMetric(name, theirs)}</td>}</tr>
          })}
        </tbody>
      </table>
    </Card>
  )
}

/** The other versions of the task, each with where it stands and its first figure. */
function Siblings({ page: { others } }: { page: Page }) {
  const { t } = useTranslation()
  if (others.length === 0) return null
  return (
    <Card title={t('models.others')} hint={t('models.othersHint')}>
      <ul className="model-others">
        {others.slice(0, OTHERS_SHOWN).map((one) => {
          const name = 'auc' in one.metrics ? 'auc' : 'correlation'
          return (
            <li key={one.id}>
              <span><Link to={`/models/${one.id}`}>{t('models.version', { number: one.number })}</Link> <small className="second">{t(`models.algorithms.${one.algorithm}`)}</small></span>
              <span className="nowrap" title={t(`models.metrics.${name}`)}>{formatMetric(name, one.metrics[name])}</span>
              <StatusTag kind="model" value={one.state} tone={one.state === 'champion' ? 'ok' : undefined} />
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
