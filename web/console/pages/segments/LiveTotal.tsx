/** The live total, how each condition narrows it, what rule B1 says of it, and where the data stands. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { listAudiences } from '@api/segments'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { ShareBar } from '@kit/Burn'
import { formatCount, formatInstant, formatRecent, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Facts, Note } from '@kit/layout'
import { problemOf, type Problem } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Unread } from '@kit/states'
import type { ConditionSources } from './ConditionFields'
import { partsOf, type All, type Any, type Not } from './expression'
import { Overlaps } from './Overlaps'
import { PortraitCard } from './PortraitCard'
import { useRuleSentence } from './RuleText'
import { TagProfileCard } from './TagProfileCard'
import type { LiveCount } from './useLiveCount'

interface LiveTotalProps {
  count: LiveCount
  root: All | Any | Not
  sources: ConditionSources
  segmentId: string | null
  scope: { serves: 'selection' | 'condition'; basis: string }
  /** What else stands beside the rule. */
  children?: ReactNode
}

export function LiveTotal({ count: live, root, sources, segmentId, scope, children }: LiveTotalProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { may } = useSession()
  const { count } = live
  return (
    <div className="stack">
      <Card
        title={t('segment.live')}
        right={
          <>
            <button type="button" aria-label={t('action.refresh')} onClick={live.again}><Icon name="retry" style={{ width: 14, height: 14 }} /></button>
            {live.counting ? t('segment.counting') : live.took != null && t('segment.took', { seconds: (live.took / 1000).toFixed(2) })}
          </>
        }
      >
        <div aria-live="polite">
          <div className="figure">{formatCount(count?.total)}<u>{t('unit.households')}</u></div>
          <p className="s12 second">
            {count ? t('segment.ofAll', { share: formatShare(count.total, count.universe), universe: formatCount(count.universe) }) : t('segment.addFirst')}
            <Moved live={live} />
          </p>
        </div>
        {live.error != null && <div style={{ marginTop: 12 }}><Note kind="danger">{say(problemOf(live.error))}<BandsLink problem={problemOf(live.error)} /></Note></div>}
        {count && (
          <>
            <div style={{ marginTop: 16 }}><Steps live={live} root={root} sources={sources} /></div>
            <DepositNote live={live} />
          </>
        )}
      </Card>
      {count && <PortraitCard root={root} segmentId={segmentId} scope={scope} asked={new Set(count.uses.map((use) => use.name))} />}
      {count && may('tag.read') && <TagProfileCard root={root} segmentId={segmentId} scope={scope} />}
      {count && <Overlaps root={root} segmentId={segmentId} scope={scope} />}
      {count && (
        <Card title={t('segment.scope')}>
          <Facts rows={[[t('segment.universe'), formatCount(count.universe)], [t('segment.withoutBasis'), formatCount(count.without_basis)], [t('segment.suppressed'), formatCount(count.suppressed)], [t('segment.dataAt'), formatInstant(count.data_at)]]} />
        </Card>
      )}
      {children}
      {segmentId && <Audiences segmentId={segmentId} />}
    </div>
  )
}

/** A value that lies sealed is made usable on the page of its bands. */
function BandsLink({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const both = useBilingual()
  const { name, label, label_en } = (problem.data ?? {}) as { name?: string; label?: string; label_en?: string }
  if (problem.code !== 'segments.attribute_sealed') return null
  return <> <Link to="/sealed-values">{t('sealed.lead', { name: both(label ?? '', label_en ?? '') || name })}</Link></>
}

function Moved({ live }: { live: LiveCount }) {
  const { t } = useTranslation()
  if (live.before == null || !live.count || live.before === live.count.total) return null
  const moved = live.count.total - live.before
  return <> · {t('segment.moved')} <b className={moved < 0 ? 'bad' : 'good'}>{moved > 0 ? '+' : '−'}{formatCount(Math.abs(moved))}</b></>
}

/** One bar for each part of the root: what it finds, darkest for the total. */
function Steps({ live, root, sources }: { live: LiveCount; root: All | Any | Not; sources: ConditionSources }) {
  const { t } = useTranslation()
  const sentence = useRuleSentence(sources)
  const parts = partsOf(root, '').filter(({ path }) => live.nodes.byPath.has(path))
  const most = Math.max(1, live.count?.total ?? 0, ...parts.map(({ path }) => live.nodes.byPath.get(path) ?? 0))
  return (
    <>
      {parts.map(({ part, path }) => {
        const found = live.nodes.byPath.get(path) ?? 0
        return (
          <div key={path} className="step-bar">
            <span className="between"><span className="clip" title={sentence(part)}>{sentence(part)}</span><b>{formatCount(found)}</b></span>
            <ShareBar part={found} whole={most} tone="soft" label={sentence(part)} />
          </div>
        )
      })}
      <div className="step-bar">
        <span className="between"><span>{t('segment.together')}</span><b>{formatCount(live.count?.total)}</b></span>
        <ShareBar part={live.count?.total ?? 0} whole={most} label={t('segment.together')} />
      </div>
    </>
  )
}

function DepositNote({ live }: { live: LiveCount }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const facts = (live.count?.uses ?? []).filter((use) => (use.deposit_path ?? []).length > 0)
  if (facts.length === 0) return null
  return (
    <div style={{ marginTop: 12 }}>
      <Note kind="warning" icon="audit">{t('segment.deposit', { facts: facts.map((fact) => say(fact.label, fact.label_en) || fact.name).join(t('list.comma')) })}</Note>
    </div>
  )
}

const AUDIENCES_SHOWN = 8

function Audiences({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['audiences', segmentId], queryFn: () => listAudiences(segmentId) })
  const [whole, setWhole] = useState(false)
  const items = query.data?.items ?? []
  return (
    <Card title={t('segment.audiences')} hint={t('segment.audiencesHint')}>
      {query.error && !query.data ? <Unread query={query} /> : items.length === 0 ? (
        <p className="muted s12">{t('segment.noAudiences')}</p>
      ) : (
        <ul className="lines tight">
          {items.slice(0, whole ? undefined : AUDIENCES_SHOWN).map((audience) => (
            <li key={audience.id} className="between s13">
              <span>v{audience.segment_version} <span className="muted s12">{formatRecent(audience.created_at)}</span></span>
              <b>{formatCount(audience.size)}</b>
            </li>
          ))}
        </ul>
      )}
      {items.length > AUDIENCES_SHOWN && !whole && <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setWhole(true)}>{t('table.total', { shown: items.length })}</Button>}
    </Card>
  )
}
