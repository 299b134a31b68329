/** What was told against what was then seen, by tenths: on the dashed line both are the same. */
import { useTranslation } from 'react-i18next'
import type { ModelPage } from '@api/models'
import { formatMoney } from '@kit/format'
import { formatApart, formatScore, formatTick, roundTop } from './modelWords'

type Group = ModelPage['version']['groups'][number]

const WIDE = 488
const HIGH = 300
const LEFT = 68
const RIGHT = 28
const BELOW = 36
const TICKS = [0, 0.25, 0.5, 0.75, 1]

export function CalibrationPicture({ groups, before, unit }: { groups: Group[]; before?: Group[]; unit: string }) {
  const { t } = useTranslation()
  const most = Math.max(...[...groups, ...(before ?? [])].flatMap((group) => [group.told, group.seen]), unit === 'fen' ? 1 : 0.01)
  const top = unit === 'fen' ? roundTop(most) : Math.min(1, roundTop(most))
  const x = (value: number) => LEFT + (value / top) * (WIDE - LEFT - RIGHT)
  const y = (value: number) => HIGH - BELOW - (value / top) * (HIGH - BELOW - 12)
  const said = (value: number) => formatScore(value, unit)
  // Ticks are whole yuan; a point says its fen.
  const tickSaid = (value: number) => (unit === 'fen' ? formatMoney(Math.round(value / 100) * 100).replace(/\.00$/, '') : formatTick(value))
  const line = (of: Group[]) => of.map((group, place) => `${place ? 'L' : 'M'}${x(group.told).toFixed(1)} ${y(group.seen).toFixed(1)}`).join('')
  return (
    <>
      <svg className="model-picture" viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={t('models.calibrationSaid', { said: groups.map((group) => `${said(group.told)} → ${said(group.seen)}`).join('; ') })}>
        {TICKS.map((tick) => (
          <g key={tick} className={tick % 0.5 === 0 ? undefined : 'between-ticks'}>
            <line className="axis" x1={LEFT} x2={WIDE - RIGHT} y1={y(tick * top)} y2={y(tick * top)} />
            <text x={LEFT - 8} y={y(tick * top) + 4} textAnchor="end">{tickSaid(tick * top)}</text>
            <text x={x(tick * top)} y={HIGH - BELOW + 18} textAnchor="middle">{tick === 0 ? '' : tickSaid(tick * top)}</text>
          </g>
        ))}
        <path className="ideal" d={`M${x(0)} ${y(0)}L${x(top)} ${y(top)}`} />
        {before && <path className="before" d={line(before)} />}
        <path className="seen" d={line(groups)} />
        {groups.map((group, place) => <circle key={place} cx={x(group.told)} cy={y(group.seen)} r="4"><title>{t('models.groupSaid', { told: said(group.told), seen: said(group.seen) })}</title></circle>)}
        <text className="axis-name" x={(LEFT + WIDE) / 2} y={HIGH - 2} textAnchor="middle">{t('models.told')}</text>
        <text className="axis-name" x={10} y={(HIGH - BELOW) / 2} textAnchor="middle" transform={`rotate(-90 10 ${(HIGH - BELOW) / 2})`}>{t('models.seen')}</text>
      </svg>
      <div className="model-legend">
        <span><i />{t('models.thisVersion')}</span>
        {before && <span><i className="before" />{t('models.other')}</span>}
        <span><i className="ideal" />{t('models.ideal')}</span>
      </div>
    </>
  )
}

/** The same as figures: of each tenth what was told, what was seen, and how far apart they are. */
export function Tenths({ groups, unit }: { groups: Group[]; unit: string }) {
  const { t } = useTranslation()
  return (
    <table className="table tight model-tenths">
      <thead><tr><th className="number">{t('models.told')}</th><th className="number">{t('models.seen')}</th><th className="number">{unit === 'fen' ? t('models.apart') : t('models.apartPoints')}</th></tr></thead>
      <tbody>{groups.map((group, place) => <tr key={place}><td className="number">{formatScore(group.told, unit)}</td><td className="number">{formatScore(group.seen, unit)}</td><td className="number second">{formatApart(group.seen - group.told, unit)}</td></tr>)}</tbody>
    </table>
  )
}
