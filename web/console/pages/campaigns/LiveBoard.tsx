/** A campaign as it runs: funnel, money, stock, hours and branches, by a stream of the server. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { boardStream, getBoard, type Board, type Campaign } from '@api/campaigns'
import { Burn, burnsFast } from '@kit/Burn'
import { elapsedShare, formatCount, formatSeconds, formatShare } from '@kit/format'
import { Count, Money } from '@kit/Headline'
import { Funnel } from '@kit/Funnel'
import { Icon } from '@kit/icons'
import { Card, Note } from '@kit/layout'
import { Loaded } from '@kit/states'
import { getWays, type CampaignEffect } from '@api/effects'
import { useSession } from '@console/app/session'
import { BranchRanks } from './BranchRanks'
import { HourChart, SpendChart } from './BoardCharts'
import { DrillDrawer, type Drill } from './DrillDrawer'
import { IncrementCard, PartsCard } from './EffectCards'
import { useEffectOf } from './EffectTab'
import { BenefitsCard, WaysCard } from './WaysCards'
import './effect.css'

/** Keeps the board fresh: the stream pushes; while it is away, polling does. */
export function useBoard(campaignId: string) {
  const cache = useQueryClient()
  const [streaming, setStreaming] = useState(false)
  const key = ['board', campaignId]
  const query = useQuery({ queryKey: key, queryFn: () => getBoard(campaignId), refetchInterval: streaming ? false : 5_000 })
  useEffect(() => {
    const stream = new EventSource(boardStream(campaignId))
    stream.addEventListener('board', (event) => {
      cache.setQueryData(['board', campaignId], JSON.parse((event as MessageEvent<string>).data) as Board)
    })
    stream.onopen = () => setStreaming(true)
    stream.onerror = () => setStreaming(false)
    return () => stream.close()
  }, [campaignId, cache])
  return { query, streaming }
}

export function LiveBoard({ campaign }: { campaign: Campaign }) {
  const { query, streaming } = useBoard(campaign.id)
  return <Loaded query={query} rows={8}>{(board) => <BoardView board={board} campaign={campaign} streaming={streaming} />}</Loaded>
}

