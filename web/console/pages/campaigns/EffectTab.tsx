/** What a campaign changed: one sentence, its interval, its parts, what was checked, what it cost; and on paper. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getEffect, type CampaignEffect } from '@api/effects'
import { formatCount, formatDay, formatMoney, formatPpm } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts } from '@kit/layout'
import { Loaded } from '@kit/states'
import { IncrementCard, PartsCard, Verdict } from './EffectCards'
import { formatChange, formatTotal, toneOf, useEffectWords } from './effectWords'
import { IntervalPlot } from './IntervalPlot'
import { PaperButton } from './PaperButton'
import './effect.css'

export const useEffectOf = (campaignId: string) => useQuery({ queryKey: ['effect', campaignId], queryFn: () => getEffect(campaignId), refetchInterval: 60_000 })

export function EffectTab({ campaignId }: { campaignId: string }) {
  return <Loaded query={useEffectOf(campaignId)} rows={8}>{(told) => <Told told={told} />}</Loaded>
}

function Told({ told }: { told: CampaignEffect }) {
  const { t } = useTranslation()
  const words = useEffectWords()
  const { effect, metric } = told
  const note = words.missing(effect.gap) || (effect.enough ? t('effect.enough', { enough: formatCount(effect.enough) }) : '')
  return (
    <div className="stack">
      <section className={`effect-says ${toneOf[effect.verdict]}`} aria-live="polite">
        <div>
          <h2>{words.headline(told)}</h2>
          <p>
            {effect.incremental && metric && effect.verdict !== 'not_comparable' && <span>{words.totals(effect.incremental, metric.unit)}</span>}
            {note && <span>{note}</span>}
          </p>
        </div>
        <Verdict told={told} />
        <PaperButton campaignId={told.campaign_id} />
      </section>
      <div className="grid">
        <IncrementCard told={told} className="c4" />
        {effect.difference && metric && (
          <Card className="c8" title={t('effect.title')} hint={`${t('effect.partsHint')} ${words.unitOf(metric.unit)}`}>
            <IntervalPlot width={720} unit={metric.unit} rows={[{ key: 'whole', label: words.nameOf(metric), found: effect.difference, main: true }]} />
            {effect.relative ? <p className="second s13">{t('effect.relative', { value: formatChange(effect.relative.value), low: formatChange(effect.relative.low), high: formatChange(effect.relative.high) })}</p> : <p className="muted s12">{t('effect.noRelative')}</p>}
            {effect.variance_saved > 0 && <p className="muted s12">{t('effect.adjusted')}</p>}
            <Facts
              left
              rows={[
                [t('effect.definition'), words.definitionOf(metric)],
                [t('effect.window'), `${formatDay(told.begin)} → ${formatDay(told.end)}`],
                [t('effect.spent'), formatMoney(told.cost.spent_fen)],
              ]}
            />
          </Card>
        )}
        <PartsCard told={told} className="c6" width={540} />
        <ChecksCard told={told} />
      </div>
    </div>
  )
}

function ChecksCard({ told }: { told: CampaignEffect }) {
  const { t } = useTranslation()
  const { effect, sample_ratio: ratio, metric } = told
  const p = ratio ? ratio.p.toPrecision(2) : ''
  const lines: { fine: boolean; text: string }[] = []
  if (ratio) lines.push({ fine: !ratio.alarm, text: t(ratio.alarm ? 'effect.ratioAlarm' : 'effect.ratioFine', { p }) })
  lines.push({ fine: true, text: t('effect.intention') })
  if (effect.method) {
    lines.push({ fine: true, text: effect.variance_saved > 0 ? t('effect.past', { percent: formatPpm(Math.round(effect.variance_saved * 1_000_000)) }) : t('effect.noPast') })
    lines.push({ fine: true, text: t(`effect.${effect.method}`) })
  }
  if (effect.cap != null && metric) lines.push({ fine: true, text: t('effect.cap', { cap: formatTotal(effect.cap, metric.unit) }) })
  return (
    <Card className="c6" title={t('effect.checks')}>
      <ul className="effect-checks">
        {lines.map((line) => <li key={line.text} className={line.fine ? '' : 'bad'}><Icon name={line.fine ? 'check' : 'warning'} />{line.text}</li>)}
      </ul>
    </Card>
  )
}
