/** How the bank stands in points: what customers hold, what ends soon, what is never spent, and every day rolled forward. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { getReport, listClosings, listTypes, type PointsReport, type RollForward } from '@api/points'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatDay, formatMoney, formatShare } from '@kit/format'
import { Money } from '@kit/Headline'
import { Card, Figures, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { BreakageCurve } from './BreakageCurve'
import { PointsTag } from './PointsTag'
import './points.css'

const sum = <T,>(rows: T[], of: (row: T) => number) => rows.reduce((total, row) => total + of(row), 0)

export default function PointsReportPage() {
  const { t } = useTranslation()
  const report = useQuery({ queryKey: ['points-report'], queryFn: getReport })
  const closings = useQuery({ queryKey: ['points-closings'], queryFn: listClosings })
  return (
    <>
      <PageHead title={t('points.report')} meta={t('points.reportMeta')} />
      <Loaded query={report} rows={4}>{(found) => <Stand found={found} />}</Loaded>
      <Loaded query={closings} rows={4}>
        {({ items, today }) => (
          <>
            <Card title={t('points.today')} hint={t('points.todayHint')} flush><Rolled rows={today} label={t('points.today')} /></Card>
            <Card title={t('points.closed')} hint={t('points.closedHint')} flush className="points-below">{items.length ? <Rolled rows={items} label={t('points.closed')} day /> : <Empty title={t('points.noClosed')}>{t('points.noClosedHint')}</Empty>}</Card>
          </>
        )}
      </Loaded>
      <Loaded query={report} rows={4}>{(found) => <Tables found={found} />}</Loaded>
    </>
  )
}

function Stand({ found }: { found: PointsReport }) {
  const { t } = useTranslation()
  return (
    <Figures
      items={[
        { label: t('points.balance'), value: formatCount(sum(found.standing, (one) => one.points)) },
        { label: t('points.liability'), value: <Money fen={sum(found.liability, (one) => one.cost_fen)} /> },
        { label: t('points.owedAll'), value: formatCount(sum(found.standing, (one) => one.owed)) },
        { label: t('points.expiring90'), value: formatCount(sum(found.expiring, (one) => one.points)) },
      ]}
    />
  )
}

function useTypeName() {
  const say = useBilingual()
  const types = useQuery({ queryKey: ['point-types'], queryFn: listTypes })
  const names = new Map((types.data?.items ?? []).map((one) => [one.code, say(one.name, one.name_en)]))
  return (code: string) => names.get(code) ?? code
}

function Rolled({ rows, label, day }: { rows: RollForward[]; label: string; day?: boolean }) {
  const { t } = useTranslation()
  const name = useTypeName()
  const signed = (points: number) => `${points > 0 ? '+' : points < 0 ? '−' : ''}${formatCount(Math.abs(points))}`
  return (
    <DataTable
      label={label}
      rows={rows}
      rowKey={(row) => `${row.day}/${row.currency}`}
      columns={[
        ...(day ? [{ key: 'day', title: t('points.dayOf'), render: (row: RollForward) => formatDay(row.day) }] : []),
        { key: 'type', title: t('points.type'), render: (row) => <b>{name(row.currency)}</b> },
        { key: 'opening', title: t('points.opening'), number: true, render: (row) => formatCount(row.opening) },
        { key: 'moved', title: t('points.moved'), render: (row) => <span className="points-moves">{Object.entries(row.moved).map(([kind, points]) => <span key={kind}>{t(`points.kinds.${kind}` as 'points.kinds.credit')} <b>{signed(points)}</b></span>)}</span> },
        { key: 'closing', title: t('points.closing'), number: true, render: (row) => <b>{formatCount(row.closing)}</b> },
        { key: 'difference', title: t('points.difference'), render: (row) => <PointsTag tone={row.difference ? 'bad' : 'ok'}>{row.difference ? t('points.off', { count: row.difference }) : t('points.zero')}</PointsTag> },
      ]}
    />
  )
}

function Tables({ found }: { found: PointsReport }) {
  const { t } = useTranslation()
  const name = useTypeName()
  return (
    <>
      <div className="grid points-below">
        <Card className="c6" title={t('points.age')} hint={t('points.ageHint')} flush>
          <DataTable
            label={t('points.age')}
            rows={found.liability}
            rowKey={(row) => `${row.currency}/${row.funder ?? ''}/${row.days_max}`}
            columns={[
              { key: 'type', title: t('points.type'), render: (row) => <b>{name(row.currency)}</b> },
              { key: 'funder', title: t('points.funder'), render: (row) => (row.funder ? (found.funders[row.funder] ?? row.funder.slice(0, 8)) : t('points.wholeBank')) },
              { key: 'age', title: t('points.ageOf'), render: (row) => t(`points.ages.${row.days_max as 30}`) },
              { key: 'points', title: t('points.pointsLeft'), number: true, render: (row) => formatCount(row.points) },
              { key: 'cost', title: t('points.costLeft'), number: true, render: (row) => formatMoney(row.cost_fen) },
            ]}
          />
        </Card>
        <Card className="c6" title={t('points.soon')} hint={t('points.soonHint')} flush>
          {found.expiring.length === 0 ? <Empty title={t('points.noSoon')} /> : (
            <DataTable
              label={t('points.soon')}
              rows={found.expiring.slice(0, 12)}
              rowKey={(row) => `${row.day}/${row.currency}`}
              columns={[
                { key: 'day', title: t('points.dayOf'), render: (row) => formatDay(row.day) },
                { key: 'type', title: t('points.type'), render: (row) => name(row.currency) },
                { key: 'points', title: t('points.pointsLeft'), number: true, render: (row) => formatCount(row.points) },
                { key: 'customers', title: t('points.customers'), number: true, render: (row) => formatCount(row.customers) },
              ]}
            />
          )}
        </Card>
      </div>
      <Card className="points-below" title={t('points.breakage')} hint={t('points.breakageHint')} flush>
        <BreakageCurve rows={found.breakage} name={name} />
        <DataTable
          label={t('points.breakage')}
          rows={[...found.breakage].reverse()}
          rowKey={(row) => `${row.month}/${row.currency}`}
          columns={[
            { key: 'month', title: t('points.month'), render: (row) => row.month },
            { key: 'type', title: t('points.type'), render: (row) => name(row.currency) },
            { key: 'credited', title: t('points.credited'), number: true, render: (row) => formatCount(row.credited) },
            { key: 'spent', title: t('points.spent'), number: true, render: (row) => formatCount(row.spent) },
            { key: 'clawed', title: t('points.clawed'), number: true, render: (row) => formatCount(row.clawed) },
            { key: 'expired', title: t('points.expired'), number: true, render: (row) => formatCount(row.expired) },
            { key: 'remaining', title: t('points.remaining'), number: true, render: (row) => formatCount(row.remaining) },
            { key: 'share', title: t('points.share'), number: true, render: (row) => <b>{formatShare(row.expired, row.credited)}</b> },
          ]}
        />
      </Card>
    </>
  )
}