function BoardView({ board, campaign, streaming }: { board: Board; campaign: Campaign; streaming: boolean }) {
  const { t } = useTranslation()
  const { funnel, budget, stock } = board
  const { may } = useSession()
  const [drill, setDrill] = useState<Drill | null>(null)
  const told = useEffectOf(campaign.id).data
  const moved = `${funnel.claimed}/${funnel.redeemed}`
  const ways = useQuery({ queryKey: ['ways', campaign.id, moved], queryFn: () => getWays(campaign.id), refetchInterval: 15_000, placeholderData: (before) => before }).data
  const open = (wanted: Drill) => may('customer.read') && setDrill(wanted)
  const elapsed = elapsedShare(board.opens_at, board.closes_at)
  const fast = campaign.state === 'running' && burnsFast(budget.committed_fen ?? 0, budget.limit_fen ?? 0, elapsed)
  const running = campaign.progress && !campaign.progress.finished_at && campaign.state === 'running'
  return (
    <div className="stack">
      {running && campaign.progress && campaign.progress.total > 0 && (
        <Note icon="jobs">{t('campaign.granting', { done: formatCount(campaign.progress.done), total: formatCount(campaign.progress.total) })}</Note>
      )}
      {fast && <Note kind="warning">{t('campaign.fastSays', { spent: formatShare(budget.committed_fen, budget.limit_fen), time: formatShare(elapsed, 1) })}</Note>}
      {(stock.total ?? 0) > 0 && stock.available === 0 && campaign.state === 'running' && <Note kind="warning">{t('campaign.soldOut')}</Note>}
      <div className="grid">
        <Card
          className="c8"
          title={t('board.funnel')}
          hint={t('board.funnelHint')}
          right={<><span>{t('board.whole')} <b>{formatShare(funnel.redeemed, funnel.granted)}</b></span><Fresh at={board.data_at} streaming={streaming} /></>}
        >
          <Funnel steps={useSteps(board, campaign)} />
          {may('customer.read') && (
            <div className="row wrap s12 drills">
              <span className="muted">{t('drill.open')}</span>
              {(['granted', 'claimed', 'redeemed'] as const).map((stage) => <button key={stage} type="button" className="drill" onClick={() => open({ stage, what: t(`drill.stages.${stage}`) })}>{t(`drill.stages.${stage}`)} ›</button>)}
            </div>
          )}
        </Card>
        {told ? <IncrementCard told={told} className="c4" /> : <Card className="c4" title={t('effect.title')}><span className="muted">—</span></Card>}
        <Card className={told && hasParts(told) ? 'c5' : 'c8'} title={t('board.budget')} hint={t('board.budgetHint')} right={<BurnLegend />}>
          <div className="row wrap s12" style={{ gap: 20, marginBottom: 8 }}>
            <span>{t('burn.spent')} <b><Money fen={budget.committed_fen} /></b></span>
            <span>{t('burn.held')} <b><Money fen={budget.reserved_fen} /></b></span>
            <span>{t('board.available')} <b><Money fen={budget.available_fen} /></b></span>
            <span className="second">{t('board.limit')} <Money fen={budget.limit_fen} /></span>
          </div>
          <Burn label={t('board.budget')} spent={budget.committed_fen ?? 0} held={budget.reserved_fen ?? 0} limit={budget.limit_fen ?? 0} elapsed={elapsed} />
          <SpendChart board={board} narrow={told && hasParts(told)} />
        </Card>
        {ways && ways.benefits.length > 0 ? <BenefitsCard ways={ways} open={open} elapsed={elapsed} className={told && hasParts(told) ? 'c3' : 'c4'} /> : <Card className="c4" title={t('board.stock')} hint={t('unit.pieces')}>
          <div className="figure"><Count value={stock.available} /><u>{t('board.left')}</u></div>
          <div style={{ margin: '12px 0 8px' }}><Burn label={t('board.stock')} spent={stock.used ?? 0} held={stock.reserved ?? 0} limit={stock.total ?? 0} elapsed={elapsed} /></div>
          <div className="between s12 second"><span>{t('board.stockUsed', { used: formatCount(stock.used), held: formatCount(stock.reserved) })}</span><span>{t('board.of', { total: formatCount(stock.total) })}</span></div>
          <hr className="divide" />
          <div className="between s13"><span className="second">{t('board.expired')}</span><b>{formatCount(funnel.expired)}</b></div>
          <div className="between s13"><span className="second">{t('campaign.controlGroup')}</span><b className="gold">{formatCount(funnel.control)}</b></div>
        </Card>}
        {told && <PartsCard told={told} className="c4" width={336} />}
        <Card className="c7" title={t('board.branches')} hint={t('board.branchesHint')}><BranchRanks board={board} open={may('customer.read') ? (unit_id, what) => open({ stage: 'claimed', unit_id, what }) : undefined} /></Card>
        <Card className="c5" title={t(campaign.state === 'running' ? 'board.hours' : 'board.lastHours')} hint={t('board.hoursHint')}><HourChart board={board} open={may('customer.read') ? (begin, end, what) => open({ stage: 'claimed', begin, end, what }) : undefined} /></Card>
        {ways && <WaysCard ways={ways} open={open} className="c12" />}
      </div>
      {drill && <DrillDrawer campaignId={campaign.id} drill={drill} close={() => setDrill(null)} />}
    </div>
  )
}

const hasParts = (told: CampaignEffect) => told.effect.difference != null && (told.parts.branch ?? []).length + (told.parts.before ?? []).length > 0

function useSteps(board: Board, campaign: Campaign) {
  const { t } = useTranslation()
  const { funnel } = board
  const unit = t('unit.households')
  const pieces = t('unit.pieces')
  const head = campaign.draft.published ? [] : [{ label: t('board.audience'), count: funnel.audience ?? 0, unit, hint: funnel.control ? t('board.controlApart', { count: funnel.control, shown: formatCount(funnel.control) }) : undefined }]
  const granted = campaign.draft.mode === 'pull' ? [] : [{ label: t('board.granted'), count: funnel.granted ?? 0, unit: pieces }]
  return [
    ...head,
    ...granted,
    { label: t('board.claimed'), count: funnel.claimed ?? 0, unit: pieces },
    { label: t('board.redeemed'), count: funnel.redeemed ?? 0, unit: pieces, hint: t('board.validDays', { count: campaign.draft.valid_days ?? 0 }) },
  ]
}

function Fresh({ at, streaming }: { at: string | null; streaming: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={`row ${streaming ? 'good' : 'muted'}`} style={{ gap: 4 }} title={t(streaming ? 'board.live' : 'board.polled')}>
      <Icon name="retry" style={{ width: 12, height: 12 }} />
      {t('shell.asOf', { time: formatSeconds(at) })}
    </span>
  )
}

export function BurnLegend() {
  const { t } = useTranslation()
  return (
    <>
      <span className="legend"><i />{t('burn.spent')}</span>
      <span className="legend"><i className="held" />{t('burn.held')}</span>
      <span className="legend"><i className="line" />{t('burn.time')}</span>
    </>
  )
}
