/** Who moved from band to band of each axis, as a table of from and to. */
import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listMoves, type BandMove, type GridAxis, type GridMap, type Looked } from '@api/grid'
import { useBilingual } from '@console/app/useWords'
import { formatCount } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'

export function MovesCard({ map, looked }: { map: GridMap; looked: Looked }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [name, setName] = useState(map.axes[0]?.name)
  const query = useQuery({ queryKey: ['grid-moves', looked], queryFn: () => listMoves(looked) })
  const axis = map.axes.find((one) => one.name === name)
  return (
    <Card
      className="grid-moves" title={t('grid.bandMoves')} hint={t('grid.bandMovesHint')}
      right={<Segmented size="small" aria-label={t('grid.axis')} value={name} onChange={setName} options={map.axes.map((one) => ({ value: one.name, label: say(one.label, one.label_en) }))} />}
    >
      <Loaded query={query} rows={4}>{(found) => axis && <Table axis={axis} moves={found.items.filter((move) => move.axis === axis.name)} />}</Loaded>
    </Card>
  )
}

function Table({ axis, moves }: { axis: GridAxis; moves: BandMove[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const most = Math.max(1, ...moves.map((move) => move.customers ?? 0))
  const counted = new Map(moves.map((move) => [`${move.was}>${move.place}`, move.customers]))
  const places: { place: number | null; label: string }[] = [
    ...axis.bands.map((band, place) => ({ place: place + 1, label: say(band.label, band.label_en) })),
    { place: 0, label: t('grid.unknownBand') },
    { place: null, label: t('grid.nobody') },
  ]
  return (
    <div className="grid-scroll">
      <table className="grid-table">
        <thead><tr><th>{t('grid.fromTo')}</th>{places.map((to) => <th key={to.place} scope="col">{to.label}</th>)}</tr></thead>
        <tbody>
          {places.map((from) => (
            <tr key={from.place}>
              <th scope="row">{from.label}</th>
              {places.map((to) => {
                const count = counted.get(`${from.place}>${to.place}`)
                const shade = count === undefined ? 0 : Math.max(1, Math.round(((count ?? 0) / most) * 4))
                return <td key={to.place} className={from.place === to.place ? 'same' : `h${shade}`}>{from.place === to.place ? '' : count === undefined ? '·' : count === null ? t('grid.few') : formatCount(count)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
