/** By which rules two customers are taken for one: in their order, tried before they are asked for, decided by another. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getIdentityRules, previewIdentityRules, requestIdentityRules, type MatchRule, type RuleSet, type RulesPage } from '@api/accounts'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded, Unread } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './relations.css'

const FIELDS = ['id_document', 'phone', 'name'] as const
const CERTAINTIES = ['joins', 'proposes', 'never'] as const
const TONES: Record<string, string> = { joins: 'bad', proposes: 'warn', never: 'plain' }
const RULES_MAX = 10

export default function IdentityRulesPage() {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const query = useQuery({ queryKey: ['identity-rules'], queryFn: getIdentityRules })
  const waiting = query.data?.requests.find((one) => one.state === 'requested')
  const may = query.data?.can.includes('change') && !waiting
  return (
    <>
      <PageHead title={t('rules.title')} crumbs={[{ label: t('menu.matches'), to: '/identity-matches' }, { label: t('rules.title') }]} meta={<span>{t('rules.meta')}</span>} actions={may && !editing && <Button type="primary" onClick={() => setEditing(true)}>{t('rules.change')}</Button>} />
      {waiting && <Note kind="warning">{t('rules.waiting')} {waiting.change_id && <Link to={`/approvals/${waiting.change_id}`}>{t('identity.open')}</Link>}</Note>}
      <Loaded query={query} rows={6}>
        {(page) => (
          <div className="grid">
            <div className="c12">{editing ? <Editor page={page} close={() => { setEditing(false); void query.refetch() }} /> : <InForce page={page} />}</div>
            {page.requests.length > 0 && <div className="c12"><Requests page={page} /></div>}
          </div>
        )}
      </Loaded>
    </>
  )
}

/** Fields of a rule in words. */
function useFields(page: RulesPage) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (field: string) => {
    const own = page.attributes.find((one) => one.name === field)
    return own ? say(own.label, own.label_en) : t(`rules.fields.${field}`, { defaultValue: field })
  }
}

function InForce({ page }: { page: RulesPage }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const word = useFields(page)
  const seen = useQuery({ queryKey: ['identity-rules', 'preview', page.rules, page.shared_max], queryFn: () => previewIdentityRules({ rules: page.rules, shared_max: page.shared_max }) })
  return (
    <Card title={t('rules.inForce')} hint={t('rules.orderHint')}>
      <ol className="identity-rules">
        {page.rules.map((rule, place) => {
          const found = seen.data?.rules[place]
          return (
            <li key={rule.name}>
              <span className="place">{place + 1}</span>
              <span>
                <b>{say(rule.label, rule.label_en)}</b> <span className={`tag ${TONES[rule.certainty]}`}>{t(`rules.certainties.${rule.certainty}`)}</span><br />
                <small className="second">{t('rules.same', { fields: rule.fields.map(word).join(' + ') })}</small>
              </span>
              <Link to={`/identity-matches?rule=${rule.name}`}>{found ? t('rules.pairs', { count: found.pairs, shown: `${formatCount(found.pairs)}${found.more ? '+' : ''}` }) : seen.error ? '—' : '…'}</Link>
            </li>
          )
        })}
      </ol>
      {seen.error && !seen.data && <Unread query={seen} />}
      <p className="s13 second guard">{t('rules.guard', { count: page.shared_max })} {seen.data && seen.data.held_back > 0 && t('rules.heldBack', { count: seen.data.held_back, shown: formatCount(seen.data.held_back) })}</p>
      <p className="s13 muted">{t('rules.never')}</p>
    </Card>
  )
}

type Draft = MatchRule & { key: string }
const fresh = (place: number): Draft => ({ key: `new-${place}-${Date.now()}`, name: `rule_${place}`, label: '', label_en: '', fields: ['phone', 'name'], certainty: 'proposes' })

