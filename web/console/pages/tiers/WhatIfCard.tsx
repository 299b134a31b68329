/** What another scheme would do to the whole base: streams between levels now and then, and what benefits would cost. */
import { useTranslation } from 'react-i18next'
import type { Scheme, WhatIf } from '@api/tiers'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatMoney } from '@kit/format'
import { Card } from '@kit/layout'

const WIDTH = 320
const GAP = 6
const BAR = 10
const LEAST = 3

export function WhatIfCard({ seen, scheme, held, changed }: { seen: WhatIf | null; scheme: Scheme; held: Scheme | null; changed: boolean }) {
  const { t } = useTranslation()
  return (
    <Card className="c4" title={t('tiers.whatIf')} hint={seen ? t('tiers.looked', { shown: formatCount(seen.customers), count: seen.customers }) : undefined}>
      {seen ? <Seen seen={seen} scheme={scheme} held={held} /> : <p className="muted s13">{t(changed ? 'tiers.whatIfHint' : 'tiers.unchanged')}</p>}
    </Card>
  )
}

function Seen({ seen, scheme, held }: { seen: WhatIf; scheme: Scheme; held: Scheme | null }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const name = (key: string) => { const level = [...scheme.tiers, ...(held?.tiers ?? [])].find((one) => one.key === key); return say(level?.name, level?.name_en) || key }
  const total = (moves: WhatIf['rises']) => moves.reduce((sum, one) => sum + one.customers, 0)
  return (
    <div className="tiers-seen">
      <Flow seen={seen} name={name} />
      <table className="tiers-table">
        <thead><tr><th>{t("tiers.level")}</th><th>{t('tiers.before')}</th><th>{t('tiers.after')}</th><th>{t('tiers.settled')}</th></tr></thead>
        <tbody>{[...seen.tiers].reverse().map((one) => <tr key={one.tier}><td>{name(one.tier)}</td><td>{formatCount(one.before)}</td><td>{formatCount(one.after)}</td><td>{formatCount(one.settled)}</td></tr>)}</tbody>
      </table>
      <p className="second s12">{t('tiers.moves', { rises: formatCount(total(seen.rises)), falls: formatCount(total(seen.falls)) })}</p>
      <dl className="tiers-cost">
        <div><dt>{t('tiers.costOnce')}</dt><dd>{formatMoney(seen.cost.reached_fen)}</dd></div>
        <div><dt>{t('tiers.costMonthly')}</dt><dd>{formatMoney(seen.cost.monthly_fen)} <span className="muted">{t('tiers.costNow', { yuan: formatMoney(seen.cost.monthly_before_fen) })}</span></dd></div>
      </dl>
    </div>
  )
}

interface Stream { was: string; tier: string; customers: number }

/** Left the levels as they are, right where growth leads once every period was looked at; streams as wide as their customers. */
function Flow({ seen, name }: { seen: WhatIf; name: (key: string) => string }) {
  const { t } = useTranslation()
  const keys = seen.tiers.map((one) => one.tier).reverse()
  const moved: Stream[] = [...seen.rises, ...seen.falls]
  const stayed = seen.tiers.map((one): Stream => ({ was: one.tier, tier: one.tier, customers: one.before - moved.filter((move) => move.was === one.tier).reduce((sum, move) => sum + move.customers, 0) }))
  const streams = [...moved, ...stayed].filter((one) => one.customers > 0)
  const height = 40 * keys.length
  const unit = (height - GAP * (keys.length - 1) - LEAST * streams.length) / Math.max(1, seen.customers)
  const wide = (one: Stream) => LEAST + one.customers * unit
  const left = places(keys, (key) => streams.filter((one) => one.was === key), wide, (a, b) => keys.indexOf(a.tier) - keys.indexOf(b.tier))
  const right = places(keys, (key) => streams.filter((one) => one.tier === key), wide, (a, b) => keys.indexOf(a.was) - keys.indexOf(b.was))
  return (
    <svg className="tiers-flow" viewBox={`0 0 ${WIDTH} ${height + 4}`} role="img" aria-label={t('tiers.flowSaid', { rises: formatCount(seen.rises.reduce((sum, one) => sum + one.customers, 0)), falls: formatCount(seen.falls.reduce((sum, one) => sum + one.customers, 0)) })}>
      {streams.map((one) => {
        const from = left.streams.get(one) ?? 0
        const to = right.streams.get(one) ?? 0
        const way = one.was === one.tier ? 'same' : keys.indexOf(one.tier) < keys.indexOf(one.was) ? 'up' : 'down'
        const size = wide(one)
        const [a, b, mid] = [64 + BAR, WIDTH - 64 - BAR, WIDTH / 2]
        return <path key={`${one.was}-${one.tier}`} className={way} d={`M${a} ${from}C${mid} ${from} ${mid} ${to} ${b} ${to}V${to + size}C${mid} ${to + size} ${mid} ${from + size} ${a} ${from + size}Z`}><title>{`${name(one.was)} → ${name(one.tier)} ${formatCount(one.customers)}`}</title></path>
      })}
      {keys.map((key) => (
        <g key={key}>
          <Bar span={left.bars.get(key)} x={64} label={name(key)} at={58} anchor="end" />
          <Bar span={right.bars.get(key)} x={WIDTH - 64 - BAR} label={name(key)} at={WIDTH - 58} anchor="start" />
        </g>
      ))}
    </svg>
  )
}

function Bar({ span, x, label, at, anchor }: { span?: [number, number]; x: number; label: string; at: number; anchor: 'start' | 'end' }) {
  if (!span || span[1] <= span[0]) return null
  return <><rect className="post" x={x} y={span[0]} width={BAR} height={span[1] - span[0]} rx="2" /><text x={at} y={(span[0] + span[1]) / 2 + 4} textAnchor={anchor}>{label}</text></>
}

function places(keys: string[], of: (key: string) => Stream[], wide: (one: Stream) => number, order: (a: Stream, b: Stream) => number) {
  const streams = new Map<Stream, number>()
  const bars = new Map<string, [number, number]>()
  let y = 2
  for (const key of keys) {
    const begin = y
    for (const one of of(key).sort(order)) { streams.set(one, y); y += wide(one) }
    bars.set(key, [begin, y])
    y += GAP
  }
  return { streams, bars }
}
