/** What models foretell: which version tells, how well it was judged, the latest scoring; and every version. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listModels, listModelTasks, scoreCustomers, trainModel, type ModelTask, type TaskName } from '@api/models'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { formatMetric, formatPercent, formatScore } from './modelWords'
import './models.css'

const POLL_MS = 10_000

export default function ModelsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [training, setTraining] = useState<TaskName | null>(null)
  const tasks = useQuery({ queryKey: ['model-tasks'], queryFn: listModelTasks, refetchInterval: POLL_MS })
  const train = may('model.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setTraining('churn_30')}>{t('models.train')}</Button>
  return (
    <>
      <PageHead title={t('menu.models')} meta={t('models.hint')} actions={train} />
      <Loaded query={tasks} rows={6}>{(page) => <div className="model-tasks">{page.items.map((row) => <TaskCard key={row.task.name} row={row} train={() => setTraining(row.task.name)} />)}</div>}</Loaded>
      <Versions />
      {training && tasks.data && <TrainDialog rows={tasks.data.items} task={training} close={() => setTraining(null)} />}
    </>
  )
}

function TaskCard({ row, train }: { row: ModelTask; train: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const navigate = useNavigate()
  const { may } = useSession()
  const { message } = App.useApp()
  const problem = useProblemText()
  const { task, champion, run } = row
  const score = async () => {
    try {
      await scoreCustomers(task.name)
      void message.success(t('models.scoringAsked'))
    } catch (failure) {
      void message.error(problem(problemOf(failure)))
    }
  }
  const alarm = run?.alarm && <span className="tag warn">{t('models.drifted')}</span>
  return (
    <Card title={say(task.label, task.label_en)} right={alarm || (champion ? <StatusTag kind="model" value="champion" tone="ok" /> : <StatusTag kind="model" value="none" tone="draft" />)}>
      <p className="second s13">{say(task.meaning, task.meaning_en)}</p>
      {champion ? (
        <>
          <dl className="model-facts">
            <div><dt>{task.unit === 'fen' ? t('models.metrics.total_error') : t('models.metrics.auc')}</dt><dd>{task.unit === 'fen' ? formatMetric('total_error', champion.metrics.total_error) : formatMetric('auc', champion.metrics.auc)}</dd></div>
            <div><dt>{task.unit === 'fen' ? t('models.metrics.correlation') : t('models.metrics.calibration_error')}</dt><dd>{task.unit === 'fen' ? formatMetric('correlation', champion.metrics.correlation) : formatMetric('calibration_error', champion.metrics.calibration_error)}</dd></div>
            <div><dt>{t('models.scored')}</dt><dd>{run ? formatCount(run.rows) : '—'}</dd></div>
            <div><dt>{t('models.mean')}</dt><dd>{run ? formatScore(run.average, task.unit) : '—'}</dd></div>
          </dl>
          {run && <Bands row={row} />}
          <div className="between s13 wrap model-foot">
            <span className="muted">{run ? t('models.scoredAt', { time: formatRecent(run.at) }) : t('models.notScored')}</span>
            <span className="row">
              {may('model.write') && <Button size="small" onClick={() => void score()}>{t('models.scoreNow')}</Button>}
              <Button size="small" type="primary" ghost onClick={() => void navigate({ to: `/models/${champion.id}` })}>{t('models.version', { number: champion.number })}</Button>
            </span>
          </div>
        </>
      ) : (
        <div className="between s13 wrap model-foot">
          <span className="muted">{row.latest ? t('models.waits') : t('models.untrained')}</span>
          {row.latest ? <Button size="small" type="primary" ghost onClick={() => void navigate({ to: `/models/${row.latest?.id}` })}>{t('models.look')}</Button> : may('model.write') && <Button size="small" onClick={train}>{t('models.train')}</Button>}
        </div>
      )}
    </Card>
  )
}

/** How many customers are in each band, as one bar. */
function Bands({ row }: { row: ModelTask }) {
  const say = useBilingual()
  const counts = row.run?.bands ?? {}
  const total = Math.max(1, Object.values(counts).reduce((sum, count) => sum + count, 0))
  const shares = row.task.bands.map((band) => (counts[band.value] ?? 0) / total)
  const parts = row.task.bands.map((band, place) => ({ band, share: shares[place] ?? 0, start: shares.slice(0, place).reduce((sum, share) => sum + share, 0) }))
  return (
    <div className="model-bands">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={parts.map((part) => `${say(part.band.label, part.band.label_en)} ${formatPercent(part.share)}`).join(', ')}>
        {parts.map((part) => <rect key={part.band.value} className={`band-${part.band.value}`} x={part.start * 100} width={Math.max(0, part.share * 100 - 0.4)} height="8" />)}
      </svg>
      <ul className="s12">
        {parts.map((part) => <li key={part.band.value}><i className={`band-${part.band.value}`} />{say(part.band.label, part.band.label_en)} {formatCount(counts[part.band.value] ?? 0)} <span className="muted">{formatPercent(part.share)}</span></li>)}
      </ul>
    </div>
  )
}

