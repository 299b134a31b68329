/** Configuration as it stands, grants one by one, and what was done to the campaign. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Select } from 'antd'
import { listGrants, listHistory, type Campaign } from '@api/campaigns'
import { benefitName, useBilingual } from '@console/app/useWords'
import { useAuditWords } from '@console/pages/govern/auditWords'
import { UnitSelect, unitsQuery, useUnitName } from '@console/app/units'
import { DataList } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatMoney, formatRecent } from '@kit/format'
import { Card, Facts } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useFieldProblem } from './FormParts'
import { AmendmentsCard, EntriesCard } from './LifeCards'
import { PhoneFrame } from './PhoneFrame'
import { WaterfallChart } from './WaterfallChart'
import { useState } from 'react'

export function ConfigTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const say = useFieldProblem()
  const [language, setLanguage] = useState<'zh' | 'en'>('zh')
  const bilingual = useBilingual()
  const { draft, sku, bundle, progress } = campaign
  const stocks = new Map((draft.lines ?? []).map((line) => [line.sku_id, line.stock ?? 0]))
  const pieces = (count: number | undefined) => t('unit.counted', { shown: formatCount(count) })
  return (
    <div className="aside wide">
      <div className="stack">
        {campaign.problems.length > 0 && campaign.state === 'draft' && (
          <Card title={t('campaign.missing')} hint={t('campaign.missingCount', { count: campaign.problems.length })}>
            <ul className="lines tight s12">
              {campaign.problems.map((problem) => <li key={problem.pointer}>{t(`campaign.fieldName.${problem.pointer.slice(1).replaceAll('/', '_')}`, { defaultValue: problem.pointer })}{t('list.colon')}<span className="second">{say(problem)}</span></li>)}
            </ul>
          </Card>
        )}
        <div className="grid">
          <Card className="c6" title={t('campaign.section.goal')}>
            <Facts rows={[[t('campaign.goal'), draft.goal || '—'], [t('campaign.mode'), t(`campaign.modes.${draft.mode ?? 'push'}`)], ...(draft.published ? ([[t('campaign.published'), t('segment.yes')]] as [string, string][]) : [])]} />
          </Card>
          <Card className="c6" title={t('campaign.section.audience')}>
            <Facts
              rows={[
                [t('campaign.segment'), campaign.segment ? <Link key="s" to={`/segments/${campaign.segment.id}`}>{campaign.segment.name}</Link> : draft.published ? t('campaign.everybody') : '—'],
                [t('campaign.snapshot'), campaign.audience?.name ?? '—'],
                [t('campaign.audienceSize'), formatCount(campaign.audience_size)],
                [t('campaign.control'), `${draft.control_percent ?? 0}%`],
              ]}
            />
          </Card>
          <Card className="c6" title={t('campaign.section.benefit')}>
            {bundle ? (
              <Facts rows={[[t('campaign.bundle'), `${bilingual(bundle.name, bundle.name_en)} · v${bundle.version}`], [t('campaign.chooses'), t('campaign.chooseSays', { choose: bundle.choose, many: bundle.skus.length })], ...bundle.skus.map((each): [string, string] => [bilingual(each.name, each.name_en), `${pieces(stocks.get(each.id))} · ${formatMoney(each.cost_fen)}`]), [t('campaign.validDays'), t('unit.dayCount', { count: draft.valid_days ?? 0 })]]} />
            ) : (
              <Facts rows={[[t('campaign.sku'), sku ? benefitName(bilingual(sku.brand, sku.brand_en), bilingual(sku.name, sku.name_en)) : '—'], [t('sku.cost'), formatMoney(sku?.cost_fen)], [t('sku.supplier'), bilingual(sku?.supplier, sku?.supplier_en) || '—'], [t('campaign.stock'), pieces(draft.stock)], [t('campaign.personLimit'), formatCount(draft.person_limit)], [t('campaign.validDays'), t('unit.dayCount', { count: draft.valid_days ?? 0 })]]} />
            )}
          </Card>
          <Card className="c6" title={t('campaign.section.window')}>
            <Facts rows={[[t('campaign.opens'), formatInstant(draft.opens_at)], [t('campaign.closes'), formatInstant(draft.closes_at)], [t('campaign.budget'), formatMoney(draft.budget_fen)], [t('campaign.entry'), campaign.entry_path ? <span key="e" className="mono wrap-any">{campaign.entry_path}</span> : '—']]} />
          </Card>
        </div>
        <EntriesCard campaign={campaign} />
        {(draft.shares ?? []).length > 0 && <SharesCard campaign={campaign} />}
        {progress && (
          <Card title={t('campaign.run')} hint={progress.finished_at ? t('campaign.runDone', { time: formatInstant(progress.finished_at) }) : undefined}>
            <WaterfallChart percent={draft.control_percent ?? 0} waterfall={{ ...progress, reachable: progress.total, persons: progress.total }} />
            <div style={{ height: 12 }} />
            <Facts rows={(['done', 'granted', 'withheld', 'exists', 'sold_out', 'budget_exhausted', 'limit_reached', 'not_eligible'] as const).filter((key) => key === 'done' || key === 'granted' || progress[key] > 0).map((key) => [t(`campaign.progress.${key}`), formatCount(progress[key])])} />
          </Card>
        )}
      </div>
      <PhoneFrame campaignId={campaign.id} version={campaign.version} language={language} setLanguage={setLanguage} />
    </div>
  )
}

function SharesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  return (
    <Card title={t('campaign.shares')} flush>
      <DataTable
        label={t('campaign.shares')}
        rows={campaign.draft.shares ?? []}
        rowKey={(share) => share.unit_id}
        columns={[
          { key: 'unit', title: t('units.name'), render: (share) => { const unit = units.data?.items.find((each) => each.id === share.unit_id); return unit ? nameOf(unit) : share.unit_id } },
          { key: 'amount', title: t('campaign.shareAmount'), number: true, render: (share) => formatMoney(share.amount_fen) },
          { key: 'stock', title: t('campaign.shareStock'), number: true, render: (share) => formatCount(campaign.bundle ? Object.values(share.stocks ?? {}).reduce((sum, units) => sum + units, 0) : share.stock) },
        ]}
      />
    </Card>
  )
}

const grantStates = ['reserved', 'fulfilling', 'fulfilled', 'used', 'expired', 'failed', 'revoked', 'returned'] as const

/** Grants one by one, customers masked, within the reader's units; a file of them is made in the background. */
export function GrantsTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const choices = campaign.offers.map((offer) => ({ value: offer.id, label: say(offer.name, offer.name_en) }))
  const titles = new Map(choices.map((choice) => [choice.value, choice.label]))
  return (
    <DataList
      name="grants"
      operation="list_grants"
      fixed={{ source_id: campaign.id }}
      label={t('campaign.tabs.grants')}
      load={(params) => listGrants({ ...params, tab: undefined, source_id: campaign.id })}
      rowKey={(grant) => grant.id}
      statuses={grantStates.map((value) => ({ value, label: t(`status.grant.${value}`) }))}
      filters={(state) => (
        <>
          <UnitSelect allowClear aria-label={t('campaign.unit')} placeholder={t('life.anyUnit')} style={{ width: 180 }} value={state.params.unit_id ? Number(state.params.unit_id) : undefined} onChange={(unit?: number) => state.change({ unit_id: unit ? String(unit) : undefined })} />
          {choices.length > 1 && <Select allowClear aria-label={t('campaign.sku')} placeholder={t('life.anyBenefit')} style={{ width: 200 }} value={state.params.offer_id} options={choices} onChange={(offer_id?: string) => state.change({ offer_id })} />}
        </>
      )}
      columns={[
        { key: 'customer', title: t('customer.one'), field: 'customer_no', render: (grant) => <Link className="name" to={`/customers/${grant.seq}`}>{grant.customer_name ?? grant.customer_no}<small className="mono">{grant.customer_no}</small></Link> },
        { key: 'title', title: t('campaign.sku'), field: 'title', render: (grant) => titles.get(grant.offer_id) ?? grant.title },
        { key: 'amount', title: t('grant.cost'), field: 'amount_fen', format: 'yuan', number: true, render: (grant) => formatMoney(grant.amount_fen) },
        { key: 'granted', title: t('grant.granted'), field: 'granted_at', format: 'instant', render: (grant) => formatRecent(grant.granted_at) },
        { key: 'claimed', title: t('grant.claimed'), field: 'claimed_at', format: 'instant', render: (grant) => formatRecent(grant.claimed_at) },
        { key: 'used', title: t('grant.used'), field: 'used_at', format: 'instant', render: (grant) => formatRecent(grant.used_at) },
        { key: 'expires', title: t('grant.expires'), field: 'expires_at', format: 'instant', render: (grant) => formatRecent(grant.expires_at) },
        { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.grant', render: (grant) => <StatusTag kind="grant" value={grant.state} /> },
      ]}
      empty={<Empty title={t('grant.none')} />}
    />
  )
}

