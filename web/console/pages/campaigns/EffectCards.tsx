/** What a campaign changed, as cards: the increment in one sentence, and its parts. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignEffect } from '@api/effects'
import { useUnitLabel } from '@console/app/units'
import { formatCount, formatMoney } from '@kit/format'
import { Card } from '@kit/layout'
import { formatMean, formatTotal, toneOf, useEffectWords } from './effectWords'
import { IntervalPlot, type PlotRow } from './IntervalPlot'

export function Verdict({ told }: { told: CampaignEffect }) {
  const { t } = useTranslation()
  const { verdict } = told.effect
  const interim = told.provisional && verdict === 'not_enough_data' && told.effect.difference
  return <span className={`verdict ${toneOf[verdict]}`}>{interim ? t('effect.provisional') : t(`effect.verdict.${verdict}`)}</span>
}

/** The picture's card: large difference with its interval, both groups, total and cost. */
export function IncrementCard({ told, className, right }: { told: CampaignEffect; className?: string; right?: ReactNode }) {
  const { t } = useTranslation()
  const words = useEffectWords()
  const { metric, effect } = told
  const unit = metric?.unit ?? 'share'
  const note = words.missing(effect.gap) || (effect.enough ? t('effect.enough', { enough: formatCount(effect.enough) }) : '')
  return (
    <Card className={className} title={metric ? t('effect.on', { metric: words.nameOf(metric) }) : t('effect.title')} hint={t('effect.arms')} right={right ?? <Verdict told={told} />}>
      {effect.difference ? (
        <div className="row wrap baseline">
          <span className={`figure ${toneOf[effect.verdict]}`}>{unit === 'fen' ? words.signed(effect.difference.value, unit) : words.signed(effect.difference.value, unit).split(' ')[0]}<u>{words.unitOf(unit)}</u></span>
          <span className="second s12">{words.ends(effect.difference, unit)}</span>
        </div>
      ) : (
        <div className="figure muted">—</div>
      )}
      <dl className="arms">
        <div><dt><i className="square" />{t('effect.treated')} {t('effect.persons', { shown: formatCount(effect.treated) })}</dt><dd>{formatMean(effect.treated_average, unit)}</dd></div>
        <div><dt><i className="round" />{t('effect.control')} {t('effect.persons', { shown: formatCount(effect.control) })}</dt><dd>{formatMean(effect.control_average, unit)}</dd></div>
      </dl>
      {effect.incremental && <div className="between s13 wrap"><span className="second">{t('effect.incremental')}</span><span><b>{formatTotal(effect.incremental.value, unit)}</b> <span className="second s12">{words.totals(effect.incremental, unit)}</span></span></div>}
      <CostLine told={told} />
      {note && <p className="muted s12">{note}</p>}
    </Card>
  )
}

export function CostLine({ told }: { told: CampaignEffect }) {
  const { t } = useTranslation()
  const unit = told.metric?.unit ?? 'share'
  const each = told.cost.per_incremental
  const scale = unit === 'fen' ? 100 : 1
  const shown = (value: number) => formatMoney(Math.round(value * scale))
  return (
    <div className="between s13 wrap">
      <span className="second">{t(`effect.cost.${unit}`)}</span>
      <span>{each ? <><b>{shown(each.value)}</b> <span className="second s12">{t('effect.interval', { low: shown(each.low), high: shown(each.high) })}</span></> : <b>{t('effect.noCost')}</b>}</span>
    </div>
  )
}

export function PartsCard({ told, className, width }: { told: CampaignEffect; className?: string; width?: number }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  const { effect, parts, metric } = told
  if (!effect.difference || !metric) return null
  const rows: PlotRow[] = [{ key: 'whole', label: t('effect.whole'), found: effect.difference, main: true }]
  for (const part of [...(parts.before ?? []), ...(parts.branch ?? [])]) {
    if (part.effect.difference) rows.push({ key: part.key, label: part.name ? unitLabel(Number(part.key), part.name) : t(`effect.part.${part.key}`), found: part.effect.difference })
  }
  if (rows.length < 2) return null
  return (
    <Card className={className} title={t('effect.parts')} hint={t('effect.partsHint')}>
      <IntervalPlot rows={rows} unit={metric.unit} width={width} />
      <p className="muted s12">{t('effect.partsNote')}</p>
    </Card>
  )
}
