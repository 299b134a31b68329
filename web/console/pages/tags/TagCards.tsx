/** Around one tag: who has which value, what uses it, how its refreshes went. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { TagPage, TagRun } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { ShareBar } from '@kit/Burn'
import { formatCount, formatRecent, formatShare, formatSpan } from '@kit/format'
import { Card } from '@kit/layout'

export interface Share {
  key: string
  label: string
  count: number
  apart?: boolean
}

/** The values with their counts; then who has none of them, and of whom nothing is known. */
export function useShares(values: TagPage['definition']['values'], counts: Record<string, number>, known: number, universe: number): Share[] {
  const { t } = useTranslation()
  const say = useBilingual()
  const told = values.map((value) => ({ key: value.name, label: say(value.label, value.label_en), count: counts[value.name] ?? 0 }))
  const none = Math.max(0, known - told.reduce((sum, value) => sum + value.count, 0))
  const unknown = Math.max(0, universe - known)
  return [...told, ...(none > 0 ? [{ key: '.none', label: t('tag.noValue'), count: none, apart: true }] : []), ...(unknown > 0 ? [{ key: '.unknown', label: t('tag.unknown'), count: unknown, apart: true }] : [])]
}

export function Shares({ shares, universe }: { shares: Share[]; universe: number }) {
  return (
    <ul className="tag-shares">
      {shares.map((share) => (
        <li key={share.key} className={share.apart ? 'second' : ''}>
          <span className="clip" title={share.label}>{share.label}</span>
          <ShareBar part={share.count} whole={universe} tone={share.apart ? 'soft' : ''} label={share.label} />
          <b>{formatCount(share.count)}</b>
          <span className="second">{formatShare(share.count, universe)}</span>
        </li>
      ))}
    </ul>
  )
}

export function Distribution({ page }: { page: TagPage }) {
  const { t } = useTranslation()
  const { tag, definition } = page
  const shares = useShares(definition.values, tag.counts ?? {}, tag.known ?? 0, tag.universe ?? 0)
  return (
    <Card title={t('tag.distribution')} hint={tag.data_at ? formatRecent(tag.data_at) : undefined}>
      {tag.universe ? <Shares shares={shares} universe={tag.universe} /> : <p className="muted s13">{t(tag.universe == null ? 'tag.bankOnly' : 'tag.neverFilled')}</p>}
    </Card>
  )
}

const places: Record<string, string> = { segment: '/segments', campaign: '/campaigns', tag: '/tags' }

export function UsesCard({ page }: { page: TagPage }) {
  const { t } = useTranslation()
  return (
    <Card title={t('builder.usedBy')} hint={t('tag.usedByHint')}>
      {page.used_by.length === 0 ? (
        <p className="muted s12">{t('builder.notUsed')}</p>
      ) : (
        <ul className="lines tight">
          {page.used_by.slice(0, 12).map((use) => (
            <li key={`${use.kind}.${use.id}`} className="between s13">
              {places[use.kind] ? <Link className="clip" to={`${places[use.kind]}/${use.id}`}>{use.name}</Link> : <span className="clip">{use.name}</span>}
              <span className="tag plain">{t(`tag.nodes.${use.kind}`, { defaultValue: use.kind })}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

export function Runs({ runs }: { runs: TagRun[] }) {
  const { t, i18n } = useTranslation()
  const spent = (run: TagRun) => formatSpan(Math.max(1, Math.round((Date.parse(run.ended_at) - Date.parse(run.began_at)) / 1000)), i18n.language)
  return (
    <Card title={t('tag.runs')} hint={t('tag.runsHint')}>
      {runs.length === 0 ? (
        <p className="muted s12">{t('tag.neverFilled')}</p>
      ) : (
        <ul className="lines tight">
          {runs.slice(0, 8).map((run) => (
            <li key={run.id} className="s13">
              <div className="between"><span>{formatRecent(run.began_at)}</span><span className="second">{t('tag.ran', { filled: formatCount(run.filled), wanted: formatCount(run.wanted), time: spent(run) })}</span></div>
              <small className="muted">{run.touched != null && t('tag.touched', { count: run.touched, shown: formatCount(run.touched) })}{Object.keys(run.failures).length > 0 && <span className="bad"> · {t('tag.failures', { count: Object.keys(run.failures).length })}</span>}</small>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
