/** What a play of the lobby came to, by branch and by who received the visitors. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getPlayLobby, type Play } from '@api/plays'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatShare } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'

export function LobbyCard({ play }: { play: Play }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['play-lobby', play.id], queryFn: () => getPlayLobby(play.id), refetchInterval: play.state === 'live' ? 10_000 : false })
  return (
    <Card title={t('lobby.byBranch')} hint={t('lobby.byBranchHint')} flush>
      <Loaded query={query} rows={3}>
        {(rows) => rows.length === 0 ? <Empty title={t('lobby.noVisits')}>{t('lobby.noVisitsHint')}</Empty> : (
          <div className="play-scroll">
            <table className="play-table">
              <thead><tr><th>{t('lobby.unit')}</th><th>{t('lobby.rm')}</th><th>{t('lobby.visits')}</th><th>{t('lobby.people')}</th><th>{t('lobby.playedShare')}</th><th>{t('play.draws')}</th><th>{t('play.won')}</th></tr></thead>
              <tbody>{rows.map((row) => <tr key={`${row.unit_id} ${row.rm}`}><td>{say(row.unit, row.unit_en)}</td><td>{row.rm || t('lobby.nobody')}</td><td>{formatCount(row.visits)}</td><td>{formatCount(row.people)}</td><td>{formatShare(row.played, row.visits)}</td><td>{formatCount(row.draws)}</td><td>{formatCount(row.won)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Card>
  )
}
