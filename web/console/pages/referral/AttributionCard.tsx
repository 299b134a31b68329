/** Whose invitations these are: totals by unit and member of staff, each unit with all below it; as a file too. */
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getAttribution, type Attribution } from '@api/referral'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'

type Line = Attribution['lines'][number]
const OPEN_DEPTH = 1

export function AttributionCard({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['referral-attribution', id], queryFn: () => getAttribution(id) })
  const lines = query.data?.lines ?? []
  const say = useLineName()
  return (
    <Card className="c12" title={t('referral.attribution')} hint={t('referral.attributionHint')} right={lines.length > 0 && <Button size="small" icon={<Icon name="download" />} onClick={() => save(name, lines, say, [t('referral.whose'), t('referral.inviters'), t('referral.accepted'), t('referral.qualified'), t('referral.rewarded'), t('referral.cost'), t('referral.value')])}>{t('action.export')}</Button>}>
      <Loaded query={query} rows={4}>{(found) => (found.lines.length === 0 ? <Empty sign="search" title={t('referral.noTree')} /> : <Table lines={found.lines} />)}</Loaded>
    </Card>
  )
}

function useLineName() {
  const { t } = useTranslation()
  const either = useBilingual()
  return (line: Line) => (line.elsewhere ? t('referral.elsewhere') : line.name ? either(line.name, line.name_en) : line.staff ? t('referral.staffMember', { name: line.staff }) : t('referral.itsCustomers'))
}

function Table({ lines }: { lines: Line[] }) {
  const { t } = useTranslation()
  const say = useLineName()
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set())
  const opened = (place: number) => ((lines[place]?.depth ?? 0) < OPEN_DEPTH) !== toggled.has(place)
  const parents = new Set(lines.flatMap((line) => (line.under == null ? [] : [line.under])))
  const shown = (place: number): boolean => { const under = lines[place]?.under; return under == null || (opened(under) && shown(under)) }
  const toggle = (place: number) => setToggled((before) => { const after = new Set(before); if (!after.delete(place)) after.add(place); return after })
  return (
    <div className="referral-scroll">
      <table className="referral-attribution">
        <thead><tr><th scope="col">{t('referral.whose')}</th>{(['inviters', 'accepted', 'qualified', 'rewarded', 'cost', 'value'] as const).map((key) => <th scope="col" key={key} className="number">{t(`referral.${key}`)}</th>)}</tr></thead>
        <tbody>
          {lines.map((line, place) => shown(place) && (
            <tr key={place} className={line.name || line.elsewhere ? 'unit' : undefined}>
              <th scope="row"><span className={`depth depth-${Math.min(line.depth, 6)}`}>{parents.has(place) ? <button type="button" className="tag plain" aria-expanded={opened(place)} onClick={() => toggle(place)}>{say(line)}<Icon name="down" className={opened(place) ? 'icon turned' : 'icon'} /></button> : say(line)}</span></th>
              {[line.referrers, line.accepted, line.qualified, line.rewarded].map((count, column) => <td key={column} className="number">{formatCount(count)}</td>)}
              <td className="number">{formatMoney(line.cost_fen)}</td><td className="number">{formatMoney(line.value_fen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The lines as a file a table program opens; a cell that begins like a formula is kept a text. */
function save(name: string, lines: Line[], say: (line: Line) => string, heads: string[]) {
  const cell = (value: string | number) => { const text = String(value); return `"${(/^[=+\-@\t]/.test(text) && typeof value === 'string' ? `'${text}` : text).replaceAll('"', '""')}"` }
  const yuan = (fen: number) => (fen / 100).toFixed(2)
  const rows = lines.map((line) => ['　'.repeat(line.depth) + say(line), line.referrers, line.accepted, line.qualified, line.rewarded, yuan(line.cost_fen), yuan(line.value_fen)])
  const file = new Blob([`\ufeff${[heads, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}`], { type: 'text/csv' })
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: `${name}.csv` })
  link.click()
  URL.revokeObjectURL(link.href)
}
