/** Budget with the branches' shares, window, and the words of the page. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input, InputNumber, Select, Tabs } from 'antd'
import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets } from '@api/benefits'
import { inTreeOrder, UnitSelect, unitsQuery } from '@console/app/units'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Lacking } from '@kit/states'
import { useSkus } from './BenefitSection'
import { Field, Section, Yuan, useFieldProblem, type SectionProps } from './FormParts'

export function BudgetSection({ draft, change, problems, checks }: SectionProps) {
  const { t } = useTranslation()
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const options = (budgets.data?.items ?? []).map((budget) => ({ value: budget.id, label: `${budget.name} · ${t('budget.left', { amount: formatMoney(budget.available_fen) })}` }))
  const most = checks?.cost.most_fen
  return (
    <Section id="budget" title={t('campaign.section.budget')}>
      <div className="field-row two">
        <Field label={t('campaign.payer')} required problem={problems.get('/budget_id')}>
          {(id) => <Select id={id} showSearch={{ optionFilterProp: 'label' }} placeholder={t('form.choose')} loading={budgets.isPending} value={draft.budget_id ?? undefined} options={options} notFoundContent={<Lacking none={budgets.isSuccess && options.length === 0} says={t('campaign.noBudget')} to="/budgets" action={t('home.guide.steps.budget.title')} />} onChange={(budget_id: string) => change({ budget_id })} />}
        </Field>
        <Field label={t('campaign.budget')} required problem={problems.get('/budget_fen')} hint={most ? t('campaign.mostCost', { amount: formatMoney(most) }) : undefined}>
          {(id) => <Yuan id={id} value={draft.budget_fen ?? 0} put={(budget_fen) => change({ budget_fen })} />}
        </Field>
      </div>
      <Shares draft={draft} change={change} problems={problems} checks={checks} />
    </Section>
  )
}

function Shares({ draft, change, problems }: SectionProps) {
  const { t } = useTranslation()
  const say = useFieldProblem()
  const units = useQuery(unitsQuery)
  const shares = draft.shares ?? []
  const free = inTreeOrder(units.data?.items ?? []).find(({ unit }) => unit.kind === 'branch' && !shares.some((share) => share.unit_id === unit.id))
  const put = (index: number, part: Partial<(typeof shares)[number]>) => change({ shares: shares.map((share, at) => (at === index ? { ...share, ...part } : share)) })
  const skus = useSkus()
  const lines = draft.bundle_id ? (draft.lines ?? []) : []
  const stockOf = (share: (typeof shares)[number]) => (draft.bundle_id ? Object.values(share.stocks ?? {}).reduce((sum, units) => sum + units, 0) : (share.stock ?? 0))
  const given = shares.reduce((sum, share) => ({ amount: sum.amount + share.amount_fen, stock: sum.stock + stockOf(share) }), { amount: 0, stock: 0 })
  const whole = draft.bundle_id ? lines.reduce((sum, line) => sum + (line.stock ?? 0), 0) : (draft.stock ?? 0)
  const problem = problems.get('/shares')
  return (
    <div>
      <div className="between" style={{ marginBottom: 8 }}>
        <b className="s13">{t('campaign.shares')}</b>
        <Button size="small" icon={<Icon name="plus" />} onClick={() => change({ shares: [...shares, { unit_id: free?.unit.id ?? 0, amount_fen: 0, stock: 0, stocks: {} }] })}>{t('campaign.addShare')}</Button>
      </div>
      {shares.length === 0 ? (
        <p className="muted s12">{t('campaign.noShares')}</p>
      ) : (
        <table className="table tight">
          <thead><tr><th scope="col">{t('units.name')}</th><th scope="col">{t('campaign.shareAmount')}</th><th scope="col">{t('campaign.shareStock')}</th><th /></tr></thead>
          <tbody>
            {shares.map((share, index) => (
              <tr key={index}>
                <td><UnitSelect size="small" only={(unit) => unit.kind !== 'head_office'} aria-label={t('units.name')} status={problems.has(`/shares/${index}/unit_id`) ? 'error' : undefined} style={{ minWidth: 150 }} value={share.unit_id || undefined} onChange={(unit_id: number) => put(index, { unit_id })} /></td>
                <td><Yuan label={t('campaign.shareAmount')} value={share.amount_fen} put={(amount_fen) => put(index, { amount_fen })} /></td>
                <td>
                  {!draft.bundle_id && <InputNumber aria-label={t('campaign.shareStock')} style={{ width: '100%' }} min={0} precision={0} controls={false} value={share.stock} onChange={(stock) => put(index, { stock: stock ?? 0 })} />}
                  {lines.map((line) => {
                    const name = skus.byId.get(line.sku_id)?.terms?.name ?? '…'
                    return (
                      <InputNumber
                        key={line.sku_id} className="share-line" aria-label={`${name} ${t('campaign.shareStock')}`} prefix={<span className="muted s12">{name}</span>} min={0} precision={0} controls={false}
                        value={share.stocks?.[line.sku_id] ?? 0} onChange={(stock) => put(index, { stocks: { ...share.stocks, [line.sku_id]: stock ?? 0 } })}
                      />
                    )
                  })}
                </td>
                <td><button type="button" className="muted" aria-label={t('action.remove')} onClick={() => change({ shares: shares.filter((_, at) => at !== index) })}><Icon name="close" /></button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="s12 second" style={{ marginTop: 8 }}>
        {problem ? <span className="bad">{say(problem)}</span> : shares.length > 0 && t('campaign.restShare', { amount: formatMoney((draft.budget_fen ?? 0) - given.amount), stock: formatCount(whole - given.stock) })}
      </p>
    </div>
  )
}

/** The picker works in the bank's wall clock, whatever zone the browser is in. */
const toWall = (at: string | null | undefined) => (at ? dayjs(formatInstant(at)) : null)
const fromWall = (day: dayjs.Dayjs | null | undefined) => (day ? `${day.format('YYYY-MM-DDTHH:mm')}:00+08:00` : null)

