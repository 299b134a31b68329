/** The lobby of a branch: a code that changes every twenty seconds, and whom one received today. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getLobbyScreen, listLobbyVisits, lobbyPicture, type LobbyScreen, type LobbyVisit } from '@api/plays'
import { useBilingual } from '@console/app/useWords'
import { DataList } from '@kit/DataPage'
import { formatCount, formatInstant } from '@kit/format'
import { Card, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './plays.css'

const OF = ['rm', 'branch'] as const
type Of = (typeof OF)[number]

export default function LobbyPage() {
  const { t } = useTranslation()
  const [of, setOf] = useState<Of>('rm')
  const query = useQuery({
    queryKey: ['lobby-screen', of],
    queryFn: () => getLobbyScreen(of),
    refetchInterval: ({ state }) => (state.data?.seconds ?? 5) * 1_000,
    refetchIntervalInBackground: true,
  })
  return (
    <>
      <PageHead title={t('lobby.title')} meta={<span>{t('lobby.meta')}</span>} actions={<Segmented value={of} onChange={setOf} options={OF.map((value) => ({ value, label: t(`lobby.of.${value}`) }))} aria-label={t('lobby.whose')} />} />
      <Loaded query={query} rows={8}>{(screen) => <div className="lobby-columns"><Screen screen={screen} at={query.dataUpdatedAt} /><Plays screen={screen} /></div>}</Loaded>
      <Received />
    </>
  )
}

function Screen({ screen, at }: { screen: LobbyScreen; at: number }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const unit = say(screen.unit, screen.unit_en)
  if (!screen.open) return <Card title={unit}><Empty title={t('lobby.closed')}>{t('lobby.hours', { opens: screen.opens_hour, closes: screen.closes_hour })}</Empty></Card>
  return (
    <Card title={unit} right={<Left key={at} seconds={screen.seconds} />}>
      <img className="lobby-code" src={`data:image/svg+xml;utf8,${encodeURIComponent(screen.svg)}`} alt={t(`lobby.alt.${screen.of}`, { unit })} />
      <p className="second s13 lobby-says">{t(`lobby.says.${screen.of}`)}</p>
      <p className="s12 lobby-says"><a className="link" href={lobbyPicture(screen.of)} target="_blank" rel="noreferrer">{t('lobby.png')}</a></p>
    </Card>
  )
}

/** How long the code on the screen stays. */
function Left({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <span className="second s12">{t('lobby.left', { count: left })}</span>
}

function Plays({ screen }: { screen: LobbyScreen }) {
  const { t } = useTranslation()
  return (
    <Card title={t('lobby.opens')} hint={t('lobby.opensHint')} flush>
      {screen.plays.length === 0 ? <Empty title={t('lobby.noPlays')}>{t(`lobby.noPlaysHint.${screen.of}`)}</Empty> : (
        <ul className="lines">{screen.plays.map((one) => <li key={one.id}><b className="wrap-any">{one.name}</b><div className="second s12">{t(`lobby.by.${one.by}`)} · {t('lobby.chancesEach', { count: one.chances })}</div></li>)}</ul>
      )}
    </Card>
  )
}

function Received() {
  const { t } = useTranslation()
  const say = useBilingual()
  const said = (row: LobbyVisit) => row.plays.flatMap((play) => play.prizes.map((prize) => `${say(prize.title, prize.title_en)}${prize.count > 1 ? ` × ${prize.count}` : ''}`))
  return (
    <>
    <h2 className="lobby-head">{t('lobby.received')}</h2>
    <DataList
      name="lobby-visits"
      label={t('lobby.received')}
      load={listLobbyVisits}
      refetchInterval={10_000}
      rowKey={(row: LobbyVisit) => row.id}
      columns={[
        { key: 'who', title: t('lobby.visitor'), field: 'name', render: (row) => (row.seq == null ? <span className="muted">{t('lobby.notYours')}</span> : <Link className="name" to={`/customers/${row.seq}`}>{row.name || '—'}</Link>) },
        { key: 'at', title: t('lobby.checkedIn'), field: 'checked_in_at', format: 'instant', render: (row) => <span className="nowrap">{formatInstant(row.checked_in_at)}</span> },
        { key: 'plays', title: t('lobby.played'), render: (row) => (row.plays.length ? row.plays.map((play) => `${play.name} ${t('lobby.drew', { draws: formatCount(play.draws), chances: formatCount(play.chances) })}`).join(t('list.comma')) : <span className="muted">{t('lobby.nothing')}</span>) },
        { key: 'prizes', title: t('lobby.prizes'), render: (row) => (said(row).length ? said(row).join(t('list.comma')) : '—') },
      ]}
      empty={<Empty title={t('lobby.none')}>{t('lobby.noneHint')}</Empty>}
    />
    </>
  )
}
