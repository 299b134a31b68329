/** The tags that set the customers of a rule apart: a sample answers at once, the whole bank when it is asked. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { profileSegment, type TagProfile } from '@api/tags'
import { formatPpm } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { isComplete, type All, type Any, type Not } from './expression'
import { TellingTags, timesOf, useTagName, type TagRow } from './TellingTags'

const SHOWN = 6

interface TagProfileCardProps {
  root: All | Any | Not
  segmentId: string | null
  scope: { serves: 'selection' | 'condition'; basis: string }
}

export function TagProfileCard({ root, segmentId, scope }: TagProfileCardProps) {
  const { t } = useTranslation()
  const asked = useDeferredValue(root)
  const [exact, setExact] = useState<unknown>(null)
  const sampled = exact !== asked
  const query = useQuery({
    queryKey: ['segment-profile', asked, scope.serves, scope.basis, sampled],
    queryFn: ({ signal }) => profileSegment({ expression: asked as unknown as Record<string, unknown>, purpose: 'marketing', serves: scope.serves, basis: scope.basis.trim() || null, segment_id: segmentId, sampled }, signal),
    enabled: isComplete(asked),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Card
      title={t('tag.profile')}
      hint={t('tag.profileHint')}
      right={query.data?.sampled && <Button type="link" size="small" style={{ padding: 0 }} loading={query.isFetching} onClick={() => setExact(asked)}>{t('tag.exact')}</Button>}
    >
      {isComplete(asked) ? <Loaded query={query} rows={6}>{(profile) => <Rows profile={profile} />}</Loaded> : <p className="muted s12">{t('segment.addFirst')}</p>}
    </Card>
  )
}

function Rows({ profile }: { profile: TagProfile }) {
  const { t } = useTranslation()
  return (
    <TellingTags profile={profile}>
      {(rows) => {
        const over = rows.filter((row) => row.share > row.universe_share).slice(0, SHOWN)
        const under = rows.filter((row) => row.share < row.universe_share).slice(0, SHOWN)
        return (
          <>
            {over.length > 0 && <Side title={t('tag.over')} rows={over} />}
            {under.length > 0 && <Side title={t('tag.under')} rows={under} />}
          </>
        )
      }}
    </TellingTags>
  )
}

function Side({ title, rows }: { title: string; rows: TagRow[] }) {
  return (
    <>
      <h3 className="s12 second" style={{ marginBottom: 6 }}>{title}</h3>
      <dl className="portrait">{rows.map((row) => <Line key={`${row.tag}/${row.value}`} row={row} />)}</dl>
    </>
  )
}

function Line({ row }: { row: TagRow }) {
  const { t } = useTranslation()
  const name = useTagName()(row)
  const [share, everyone] = [formatPpm(row.share * 1e6), formatPpm(row.universe_share * 1e6)]
  const said = t('tag.profileSaid', { name, share, everyone, z: row.z.toFixed(1) })
  return (
    <div title={said}>
      <dt className="clip"><Link to={`/tags/${row.tag}`}>{name}</Link></dt>
      <dd>
        <span className="bar" role="img" aria-label={said}><i style={{ width: `${row.share * 100}%` }} /><s style={{ left: `calc(${row.universe_share * 100}% - 1px)` }} /></span>
        <b>{share}</b>
        <span className={row.share > row.universe_share ? 'good' : 'second'}>{timesOf(row)}</span>
      </dd>
    </div>
  )
}