function Editor({ page, close }: { page: RulesPage; close: () => void }) {
  const { t } = useTranslation()
  const tell = useProblemText()
  const word = useFields(page)
  const [rules, setRules] = useState<Draft[]>(page.rules.map((one) => ({ ...one, key: one.name })))
  const [shared, setShared] = useState(page.shared_max)
  const [asking, setAsking] = useState(false)
  const wanted: RuleSet = { rules: rules.map(({ name, label, label_en, fields, certainty }) => ({ name, label, label_en, fields, certainty })), shared_max: shared }
  const preview = useMutation({ mutationFn: () => previewIdentityRules(wanted) })
  const put = (next: Draft[]) => { setRules(next); preview.reset() }
  const edit = (place: number, change: Partial<MatchRule>) => put(rules.map((one, at) => (at === place ? { ...one, ...change } : one)))
  const move = (place: number, by: number) => {
    const next = [...rules]
    const [taken] = next.splice(place, 1)
    if (taken) next.splice(place + by, 0, taken)
    put(next)
  }
  const choices = [...FIELDS.map((value) => ({ value: value as string, label: word(value) })), ...page.attributes.map((one) => ({ value: one.name, label: word(one.name) }))]
  return (
    <Card title={t('rules.edit')} hint={t('rules.orderHint')} footer={(
      <span className="row" style={{ justifyContent: 'flex-end' }}>
        <Button onClick={close}>{t('action.cancel')}</Button>
        <Button loading={preview.isPending} onClick={() => preview.mutate()}>{t('rules.try')}</Button>
        <Button type="primary" disabled={!preview.isSuccess} title={preview.isSuccess ? undefined : t('rules.tryFirst')} onClick={() => setAsking(true)}>{t('identity.ask')}</Button>
      </span>
    )}>
      {rules.map((rule, place) => (
        <div className="rule-edit" key={rule.key} role="group" aria-label={t('rules.rule', { count: place + 1 })}>
          <Input aria-label={t('rules.label')} placeholder={t('rules.label')} value={rule.label} maxLength={40} onChange={(event) => edit(place, { label: event.target.value })} addonBefore={place + 1} />
          <Select mode="multiple" aria-label={t('rules.fieldsOf')} value={[...rule.fields]} options={choices} onChange={(fields: string[]) => edit(place, { fields })} />
          <Select aria-label={t('rules.certainty')} value={rule.certainty} options={CERTAINTIES.map((value) => ({ value, label: t(`rules.certainties.${value}`) }))} onChange={(certainty: MatchRule['certainty']) => edit(place, { certainty })} />
          <span className="row">
            <Button size="small" aria-label={t('rules.up')} disabled={place === 0} icon={<Icon name="sortUp" />} onClick={() => move(place, -1)} />
            <Button size="small" aria-label={t('rules.down')} disabled={place === rules.length - 1} icon={<Icon name="sortDown" />} onClick={() => move(place, 1)} />
            <Button size="small" aria-label={t('rules.remove')} disabled={rules.length === 1} icon={<Icon name="close" />} onClick={() => put(rules.filter((_, at) => at !== place))} />
            {preview.data?.rules[place] && <b className="s13">{t('rules.pairs', { count: preview.data.rules[place].pairs, shown: `${formatCount(preview.data.rules[place].pairs)}${preview.data.rules[place].more ? '+' : ''}` })}</b>}
          </span>
        </div>
      ))}
      <Button size="small" icon={<Icon name="plus" />} disabled={rules.length >= RULES_MAX} onClick={() => put([...rules, fresh(rules.length + 1)])}>{t('rules.add')}</Button>
      <p className="s13"><label>{t('rules.sharedMax')} <InputNumber min={2} max={20} value={shared} onChange={(value) => { setShared(value ?? 4); preview.reset() }} /></label> {preview.data && preview.data.held_back > 0 && <span className="second">{t('rules.heldBack', { count: preview.data.held_back, shown: formatCount(preview.data.held_back) })}</span>}</p>
      {preview.isError && <Note kind="danger">{tell(problemOf(preview.error))}</Note>}
      {asking && <AskFor wanted={wanted} close={() => setAsking(false)} done={close} />}
    </Card>
  )
}

function AskFor({ wanted, close, done }: { wanted: RuleSet; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const submit = async ({ reason }: { reason: string }) => {
    await requestIdentityRules({ ...wanted, reason })
    void message.success(t('identity.asked'))
    done()
  }
  return (
    <Ask<{ reason: string }> title={t('rules.change')} submit={submit} close={close} action={t('identity.ask')}>
      <Note kind={wanted.rules.some((one) => one.certainty === 'joins') ? 'warning' : undefined}>{t(wanted.rules.some((one) => one.certainty === 'joins') ? 'rules.joinsHint' : 'rules.askHint')}</Note>
      <Form.Item name="reason" label={t('identity.reason')} rules={[{ required: true, min: 2, message: t('identity.reasonNeeded') }]} style={{ marginTop: 16 }}><Input.TextArea rows={2} maxLength={200} showCount /></Form.Item>
    </Ask>
  )
}

function Requests({ page }: { page: RulesPage }) {
  const { t } = useTranslation()
  return (
    <Card title={t('rules.requests')} flush>
      <DataTable
        label={t('rules.requests')}
        rows={page.requests}
        rowKey={(row) => row.id}
        columns={[
          { key: 'at', title: t('rules.askedAt'), render: (row) => (row.change_id ? <Link className="name" to={`/approvals/${row.change_id}`}>{formatRecent(row.requested_at)}</Link> : formatRecent(row.requested_at)) },
          { key: 'by', title: t('rules.askedBy'), render: (row) => row.requested_by },
          { key: 'count', title: t('rules.count'), number: true, render: (row) => row.rules.length },
          { key: 'reason', title: t('identity.reason'), render: (row) => row.reason },
          { key: 'state', title: t('rings.state'), render: (row) => <StatusTag kind="request" value={row.state} /> },
        ]}
      />
    </Card>
  )
}
