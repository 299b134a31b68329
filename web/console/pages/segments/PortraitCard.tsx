/** What the customers of the rule are like beside the whole bank: the bar is here, the tick everywhere. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { portraitSegment, type Portrait } from '@api/segments'
import { useSession } from '@console/app/session'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatPoints, formatShare } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { isComplete, UNIT, type All, type Any, type Not } from './expression'
import { bandOf, mostDifferent, rowsOf, type PortraitRow } from './portrait'

interface PortraitCardProps {
  root: All | Any | Not
  segmentId: string | null
  scope: { serves: 'selection' | 'condition'; basis: string }
  /** The attributes the rule itself asks for. */
  asked: ReadonlySet<string>
}

const MOST = ''

export function PortraitCard({ root, segmentId, scope, asked }: PortraitCardProps) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { session } = useSession()
  const [chosen, setChosen] = useState(MOST)
  const settled = useDeferredValue(root)
  const query = useQuery({
    queryKey: ['segment-portrait', settled, scope.serves, scope.basis],
    queryFn: ({ signal }) => portraitSegment({ expression: settled as unknown as Record<string, unknown>, purpose: 'marketing', serves: scope.serves, basis: scope.basis.trim() || null, segment_id: segmentId }, signal),
    enabled: isComplete(settled),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const traits = query.data?.traits ?? []
  const choices = [{ value: MOST, label: t('portrait.most') }, ...traits.map((trait) => ({ value: trait.name, label: say(trait.label, trait.label_en) || trait.name }))]
  const shown = traits.some((trait) => trait.name === chosen) ? chosen : MOST
  return (
    <Card
      title={t('portrait.title')}
      hint={t(session.units == null ? 'portrait.hint' : 'portrait.hintUnits')}
      right={traits.length > 0 && <Select size="small" variant="borderless" aria-label={t('portrait.choose')} value={shown} onChange={setChosen} options={choices} popupMatchSelectWidth={false} />}
    >
      {isComplete(settled) ? <Loaded query={query} rows={6}>{(portrait) => <Rows portrait={portrait} chosen={shown} asked={asked} />}</Loaded> : <p className="muted s12">{t('segment.addFirst')}</p>}
    </Card>
  )
}

function Rows({ portrait, chosen, asked }: { portrait: Portrait; chosen: string; asked: ReadonlySet<string> }) {
  const { t } = useTranslation()
  const trait = portrait.traits.find((each) => each.name === chosen)
  const rows = trait ? rowsOf(trait) : mostDifferent(portrait.traits, asked)
  if (rows.length === 0) return <p className="muted s12">{t(portrait.total === 0 ? 'portrait.nobody' : portrait.traits.length === 0 ? 'portrait.few' : 'portrait.alike')}</p>
  return (
    <>
      <dl className="portrait">{rows.map((row) => <Row key={`${row.trait.name}/${row.value.value ?? `${row.value.low}-${row.value.high}`}`} row={row} alone={trait !== undefined} />)}</dl>
      {trait && trait.known < portrait.total && (
        <p className="s12 second">{t('portrait.unknown', { share: formatShare(portrait.total - trait.known, portrait.total), everyone: formatShare(portrait.universe - trait.known_universe, portrait.universe) })}</p>
      )}
      <p className="s12 second">{t('portrait.key')}</p>
    </>
  )
}

function Row({ row, alone }: { row: PortraitRow; alone: boolean }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  const { trait, value, share, everyone } = row
  const name = say(trait.label, trait.label_en) || trait.name
  const { low, high } = bandOf(value, trait.type === 'integer')
  const said =
    value.value == null
      ? low == null ? t('portrait.below', { high }) : high == null ? t('portrait.from', { low }) : low === high ? low : `${low}–${high}`
      : trait.name === UNIT ? unitLabel(Number(value.value), value.value) : trait.type === 'boolean' ? (alone ? t('segment.yes') : name) : value.value
  const band = value.value == null && !alone
  const ofTrait = value.value != null && !alone && trait.type !== 'boolean'
  const differs = (share - everyone) * 100
  const full = t('portrait.said', { name, value: said, count: formatCount(value.count), share: formatShare(value.count, trait.known), everyone: formatShare(value.universe, trait.known_universe) })
  return (
    <div title={full}>
      <dt className="clip">{band ? `${name} ${said}` : said}{ofTrait && <span className="muted"> {name}</span>}</dt>
      <dd>
        <span className="bar" role="img" aria-label={full}><i style={{ width: `${share * 100}%` }} /><s style={{ left: `calc(${everyone * 100}% - 1px)` }} /></span>
        <b>{formatShare(value.count, trait.known)}</b>
        <span className={differs > 0.05 ? 'good' : 'second'}>{formatPoints(differs)}</span>
      </dd>
    </div>
  )
}
