/** Whom the campaign reaches, what it may cost at most, and which rules it meets: always in sight. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Campaign, Checks, Draft } from '@api/campaigns'
import { useBilingual } from '@console/app/useWords'
import { CheckList, countVerdicts } from '@kit/CheckList'
import { formatClock, formatCount, formatMoney } from '@kit/format'
import { Count, Money } from '@kit/Headline'
import { ShareBar } from '@kit/Burn'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { useFieldProblem } from './FormParts'
import { stepOf, type Step } from './steps'

interface ChecksColumnProps {
  draft: Draft
  query: UseQueryResult<Checks>
  problems: Campaign['problems']
  go: (step: Step) => void
  /** Whether the rules stand here too: on the last step they have a card of their own. */
  rules: boolean
}

export function ChecksColumn({ draft, query, problems, go, rules }: ChecksColumnProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const sayField = useFieldProblem()
  const bilingual = useBilingual()
  const checks = query.data
  const items = (checks?.checks ?? []).map((check) => ({ rule: check.rule, verdict: check.verdict, text: bilingual(check.detail, check.detail_en) }))
  return (
    <aside className="stack form-aside" tabIndex={0} aria-label={t('campaign.reachCost')} aria-busy={query.isFetching}>
      <Card title={t('campaign.reachCost')} right={checks && t('campaign.simulatedAt', { time: formatClock(checks.simulated_at) })}>
        {checks ? (
          <>
            <div className="between" style={{ alignItems: 'flex-end' }}>
              <div>
                <span className="s12 second">{t('campaign.reachable')}</span>
                <div className="figure">{draft.published ? t('campaign.everybody') : <Count value={checks.waterfall.reachable} />}{!draft.published && <u>{t('unit.households')}</u>}</div>
              </div>
              {!draft.published && (
                <div style={{ textAlign: 'right' }}>
                  <span className="s12 second">{t('campaign.controlGroup')}</span>
                  <div className="figure second-size"><Count value={checks.waterfall.control} /><u>{t('unit.households')}</u></div>
                </div>
              )}
            </div>
            <hr className="divide" />
            <span className="s12 second">{t(draft.bundle_id ? 'campaign.mostOfBundle' : 'campaign.mostOf', { stock: formatCount(draft.stock), cost: formatMoney(checks.cost.unit_cost_fen) })}</span>
            <div className="figure gold"><Money fen={checks.cost.most_fen} /></div>
            <div style={{ margin: '8px 0 6px' }}><ShareBar part={checks.cost.most_fen} whole={checks.cost.available_fen ?? checks.cost.budget_fen} tone="gold" label={t('campaign.mostLabel')} /></div>
            <div className="between s12">
              <span>{t('campaign.budget')} <b>{formatMoney(checks.cost.budget_fen)}</b></span>
              <span className="second">{t('campaign.payerLeft', { amount: formatMoney(checks.cost.available_fen) })}</span>
            </div>
          </>
        ) : (
          <p className="muted s12">{query.error ? say(problemOf(query.error)) : t('campaign.notYet')}</p>
        )}
      </Card>
      {problems.length > 0 && (
        <Card title={t('campaign.missing')} hint={t('campaign.missingCount', { count: problems.length })}>
          <ul className="lines tight s12">
            {problems.slice(0, 6).map((problem) => <li key={problem.pointer}><button type="button" className="missing" onClick={() => go(stepOf(problem.pointer))}>{t(`campaign.fieldName.${problem.pointer.slice(1).replaceAll('/', '_')}`, { defaultValue: t(`wizard.steps.${stepOf(problem.pointer)}`) })}{t('list.colon')}<span className="second">{sayField(problem)}</span></button></li>)}
          </ul>
        </Card>
      )}
      {rules && (
        <Card title={t('campaign.compliance')} hint={checks && t('campaign.checkCount', { count: items.length })} right={countVerdicts(items, t)}>
          <CheckList checks={items} />
        </Card>
      )}
    </aside>
  )
}
