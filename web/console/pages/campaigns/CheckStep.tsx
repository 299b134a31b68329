/** The last step: what is missing and where, every rule with its verdict, whom other campaigns reach too. */
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Campaign } from '@api/campaigns'
import { benefitName, useBilingual } from '@console/app/useWords'
import { CheckList, countVerdicts } from '@kit/CheckList'
import { formatCount, formatMoney, formatShare, formatWindow } from '@kit/format'
import { Card, Facts, Note } from '@kit/layout'
import { useFieldProblem, type SectionProps } from './FormParts'
import { stepOf, type Step } from './steps'
import { excludedOf, WaterfallChart } from './WaterfallChart'

export function CheckStep({ draft, checks, saved, go }: SectionProps & { saved: Campaign; go: (step: Step) => void }) {
  const { t } = useTranslation()
  const say = useFieldProblem()
  const bilingual = useBilingual()
  const items = (checks?.checks ?? []).map((check) => ({ rule: check.rule, verdict: check.verdict, text: bilingual(check.detail, check.detail_en) }))
  const overlaps = checks?.overlaps ?? []
  return (
    <>
      {saved.problems.length > 0 && (
        <Card title={t('campaign.missing')} hint={t('campaign.missingCount', { count: saved.problems.length })}>
          <ul className="lines tight">
            {saved.problems.map((problem) => (
              <li key={problem.pointer} className="between">
                <span><b>{t(`campaign.fieldName.${problem.pointer.slice(1).replaceAll('/', '_')}`, { defaultValue: t(`wizard.steps.${stepOf(problem.pointer)}`) })}</b> <span className="second s12">{say(problem)}</span></span>
                <Button size="small" type="link" onClick={() => go(stepOf(problem.pointer))}>{t('wizard.goThere')}</Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {checks && !draft.published && (
        <Card title={t('campaign.reachCost')}>
          <WaterfallChart waterfall={checks.waterfall} percent={draft.control_percent ?? 0} excluded={excludedOf(checks)} />
        </Card>
      )}
      <Card title={t('campaign.compliance')} hint={checks && t('campaign.checkCount', { count: items.length })} right={countVerdicts(items, t)}>
        <CheckList checks={items} />
      </Card>
      {!draft.published && (
        <Card title={t('wizard.overlap.title')} hint={t('wizard.overlap.hint')}>
          {overlaps.length === 0 ? (
            <p className="muted s12">{t('wizard.overlap.none')}</p>
          ) : (
            <ul className="lines tight s13">
              {overlaps.map((other) => (
                <li key={other.id} className="between">
                  <Link to={`/campaigns/${other.id}`}>{other.name}</Link>
                  <span className="second">{t('unit.sized', { shown: formatCount(other.customers) })} · {formatShare(other.customers, checks?.waterfall.reachable)}</span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
      <Card title={t('wizard.whole')}>
        <Facts
          rows={[
            [t('campaign.window'), draft.opens_at ? formatWindow(draft.opens_at, draft.closes_at ?? null) : '—'],
            [t('campaign.mode'), t(`campaign.modes.${draft.mode ?? 'push'}`)],
            [t('campaign.sku'), saved.sku ? benefitName(bilingual(saved.sku.brand, saved.sku.brand_en), bilingual(saved.sku.name, saved.sku.name_en)) : '—'],
            [t('campaign.stock'), t('unit.counted', { shown: formatCount(draft.stock) })],
            [t('campaign.budget'), formatMoney(draft.budget_fen)],
            [t('wizard.message.channel'), t(`wizard.message.channels.${draft.message?.channel ?? 'none'}`)],
            [t('wizard.rollout.releases'), (draft.releases ?? []).map((step) => `${step.percent}%`).join(' → ') || t('wizard.rollout.oneGo')],
          ]}
        />
      </Card>
      <Note icon="info">{t('wizard.stagesHint')}</Note>
    </>
  )
}