export function WindowSection({ draft, change, problems }: SectionProps) {
  const { t } = useTranslation()
  // The same objects until the draft's own times change: a new value makes the picker forget what is being typed.
  const range = useMemo<[dayjs.Dayjs | null, dayjs.Dayjs | null]>(() => [toWall(draft.opens_at), toWall(draft.closes_at)], [draft.opens_at, draft.closes_at])
  return (
    <Section id="window" title={t('campaign.section.window')} hint={t('campaign.zone')}>
      <Field label={t('campaign.window')} required problem={problems.get('/opens_at') ?? problems.get('/closes_at')}>
        {(id) => (
          <DatePicker.RangePicker
            id={{ start: id }}
            aria-label={t('campaign.window')}
            showTime={{ format: 'HH:mm' }}
            format="YYYY-MM-DD HH:mm"
            previewValue={false} // a day under the pointer must not overwrite what is being typed
            value={range}
            onChange={(chosen) => change({ opens_at: fromWall(chosen?.[0]), closes_at: fromWall(chosen?.[1]) })}
            style={{ width: '100%' }}
          />
        )}
      </Field>
    </Section>
  )
}

export const noText = { title: '', subtitle: '', rules: '' }

export function PageSection({ draft, change, problems, language, setLanguage }: SectionProps & { language: 'zh' | 'en'; setLanguage: (language: 'zh' | 'en') => void }) {
  const { t } = useTranslation()
  const texts = { zh: draft.page_texts?.zh ?? noText, en: draft.page_texts?.en ?? noText }
  const own = texts[language]
  const put = (part: Partial<typeof own>) => change({ page_texts: { ...texts, [language]: { ...own, ...part } } })
  const at = (field: string) => problems.get(`/page_texts/${language}/${field}`)
  return (
    <Section id="page" title={t('campaign.section.page')} hint={t('campaign.pageHint')}>
      <Tabs activeKey={language} onChange={(key) => setLanguage(key as 'zh' | 'en')} items={[{ key: 'zh', label: '中文' }, { key: 'en', label: 'English' }]} style={{ marginTop: -12 }} />
      <Field label={t('campaign.pageTitle')} required problem={at('title')}>{(id) => <Input id={id} value={own.title} maxLength={40} showCount onChange={(event) => put({ title: event.target.value })} />}</Field>
      <Field label={t('campaign.pageSubtitle')} problem={at('subtitle')}>{(id) => <Input id={id} value={own.subtitle} maxLength={80} showCount onChange={(event) => put({ subtitle: event.target.value })} />}</Field>
      <Field label={t('campaign.pageRules')} required problem={at('rules')} hint={t('campaign.rulesHint')}>{(id) => <Input.TextArea id={id} rows={5} value={own.rules} maxLength={4000} onChange={(event) => put({ rules: event.target.value })} />}</Field>
    </Section>
  )
}
