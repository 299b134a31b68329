/** Nightly feeds: each with its latest days, what is wrong first. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listFeeds, type Feed } from '@api/imports'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { calendar, dayOf, looksGood, markOf } from './feedDays'
import { FeedForm } from './FeedForm'
import './imports.css'

export default function FeedsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [declaring, setDeclaring] = useState(false)
  const query = useQuery({ queryKey: ['feeds'], queryFn: listFeeds, refetchInterval: 10_000 })
  const declare = <Button type="primary" icon={<Icon name="plus" />} onClick={() => setDeclaring(true)}>{t('feed.declare')}</Button>
  return (
    <>
      <PageHead title={t('feed.title')} meta={<span>{t('feed.hint')}</span>} actions={<><Link to="/imports"><Button>{t('feed.imports')}</Button></Link>{declare}</>} />
      <Loaded query={query} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Card><Empty title={t('feed.none')} actions={declare}>{t('feed.noneHint')}</Empty></Card>
          ) : (
            <ul className="feeds">{[...items].sort((a, b) => Number(looksGood(a)) - Number(looksGood(b))).map((feed) => <li key={feed.id}><FeedCard feed={feed} /></li>)}</ul>
          )
        }
      </Loaded>
      {declaring && <FeedForm close={() => setDeclaring(false)} done={(feedId) => void navigate({ to: `/feeds/${feedId}` })} />}
    </>
  )
}

function FeedCard({ feed }: { feed: Feed }) {
  const { t } = useTranslation()
  const latest = feed.days[0]
  const good = looksGood(feed)
  return (
    <Card
      title={<Link to="/feeds/$id" params={{ id: feed.id }}>{feed.name}</Link>}
      right={feed.status === 'active' ? <span className={`tag ${good ? 'ok' : 'bad'}`}>{t(good ? 'feed.good' : 'feed.open')}</span> : <StatusTag kind="feed" value={feed.status} />}
    >
      {latest ? (
        <div className="between s13 wrap">
          <span><span className="second">{t('feed.latest')}</span> <b>{latest.business_on}</b></span>
          <span className="row"><StatusTag kind="feedDay" value={latest.status} />{latest.counts && <span className="second">{t('feed.done', { added: formatCount(latest.counts.added), changed: formatCount(latest.counts.changed) })}</span>}</span>
        </div>
      ) : (
        <span className="muted s13">{t('feed.nothing')}</span>
      )}
      <div className="strip" role="img" aria-label={feed.days.slice(0, 21).map((day) => t('feed.dayOf', { day: day.business_on, state: t(`status.feedDay.${day.status}`) })).join(t('list.comma')) || t('feed.nothing')}>
        {calendar(3).map((day) => <i key={day} data-state={markOf(dayOf(feed, day))} title={day} />)}
      </div>
    </Card>
  )
}