function Versions() {
  const { t } = useTranslation()
  const say = useBilingual()
  const navigate = useNavigate()
  const query = useQuery({ queryKey: ['models'], queryFn: listModels, refetchInterval: POLL_MS })
  const tasks = useQuery({ queryKey: ['model-tasks'], queryFn: listModelTasks })
  const named = (name: string) => tasks.data?.items.find((row) => row.task.name === name)?.task
  return (
    <Card title={t('models.versions')} hint={t('models.versionsHint')} flush>
      <Loaded query={query} rows={4}>
        {(page) =>
          page.items.length === 0 ? <Empty title={t('models.none')}>{t('models.noneHint')}</Empty> : (
            <DataTable
              label={t('models.versions')}
              rows={page.items}
              rowKey={(row) => row.id}
              open={(row) => void navigate({ to: `/models/${row.id}` })}
              columns={[
                { key: 'task', title: t('models.task'), render: (row) => <><b>{say(named(row.task)?.label, named(row.task)?.label_en) || row.task}</b><small>{t('models.version', { number: row.number })}</small></> },
                { key: 'algorithm', title: t('models.algorithm'), render: (row) => <>{t(`models.algorithms.${row.algorithm}`)}{row.recommended && <small>{t('models.recommended')}</small>}</> },
                { key: 'auc', title: t('models.metrics.auc'), number: true, render: (row) => formatMetric('auc', row.metrics.auc) },
                { key: 'error', title: t('models.error'), number: true, render: (row) => <>{formatMetric('calibration_error', row.metrics.calibration_error ?? row.metrics.total_error)}{row.metrics.calibration_error === undefined && <small>{t('models.metrics.total_error')}</small>}</> },
                { key: 'rows', title: t('models.rows'), number: true, render: (row) => formatCount(row.rows) },
                { key: 'state', title: t('models.state'), render: (row) => <StatusTag kind="model" value={row.state} tone={row.state === 'champion' ? 'ok' : undefined} /> },
                { key: 'made', title: t('models.made'), render: (row) => <><span className="nowrap">{formatInstant(row.made_at)}</span><small>{row.made_by}</small></> },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  )
}

function TrainDialog({ rows, task, close }: { rows: ModelTask[]; task: TaskName; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const send = async (values: { task: TaskName; standing?: string[] }) => {
    await trainModel({ task: values.task, standing: values.standing ?? [] })
    void message.success(t('models.trainingAsked'))
    await cache.invalidateQueries({ queryKey: ['models'] })
  }
  return (
    <Ask<{ task: TaskName; standing?: string[] }> title={t('models.train')} submit={send} close={close} initial={{ task, standing: [] }} action={t('models.train')}>
      <Form.Item name="task" label={t('models.task')} rules={[{ required: true }]}>
        <Select options={rows.map((row) => ({ value: row.task.name, label: say(row.task.label, row.task.label_en) }))} />
      </Form.Item>
      <Form.Item name="standing" label={t('models.standing')} extra={t('models.standingHint')}>
        <Select mode="tags" maxCount={10} tokenSeparators={[',', ' ']} open={false} suffixIcon={null} placeholder={t('form.optional')} />
      </Form.Item>
      <Note>{t('models.trainNote')}</Note>
      <br />
    </Ask>
  )
}
