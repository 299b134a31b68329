/** Earn rules: what customers do, what it gives, how often; tried over the last 30 days before another person decides. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSchemas } from '@api/events'
import { listRules, listTypes, requestRule, simulateRule, type EarnRule, type RuleStanding } from '@api/points'
import { useBilingual } from '@console/app/useWords'
import { addTo, asRoot, isComplete, partsOf, type Expression } from '@console/pages/segments/expression'
import { AddPart, NO_COUNTS, RuleTree } from '@console/pages/segments/RuleTree'
import { RuleText } from '@console/pages/segments/RuleText'
import { useSources } from '@console/pages/segments/useSources'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatYuan } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'
import { dayKept, dayShown } from './dayField'
import { PointsTag } from './PointsTag'
import { Waiting } from './Waiting'
import { capWords, givesWords, seasonWords } from './words'
import './points.css'

function useEvents() {
  const say = useBilingual()
  const schemas = useQuery({ queryKey: ['event-schemas-all'], queryFn: () => listSchemas({ limit: '500' }) })
  return (schemas.data?.items ?? []).map((one) => ({ value: one.name, label: say(one.title ?? '', one.title_en ?? '') || one.name }))
}

export default function EarnRulesPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const events = new Map(useEvents().map((one) => [one.value, one.label]))
  const [editing, setEditing] = useState<RuleStanding | 'new' | null>(null)
  const [ending, setEnding] = useState<RuleStanding | null>(null)
  const query = useQuery({ queryKey: ['earn-rules'], queryFn: listRules })
  const types = useQuery({ queryKey: ['point-types'], queryFn: listTypes })
  const names = new Map((types.data?.items ?? []).map((one) => [one.code, say(one.name, one.name_en)]))
  const write = query.data?.can.includes('write')
  return (
    <>
      <PageHead title={t('points.rules')} meta={t('points.rulesMeta')} actions={write && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('points.newRule')}</Button>} />
      <Loaded query={query} rows={6}>
        {({ items, requests }) => (
          <>
            <Waiting requests={requests} />
            <Card flush>
              {items.length === 0 ? <Empty title={t('points.noRules')}>{t('points.noRulesHint')}</Empty> : (
                <DataTable
                  label={t('points.rules')}
                  rows={items}
                  rowKey={(row) => row.id}
                  columns={[
                    { key: 'name', title: t('points.name'), render: (row) => <><b>{say(row.rule.name, row.rule.name_en)}</b><small>{events.get(row.rule.event) ?? row.rule.event}</small></> },
                    { key: 'gives', title: t('points.gives'), render: (row) => <>{givesWords(row.rule, t)}<small>{row.rule.type ? (names.get(row.rule.type) ?? row.rule.type) : t('points.targets.growth')}</small></> },
                    { key: 'caps', title: t('points.caps'), render: (row) => capWords(row.rule, t) },
                    { key: 'season', title: t('points.season'), render: (row) => seasonWords(row.rule, t) },
                    { key: 'given', title: t('points.given'), number: true, render: (row) => <>{formatCount(row.given)}{row.rule.caps?.budget && <small>{t('points.ofBudget', { budget: formatCount(row.rule.caps.budget) })}</small>}</> },
                    { key: 'state', title: t('points.state'), render: (row) => <PointsTag tone={row.state === 'live' ? 'ok' : ''}>{t(`points.states.${row.state}`)}</PointsTag> },
                    { key: 'edit', title: '', render: (row) => write && row.state === 'live' && <span className="row"><Button size="small" onClick={() => setEditing(row)}>{t('points.edit')}</Button><Button size="small" onClick={() => setEnding(row)}>{t('points.endRule')}</Button></span> },
                  ]}
                />
              )}
            </Card>
          </>
        )}
      </Loaded>
      {editing && <RuleDialog held={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
      {ending && <EndDialog held={ending} close={() => setEnding(null)} />}
    </>
  )
}

interface Values {
  name: string
  name_en: string
  event: string
  target: 'points' | 'growth'
  type?: string
  how: 'fixed' | 'amount'
  points: number
  yuan?: number
  day?: number | null
  month?: number | null
  person?: number | null
  budget?: number | null
  days?: number[]
  times?: number | null
  from_on?: string
  until_on?: string
  pending_days?: number | null
  reason: string
}

function ruleOf(values: Values, held: EarnRule | undefined, who: Root): EarnRule {
  const others = (held?.multipliers ?? []).filter((one) => !isMemberDay(one))
  const memberDays = values.days?.length && (values.times ?? 1) > 1 ? [{ percent: Math.round((values.times ?? 1) * 100), month_days: values.days, weekdays: [] }] : []
  return {
    ...held, where: held?.where ?? [], who: isEverybody(who) ? null : (who as unknown as Record<string, unknown>), name: values.name, name_en: values.name_en, event: values.event, target: values.target, type: values.target === 'points' ? (values.type ?? '') : '',
    points: values.points, per_fen: values.how === 'amount' ? Math.round((values.yuan ?? 1) * 100) : 0,
    caps: { day: values.day ?? null, month: values.month ?? null, person: values.person ?? null, budget: values.budget ?? null },
    multipliers: [...others, ...memberDays], from_on: values.from_on || null, until_on: values.until_on || null, pending_days: values.pending_days ?? null,
  }
}

type Root = ReturnType<typeof asRoot>
const isEverybody = (who: Root) => partsOf(who, '').length === 0

const isMemberDay = (one: NonNullable<EarnRule['multipliers']>[number]) => !one.who && !one.from_on && !one.until_on && !one.weekdays?.length && (one.month_days?.length ?? 0) > 0

function RuleDialog({ held, close }: { held: RuleStanding | null; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const sayProblem = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [form] = Form.useForm<Values>()
  const [who, setWho] = useState<Root>(() => asRoot((held?.rule.who as unknown as Expression | null) ?? undefined))
  const unfinished = !isEverybody(who) && !isComplete(who)
  const [how, target] = [Form.useWatch('how', form), Form.useWatch('target', form)]
  const events = useEvents()
  const types = useQuery({ queryKey: ['point-types'], queryFn: listTypes })
  const needed = [{ required: true, message: t('points.needed') }]
  const look = useMutation({ mutationFn: async () => simulateRule(ruleOf(await form.validateFields(['name', 'name_en', 'event', 'type', 'points', 'yuan']).then(() => form.getFieldsValue()), held?.rule, who)) })
  const submit = async (values: Values) => {
    if (unfinished) throw new Error(t('points.whoUnfinished'))
    await requestRule({ id: held?.id, rule: ruleOf(values, held?.rule, who), reason: values.reason })
    await cache.invalidateQueries({ queryKey: ['earn-rules'] })
    void message.success(t('points.requested'))
  }
  const member = held?.rule.multipliers?.find(isMemberDay)
  const initial: Partial<Values> = held
    ? { ...held.rule, ...held.rule.caps, how: held.rule.per_fen ? 'amount' : 'fixed', yuan: (held.rule.per_fen ?? 0) / 100 || 1, days: member?.month_days ?? [], times: (member?.percent ?? 200) / 100, from_on: held.rule.from_on ?? '', until_on: held.rule.until_on ?? '' }
    : { target: 'points', how: 'fixed', points: 10, yuan: 1, times: 2, days: [] }
  const failed = look.error && problemOf(look.error)
  return (
    <Ask<Values> title={t(held ? 'points.changeRule' : 'points.newRule')} form={form} submit={submit} close={close} action={t('points.request')} initial={initial} width={820}>
      <div className="points-pair">
        <Form.Item name="name" label={t('points.name')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="name_en" label={t('points.nameEn')} rules={needed}><Input maxLength={40} autoComplete="off" /></Form.Item>
        <Form.Item name="event" label={t('points.event')} rules={needed}><Select showSearch optionFilterProp="label" options={events} /></Form.Item>
        <Form.Item name="target" label={t('points.target')}><Segmented block disabled={held != null} options={(['points', 'growth'] as const).map((value) => ({ value, label: t(`points.targets.${value}`) }))} /></Form.Item>
        {target !== 'growth' && <Form.Item name="type" label={t('points.type')} rules={needed}><Select disabled={held != null} options={(types.data?.items ?? []).map((one) => ({ value: one.code, label: say(one.name, one.name_en) }))} /></Form.Item>}
        <Form.Item name="how" label={t('points.how')}><Segmented block options={(['fixed', 'amount'] as const).map((value) => ({ value, label: t(`points.hows.${value}`) }))} /></Form.Item>
        <Form.Item name="points" label={t('points.pointsEach')} rules={needed}><InputNumber min={1} max={1_000_000} precision={0} /></Form.Item>
        {how === 'amount' && <Form.Item name="yuan" label={t('points.perYuan')} rules={needed} extra={t('points.roundingHint')}><InputNumber min={0.01} max={1_000_000} precision={2} prefix="¥" /></Form.Item>}
        <Form.Item name="day" label={t('points.day_cap')}><InputNumber min={1} precision={0} placeholder={t('points.noCap')} /></Form.Item>
        <Form.Item name="month" label={t('points.month_cap')}><InputNumber min={1} precision={0} placeholder={t('points.noCap')} /></Form.Item>
        <Form.Item name="person" label={t('points.person_cap')}><InputNumber min={1} precision={0} placeholder={t('points.noCap')} /></Form.Item>
        <Form.Item name="budget" label={t('points.budget')}><InputNumber min={1} precision={0} placeholder={t('points.noCap')} /></Form.Item>
        <Form.Item name="days" label={t('points.multiplierDays')} extra={t('points.multiplierHint')}><Select mode="multiple" options={Array.from({ length: 31 }, (_, at) => ({ value: at + 1, label: String(at + 1) }))} /></Form.Item>
        <Form.Item name="times" label={t('points.percent')}><InputNumber min={1} max={20} step={0.5} suffix="×" /></Form.Item>
        <Form.Item name="from_on" getValueProps={dayShown} normalize={dayKept} label={t('points.season')}><DatePicker /></Form.Item>
        <Form.Item name="until_on" getValueProps={dayShown} normalize={dayKept} label={t('points.until', { day: '' })}><DatePicker /></Form.Item>
        <Form.Item name="pending_days" label={t('points.pending')}><InputNumber min={0} max={366} precision={0} /></Form.Item>
      </div>
      <WhoField who={who} put={setWho} unfinished={unfinished} />
      <div className="points-try">
        <Button loading={look.isPending} disabled={unfinished} onClick={() => look.mutate()}>{t('points.simulate')}</Button>
        {look.data && <p role="status" className="second s13">{t('points.simulated', { customers: formatCount(look.data.customers), events: formatCount(look.data.events), points: formatCount(look.data.points), cost: formatYuan(look.data.cost_fen) })}</p>}
        {failed && !('errorFields' in (look.error as object)) && <Note kind="danger">{sayProblem(failed)}</Note>}
      </div>
      <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={2} maxLength={500} showCount /></Form.Item>
    </Ask>
  )
}

function WhoField({ who, put, unfinished }: { who: Root; put: (who: Root) => void; unfinished: boolean }) {
  const { t } = useTranslation()
  const sources = useSources('condition', null)
  return (
    <fieldset className="points-who">
      <legend>{t('points.who')}</legend>
      <p className="second s12">{t('points.whoHint')}</p>
      {!isEverybody(who) && <RuleTree root={who} change={(root) => put(asRoot(root))} counts={NO_COUNTS} sources={sources} />}
      <div className="row wrap"><AddPart leaves={sources.leaves} add={(part) => put(asRoot(addTo(who, '', part)))} />{isEverybody(who) ? <span className="muted s13">{t('points.everybody')}</span> : <RuleText root={who} sources={sources} />}</div>
      {unfinished && <p className="s12 points-unfinished">{t('points.whoUnfinished')}</p>}
    </fieldset>
  )
}

function EndDialog({ held, close }: { held: RuleStanding; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await requestRule({ id: held.id, rule: held.rule, state: 'ended', reason })
    await cache.invalidateQueries({ queryKey: ['earn-rules'] })
  }
  return (
    <Ask<{ reason: string }> title={t('points.endRule')} submit={submit} close={close} action={t('points.request')} danger>
      <p className="second s13">{t('points.endHint')}</p>
      <Form.Item name="reason" label={t('points.reason')} rules={[{ required: true, whitespace: true, message: t('points.reasonMissing') }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
    </Ask>
  )
}
