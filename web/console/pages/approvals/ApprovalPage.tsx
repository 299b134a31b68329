/** One change: what it changes field by field, what it would do, which rules it meets, and the decision. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getApproval, withdrawApproval, type Change } from '@api/approvals'
import { useBilingual, useChangeTitle } from '@console/app/useWords'
import { useShownTag } from '@console/pages/tags/shownField'
import { CheckList, countVerdicts } from '@kit/CheckList'
import { DiffView, type DiffField } from '@kit/DiffView'
import { formatInstant, formatRecent, isPast } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { DecisionCard } from './DecisionCard'
import { SimulationCard } from './SimulationCard'
import { useShownValue } from './shownValue'

export default function ApprovalPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ queryKey: ['approvals', id], queryFn: () => getApproval(id) })
  return <Loaded page query={query} rows={10}>{(change) => <ChangeView key={change.diff_hash} change={change} />}</Loaded>
}

/** A reference is read by the name the server gives beside it. */
const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(value)

const sources: Record<string, string> = { campaigns: '/campaigns', 'campaigns.launch': '/campaigns', campaign: '/campaigns', compensation: '/compensations', extension: '/extensions', compensation_return: '/compensations', code_reading: '/code-readings' }

function ChangeView({ change }: { change: Change }) {
  const { t } = useTranslation()
  const titleOf = useChangeTitle()
  const say = useBilingual()
  const show = useShownValue()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const deciding = change.can.includes('decide')
  const shownTag = useShownTag()
  const all = change.groups.flatMap((group) => group.fields)
  const shown = (field: (typeof all)[number], when: 'before' | 'after') => {
    const value = field[when]
    if (change.kind === 'tags') return shownTag(field.path, value, Object.fromEntries(all.map((each) => [each.path, each[when]])))
    if (when === 'after' && isId(value)) return field.impact || t('approval.byId', { id: value.slice(0, 8) })
    return show(value, field.unit ?? 'text')
  }
  const fields: DiffField[] = change.groups.flatMap((group) =>
    group.fields.map((field) => ({
      path: field.path,
      label: say(field.label, field.label_en),
      group: t(`approval.groups.${group.key || 'other'}`, { defaultValue: group.key }),
      before: shown(field, 'before'),
      after: shown(field, 'after'),
    })),
  )
  const fresh = change.groups.every((group) => group.fields.every((field) => field.before == null))
  const tick = (path: string, on: boolean) =>
    setTicked((old) => {
      const next = new Set(old)
      if (on) next.add(path)
      else next.delete(path)
      return next
    })
  const source = sources[change.kind]
  const overdue = change.state === 'pending' && change.due_at != null && isPast(change.due_at)
  const checks = change.checks.map((check) => ({ rule: check.rule, verdict: check.verdict, text: say(check.detail, check.detail_en) }))
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.approvals'), to: '/approvals' }, { label: change.number }]}
        title={titleOf(change)}
        tag={<StatusTag kind="change" value={change.state} />}
        meta={
          <>
            <span><em>{t('approval.kind')}</em>{t(`approval.kinds.${change.kind.replaceAll('.', '_')}`, { defaultValue: change.kind })}</span>
            <span><em>{t('approval.maker')}</em>{change.maker_name} {formatRecent(change.submitted_at)}</span>
            {change.office_no && <span><em>{t('approval.officeNo')}</em>{change.office_no}</span>}
            {change.state === 'pending' && change.due_at && <span className={overdue ? 'bad strong' : ''}><em>{t('approval.due')}</em>{formatInstant(change.due_at)}</span>}
          </>
        }
        actions={
          <>
            {source && <Link to={`${source}/${change.subject_id}`}><Button>{t('approval.whole')}</Button></Link>}
            {change.can.includes('withdraw') && <Withdraw change={change} />}
          </>
        }
      />
      <div className="aside">
        <div className="stack">
          <Card
            title={t('approval.diff')}
            hint={t('approval.changed', { count: change.changed_count, unchanged: change.unchanged_count })}
            flush
          >
            <DiffView fields={fields} fresh={fresh} ticked={deciding ? ticked : undefined} tick={tick} />
          </Card>
          <SimulationCard simulation={change.simulation} />
        </div>
        <div className="stack">
          {deciding ? (
            <DecisionCard change={change} ticked={ticked} fields={fields} />
          ) : (
            change.why_not && <Card title={t('approval.decision')}><Note icon="lock">{t(`problem.${change.why_not.replaceAll('.', '_')}`, { defaultValue: change.why_not })}</Note></Card>
          )}
          <Card title={t('approval.progress')}><Progress change={change} /></Card>
          <Card title={t('approval.checks')} right={countVerdicts(checks, t)}><CheckList checks={checks} /></Card>
        </div>
      </div>
    </>
  )
}

function Progress({ change }: { change: Change }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const states: Record<string, string> = { done: 'done', current: 'now', waiting: '', skipped: '' }
  const over = change.state === 'applied' ? 'done' : ['rejected', 'returned', 'withdrawn'].includes(change.state) ? 'no' : ''
  return (
    <>
      <ol className="steps">
        <li data-state="done">
          <span className="between"><b>{t('approval.submitted')} · {change.maker_name}</b><span className="muted s12">{formatRecent(change.submitted_at)}</span></span>
        </li>
        {change.stages.map((stage) => (
          <li key={stage.key} data-state={stage.verdict && stage.verdict !== 'approve' ? 'no' : states[stage.state]}>
            <span className="between">
              <b>{say(stage.name, stage.name_en)}{stage.checker_name && ` · ${stage.checker_name}`}</b>
              <span className="muted s12 nowrap">{stage.decided_at ? formatRecent(stage.decided_at) : stage.state === 'current' && stage.due_at ? t('approval.dueShort', { time: formatRecent(stage.due_at) }) : ''}</span>
            </span>
            <small>
              {stage.verdict ? `${t(`approval.verdicts.${stage.verdict}`)}${stage.comment ? `${t('list.colon')}“${stage.comment}”` : ''}` : t(`role.${stage.role}`, { defaultValue: stage.role })}
            </small>
          </li>
        ))}
        <li data-state={over}>
          <span className="between"><b>{t('approval.effect')}</b><span className="muted s12">{change.closed_at ? formatRecent(change.closed_at) : ''}</span></span>
          <small>{over ? t(`status.change.${change.state}`) : change.apply_at ? t('approval.applyAt', { time: formatInstant(change.apply_at) }) : t('approval.applyNow')}</small>
        </li>
      </ol>
      <div style={{ marginTop: 12 }}><Note icon="lock">{t('approval.makerNotChecker', { name: change.maker_name })}</Note></div>
    </>
  )
}

function Withdraw({ change }: { change: Change }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const withdraw = useMutation({
    mutationFn: () => withdrawApproval(change.id),
    onSettled: () => cache.invalidateQueries(),
    onError: (error) => void message.error(say(problemOf(error))),
  })
  const ask = () => modal.confirm({ title: t('approval.withdrawTitle'), content: t('approval.withdrawHint'), okText: t('approval.withdraw'), icon: null, onOk: () => withdraw.mutateAsync() })
  return <Button icon={<Icon name="undo" />} loading={withdraw.isPending} onClick={ask}>{t('approval.withdraw')}</Button>
}
