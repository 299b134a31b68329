/** How the rule overlaps with whom running campaigns reach: theirs alone, both, ours alone. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { overlapSegment } from '@api/segments'
import { formatCount, formatShare } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { isComplete, type All, type Any, type Not } from './expression'

interface OverlapsProps {
  root: All | Any | Not
  segmentId: string | null
  scope: { serves: 'selection' | 'condition'; basis: string }
}

export function Overlaps({ root, segmentId, scope }: OverlapsProps) {
  const { t } = useTranslation()
  const asked = useDeferredValue(root)
  const query = useQuery({
    queryKey: ['segment-overlaps', asked, scope.serves, scope.basis],
    queryFn: () => overlapSegment({ expression: asked as unknown as Record<string, unknown>, purpose: 'marketing', serves: scope.serves, basis: scope.basis.trim() || null, segment_id: segmentId }),
    enabled: isComplete(asked),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Card title={t('builder.overlap')} hint={t('builder.overlapHint')}>
      {isComplete(asked) ? <Loaded query={query} rows={3}>{({ items }) => (items.length === 0 ? <p className="muted s12">{t('builder.noOverlap')}</p> : <Bars items={items} />)}</Loaded> : <p className="muted s12">{t('segment.addFirst')}</p>}
    </Card>
  )
}

function Bars({ items }: { items: Awaited<ReturnType<typeof overlapSegment>>['items'] }) {
  const { t } = useTranslation()
  return (
    <>
      {items.map((one) => {
        const whole = Math.max(1, one.total + one.size - one.both)
        const said = t('builder.overlapSaid', { name: one.name, both: formatCount(one.both), share: formatShare(one.both, one.total) })
        return (
          <div key={one.id} className="step-bar">
            <span className="between"><Link className="clip" to={`/campaigns/${one.id}`}>{one.name}</Link><span className="nowrap">{t('builder.both')} <b>{formatCount(one.both)}</b> <span className="muted">{formatShare(one.both, one.total)}</span></span></span>
            <span className="overlap" role="img" aria-label={said}>
              <i className="ours" style={{ width: `${((one.total - one.both) / whole) * 100}%` }} />
              <i className="both" style={{ width: `${(one.both / whole) * 100}%` }} />
              <i className="theirs" style={{ width: `${((one.size - one.both) / whole) * 100}%` }} />
            </span>
          </div>
        )
      })}
      <p className="overlap-key s12 second"><i className="ours" />{t('builder.ours')}<i className="both" />{t('builder.both')}<i className="theirs" />{t('builder.theirs')}</p>
    </>
  )
}
