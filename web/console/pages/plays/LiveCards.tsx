/** How a play goes: draws, stock out of the pools, observed against stated odds, and its proof. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { getPlayFigures, verifyPlay, type Play, type PlayFigures, type Replayed } from '@api/plays'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatDay, formatInstant, formatMoney, formatShare } from '@kit/format'
import { Card, Facts, Figures, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { Done } from './Done'
import { LobbyCard } from './LobbyCard'
import { exactPercent, oddsDue } from './shapes'

export function LiveCards({ play }: { play: Play }) {
  const query = useQuery({ queryKey: ['play-figures', play.id], queryFn: () => getPlayFigures(play.id), refetchInterval: play.state === 'live' ? 10_000 : false })
  return (
    <>
      <Loaded query={query} rows={8}>{(figures) => <Going figures={figures} drawn={oddsDue(play.draft) > 0} />}</Loaded>
      {play.draft.lobby && play.published_at && <LobbyCard play={play} />}
      {play.published_at && <Proof play={play} />}
    </>
  )
}

function Going({ figures, drawn }: { figures: PlayFigures; drawn: boolean }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const latest = figures.odds[0]
  return (
    <>
      <Figures items={[
        ...(figures.done.length ? [{ label: t('way.done'), value: formatCount(figures.done.reduce((sum, one) => sum + one.count, 0)) }] : []),
        ...(drawn ? [{ label: t('play.draws'), value: formatCount(figures.draws) }] : []),
        { label: t('play.players'), value: formatCount(figures.players) },
        ...(drawn ? [{ label: t('play.won'), value: formatCount(figures.won), hint: formatShare(figures.won, figures.draws) }] : []),
        { label: t('way.cost'), value: formatMoney(figures.cost_fen) },
        ...(drawn && !figures.done.length ? [{ label: t('play.oddsP'), value: latest ? (latest.p_ppm / 1_000_000).toFixed(3) : '—', hint: latest ? t(latest.alarm ? 'play.oddsAlarm' : 'play.oddsFine') : t('play.oddsSoon') }] : []),
      ]} />
      {figures.done.length > 0 && <Done figures={figures} />}
      <Card title={t('play.table')} hint={t('play.stockHint')} flush>
        <div className="play-scroll">
          <table className="play-table">
            <thead><tr><th>{t('play.prizeTitle')}</th><th>{t('play.odds')}</th><th>{t('play.observed')}</th><th>{t('play.pointed')}</th><th>{t('play.given')}</th><th>{t('play.stock')}</th></tr></thead>
            <tbody>
              {figures.prizes.map((one) => (
                <tr key={one.line}>
                  <td>{say(one.title, one.title_en)}</td>
                  <td>{exactPercent(one.odds_ppm)}</td>
                  <td>{figures.draws ? `${(one.observed_ppm / 10_000).toFixed(2)}%` : '—'}</td>
                  <td>{formatCount(one.picked)}</td>
                  <td>{formatCount(one.given)}</td>
                  <td>{one.stock == null ? '—' : one.stock === 0 ? <span className="tag warn">{t('play.gone')}</span> : formatCount(one.stock)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      {figures.days.length > 0 && <Days figures={figures} />}
    </>
  )
}

function Days({ figures }: { figures: PlayFigures }) {
  const { t } = useTranslation()
  const days = [...figures.days].reverse()
  const most = Math.max(1, ...days.map((one) => one.draws))
  const wide = Math.max(days.length, 14)
  return (
    <Card title={t('play.days')} hint={t('play.daysHint')}>
      <svg className="play-days" viewBox={`0 0 ${wide * 20} 96`} preserveAspectRatio="none" role="img" aria-label={t('play.days')}>
        {days.map((one, place) => (
          <g key={one.day}>
            <title>{`${formatDay(one.day)} · ${t('play.daySays', { draws: formatCount(one.draws), won: formatCount(one.won) })}`}</title>
            <rect className="drawn" x={place * 20 + 3} y={96 - (92 * one.draws) / most} width={14} height={(92 * one.draws) / most} rx={2} />
            <rect className="won" x={place * 20 + 3} y={96 - (92 * one.won) / most} width={14} height={(92 * one.won) / most} rx={2} />
          </g>
        ))}
      </svg>
      <p className="s12 second">{`${formatDay(days[0]?.day)} – ${formatDay(days.at(-1)?.day)} · ${t('play.most', { count: formatCount(most) })}`}</p>
    </Card>
  )
}

function Proof({ play }: { play: Play }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const check = useMutation({ mutationFn: () => verifyPlay(play.id) })
  return (
    <Card title={t('play.proof')} hint={t('play.proofHint')} right={play.can.includes('verify') && <Button loading={check.isPending} onClick={() => check.mutate()}>{t('play.verify')}</Button>}>
      <Facts left rows={[
        [t('play.commitment'), <code className="digest">{play.commitment}</code>],
        [t('play.tableHash'), <code className="digest">{play.table_hash}</code>],
        [t('play.seed'), play.seed ? <code className="digest">{play.seed}</code> : t('play.seedSecret')],
        [t('play.published'), formatInstant(play.published_at)],
        [t('play.ended'), play.ended_at ? formatInstant(play.ended_at) : '—'],
      ]} />
      {check.data && <Outcome found={check.data} />}
      {check.error && <Note kind="danger">{say(problemOf(check.error))}</Note>}
    </Card>
  )
}

function Outcome({ found }: { found: Replayed }) {
  const { t } = useTranslation()
  if (found.mismatches.length === 0 && found.commitment_holds) return <Note icon="checkCircle">{t('play.agrees', { count: found.draws, shown: formatCount(found.draws) })}</Note>
  return (
    <Note kind="danger">
      {t('play.disagrees', { count: found.mismatches.length })}
      <ul>{found.mismatches.slice(0, 20).map((one) => <li key={`${one.number}${one.field}`}>{t('play.mismatch', { number: one.number, field: one.field, stored: one.stored, replayed: one.replayed })}</li>)}</ul>
    </Note>
  )
}
