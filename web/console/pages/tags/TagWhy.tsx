/** Since when and why one customer has a value of a tag: what was asked, what is, for every value. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { explainTag } from '@api/tags'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { opKeys } from '@console/pages/segments/ConditionFields'
import { UNIT, type Op } from '@console/pages/segments/expression'
import { Steps } from '@console/pages/segments/Why'
import { formatDay, formatFigure, formatInstant, formatMoney } from '@kit/format'
import { Facts } from '@kit/layout'
import { Loaded } from '@kit/states'
import { useTagValues } from './tagWords'

const tones: Record<string, string> = { true: 'ok', false: 'bad', unknown: 'warn' }
type Verdict = 'true' | 'false' | 'unknown'

export function TagWhy({ seq, name }: { seq: number; name: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const valueOf = useTagValues()
  const query = useQuery({ queryKey: ['tag-why', seq, name], queryFn: () => explainTag(name, seq), retry: false })
  return (
    <Loaded query={query} rows={4}>
      {({ held, reasons }) => (
        <div className="stack">
          <div>
            <b>{may('tag.read') ? <Link to={`/tags/${held.name}`}>{say(held.label, held.label_en)}</Link> : say(held.label, held.label_en)}</b>
            <Facts
              rows={[
                [t('segment.value'), valueOf(held.name, held.value)],
                [t('tag.sinceWhen'), held.since ? t(held.at_least ? 'tag.sinceAtLeast' : 'tag.since', { day: formatDay(held.since) }) : t('tag.noHistory')],
                [t('segment.dataAt'), formatInstant(held.data_at)],
                ...(held.wording ? [[t('tag.customerReads'), say(held.wording, held.wording_en)] as [string, string]] : []),
              ]}
            />
          </div>
          {reasons.length > 0 && <Reasons tag={held.name} reasons={reasons} />}
        </div>
      )}
    </Loaded>
  )
}

type Reason = Awaited<ReturnType<typeof explainTag>>['reasons'][number]

function Reasons({ tag, reasons }: { tag: string; reasons: Reason[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const valueOf = useTagValues()
  const unitLabel = useUnitLabel()
  const shown = (value: unknown, money = false): string => {
    if (typeof value === 'boolean') return t(value ? 'segment.yes' : 'segment.no')
    if (typeof value === 'number') return money ? formatMoney(Math.round(value)) : formatFigure(Number(value.toFixed(2)))
    return Array.isArray(value) ? value.map((each) => shown(each, money)).join(' – ') : value == null ? '…' : String(value)
  }
  /** A band that is open at one end has only the other. */
  const band = ([low, high]: unknown[], money: boolean): string =>
    low == null ? t('tag.below', { high: shown(high, money) }) : high == null ? t('tag.from', { low: shown(low, money) }) : t('tag.between', { low: shown(low, money), high: shown(high, money) })
  const what = ({ measured, label, label_en, name }: Reason): string => {
    const event = say(label, label_en) || name || ''
    if (!measured) return event
    return t(`tag.says.${measured.take}`, {
      window: measured.window_days ? t('builder.within', { count: measured.window_days }) : t('builder.everSays'), percent: measured.percent,
      event: measured.where?.length ? t('tag.narrowed', { event, where: measured.where.join(t('list.comma')) }) : event,
      property: measured.money ? t('builder.amount') : say(measured.property_label, measured.property_label_en),
    })
  }
  const asked = (reason: Reason): string => {
    if (reason.measured && reason.op === 'between' && Array.isArray(reason.threshold)) return band(reason.threshold as unknown[], reason.measured.money ?? false)
    return `${t(`segment.op.${opKeys[reason.op as Op] ?? 'equal'}`)} ${told(reason, reason.threshold)}`
  }
  const told = (reason: Reason, value: unknown): string => {
    if (reason.kind === 'tag') return value == null && reason.op !== 'in' ? '' : valueOf(reason.name ?? '', value)
    if (reason.name === UNIT && value != null) return [value].flat().map((id) => unitLabel(Number(id), String(id))).join(t('list.comma'))
    return shown(value, reason.measured?.money)
  }
  const depth = (path: string) => path.split('/').filter((step) => step !== '' && step !== 'of').length
  return (
    <table className="table tight why">
      <thead><tr><th scope="col">{t('segment.part')}</th><th scope="col">{t('segment.value')}</th><th scope="col">{t('segment.verdict')}</th></tr></thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={`${reason.tag_value}${reason.path}`}>
            <td style={{ paddingLeft: depth(reason.path) * 16 }}>
              {reason.path === '' && <b>{valueOf(tag, reason.tag_value)} </b>}
              {reason.kind === 'sequence' ? <>{t('segment.leaf.sequence')} {(reason.steps ?? []).map((step) => say(step.label, step.label_en)).join(' → ')}</> : reason.op ? <>{what(reason)} {asked(reason)}</> : t(`segment.nodeKinds.${reason.kind}`, { defaultValue: reason.kind })}
            </td>
            <td>{reason.kind === 'sequence' ? <Steps steps={reason.steps ?? []} stopped={reason.stopped} /> : reason.masked ? '****' : reason.op ? (reason.value == null ? '—' : told(reason, reason.value)) : ''}</td>
            <td><span className={`tag ${tones[reason.verdict] ?? ''}`}>{t(`segment.verdicts.${reason.verdict as Verdict}`)}</span></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
