/** What the change would do, worked out without doing it. */
import { useTranslation } from 'react-i18next'
import type { Change } from '@api/approvals'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatClock } from '@kit/format'
import { Card } from '@kit/layout'
import { useShownValue } from './shownValue'

type Simulation = Change['simulation']
type Row = NonNullable<Simulation['rows']>[number]

export function SimulationCard({ simulation }: { simulation: Simulation }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const show = useShownValue()
  const rows = simulation.rows ?? []
  if (rows.length === 0) return null
  const change = (row: Row) => (row.before == null || row.after == null ? null : Number(row.after) - Number(row.before))
  const interval = (row: Row) => {
    if (row.note) return row.note
    if (row.low == null || row.high == null) return t('approval.certain')
    return <>{show(row.low, row.unit)} – {show(row.high, row.unit)}</>
  }
  const fresh = rows.every((row) => row.before == null)
  const columns = [
    { key: 'label', title: t('approval.metric'), render: (row: Row) => say(row.label, row.label_en) },
    ...(fresh ? [] : [{ key: 'before', title: t('diff.before'), number: true, render: (row: Row) => <span className="second">{show(row.before, row.unit) ?? '—'}</span> }]),
    { key: 'after', title: fresh ? t('diff.value') : t('diff.after'), number: true, render: (row: Row) => <b>{row.after === 0 ? '0' : (show(row.after, row.unit) ?? '—')}</b> },
    ...(fresh ? [] : [{ key: 'change', title: t('approval.change'), number: true, render: (row: Row) => { const moved = change(row); return moved == null ? '—' : <>{moved > 0 ? '+' : ''}{moved === 0 ? '0' : show(moved, row.unit)}</> } }]),
    { key: 'interval', title: t('approval.interval'), render: (row: Row) => <span className="second s12">{interval(row)}</span> },
  ]
  return (
    <Card title={t('approval.simulation')} hint={t('approval.simulatedAt', { time: formatClock(simulation.simulated_at) })} flush>
      <DataTable label={t('approval.simulation')} rows={rows} rowKey={(row) => row.key} columns={columns} />
    </Card>
  )
}