/** What was done and decided: the campaign's own trail and that of its approvals. */
export function HistoryTab({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const words = useAuditWords()
  const query = useQuery({ queryKey: ['campaign-history', campaign.id, campaign.changed_at], queryFn: () => listHistory(campaign.id) })
  return (
    <div className="stack">
      <AmendmentsCard campaign={campaign} />
      <div className="card">
        <Loaded query={query}>
          {(page) =>
            page.items.length === 0 ? (
              <Empty sign="search" title={t('audit.none')} />
            ) : (
              <DataTable
                label={t('campaign.tabs.history')}
                rows={page.items}
                rowKey={(row) => row.id}
                columns={[
                  { key: 'at', title: t('audit.at'), render: (row) => formatInstant(row.at) },
                  { key: 'actor', title: t('audit.actor'), render: (row) => t(`audit.actors.${row.actor}`, { defaultValue: row.actor }) },
                  { key: 'action', title: t('audit.action'), render: (row) => <>{row.change_id ? <Link to={`/approvals/${row.change_id}`}>{words.action(row.action)}</Link> : words.action(row.action)}{row.fields.length > 0 && <small>{row.fields.map((field) => t(`campaign.fieldName.${field}`, { defaultValue: field })).join(t('list.comma'))}</small>}</> },
                  { key: 'reason', title: t('audit.reason'), render: (row) => t(`life.held.${row.reason}`, { defaultValue: row.reason || '—' }) },
                ]}
              />
            )
          }
        </Loaded>
      </div>
    </div>
  )
}
