/** Branches side by side: darkest above the mean, orange for the last two. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Board } from '@api/campaigns'
import { useUnitLabel } from '@console/app/units'
import { formatCount, formatMoney, formatShare } from '@kit/format'

const measures = ['rate', 'redeemed', 'claimed', 'amount'] as const
type Measure = (typeof measures)[number]
type Branch = Board['by_branch'][number]

const valueOf: Record<Measure, (branch: Branch) => number> = {
  rate: (branch) => (branch.claimed > 0 ? branch.redeemed / branch.claimed : 0),
  redeemed: (branch) => branch.redeemed,
  claimed: (branch) => branch.claimed,
  amount: (branch) => branch.redeemed_fen,
}

export function BranchRanks({ board, open }: { board: Board; open?: (unitId: number, what: string) => void }) {
  const { t } = useTranslation()
  const [measure, setMeasure] = useState<Measure>('redeemed')
  const unitLabel = useUnitLabel()
  const value = valueOf[measure]
  const ranked = [...board.by_branch].sort((one, other) => value(other) - value(one) || other.granted - one.granted)
  const most = Math.max(...ranked.map(value), 0)
  const mean = ranked.length > 0 ? ranked.reduce((sum, branch) => sum + value(branch), 0) / ranked.length : 0
  const fill = (branch: Branch, place: number) => (ranked.length > 4 && place >= ranked.length - 2 ? 'var(--c5)' : value(branch) >= mean ? 'var(--c1)' : 'var(--h4)')
  const shown = (branch: Branch) =>
    measure === 'rate' ? formatShare(branch.redeemed, branch.claimed) : measure === 'amount' ? formatMoney(branch.redeemed_fen) : formatCount(value(branch))
  if (ranked.length === 0) return <p className="muted s12">{t('board.noBranches')}</p>
  return (
    <>
      <div style={{ display: 'flex', justifyContent: 'flex-end', marginBottom: 8 }}>
        <Segmented size="small" aria-label={t('board.measure')} value={measure} onChange={setMeasure} options={measures.map((each) => ({ value: each, label: t(`board.measures.${each}`) }))} />
      </div>
      <div className="ranks" role="table" aria-label={t('board.branches')}>
        <span className="head" />
        <span className="head">{t('board.branch')}</span>
        <span />
        <span className="head end">{t(`board.measures.${measure}`)}</span>
        <span className="head end">{t('board.granted')}</span>
        {ranked.map((branch, place) => (
          <div key={branch.unit_id} style={{ display: 'contents' }} role="row">
            <span className="muted" role="cell">{place + 1}</span>
            <span className="nowrap" role="rowheader">{open && branch.claimed > 0 ? <button type="button" className="drill" onClick={() => open(branch.unit_id, unitLabel(branch.unit_id, branch.unit))}>{unitLabel(branch.unit_id, branch.unit)}</button> : unitLabel(branch.unit_id, branch.unit)}</span>
            <span className="bar" role="cell" style={{ background: 'none' }}><i style={{ height: 8, width: `${most > 0 ? (value(branch) / most) * 100 : 0}%`, background: fill(branch, place) }} /></span>
            <b className="end" role="cell">{shown(branch)}</b>
            <span className="end second" role="cell">{formatCount(branch.granted)}</span>
          </div>
        ))}
      </div>
    </>
  )
}
