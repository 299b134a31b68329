/** What tells this segment from another, or from everybody else of the bank: by attribute, and by tag. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { compareSegments, type Comparison } from '@api/segmentLife'
import type { SegmentPage } from '@api/segments'
import { useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { formatInstant, formatPoints, formatPpm } from '@kit/format'
import { Card, Figures } from '@kit/layout'
import { Loaded } from '@kit/states'
import { UNIT } from './expression'
import { told } from './MembersTab'
import { bandOf, mostDifferent, type PortraitRow } from './portrait'
import { TellingTags, timesOf, useTagName } from './TellingTags'
import { useSegmentChoices } from './useSegmentChoices'

const BANK = 'bank'
const SHOWN = 12

export function CompareTab({ page }: { page: SegmentPage }) {
  const { t } = useTranslation()
  const [other, setOther] = useState(BANK)
  const [exact, setExact] = useState<string | null>(null)
  const choices = useSegmentChoices(page.segment.id)
  const query = useQuery({
    queryKey: ['segment-comparison', page.segment.id, other, exact !== other],
    queryFn: () => compareSegments({ segment_id: page.segment.id, other_id: other === BANK ? null : other, sampled: exact !== other }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <div className="stack">
      <Card title={t('segmentLife.compare')} hint={query.data ? t('segmentLife.dataAt', { at: formatInstant(query.data.data_at) }) : undefined}>
        <div className="stack">
          <Select
            value={other} onChange={setOther} aria-label={t('segmentLife.compareWith')} style={{ width: '100%', maxWidth: 360 }} {...choices}
            options={[{ value: BANK, label: t('segmentLife.restOfBank') }, ...choices.options]}
          />
          <Loaded query={query} rows={4}>{(found) => <Sides found={found} />}</Loaded>
        </div>
      </Card>
      <Loaded query={query} rows={8}>
        {(found) => (
          <div className="halves">
            <Card title={t('segmentLife.byTrait')} hint={t('segmentLife.compareKey')}><Traits found={found} /></Card>
            <Card title={t('segmentLife.byTag')} hint={t('tag.profileHint')} right={found.tags.sampled && <Button type="link" size="small" style={{ padding: 0 }} loading={query.isFetching} onClick={() => setExact(other)}>{t('tag.exact')}</Button>}><Tags found={found} /></Card>
          </div>
        )}
      </Loaded>
    </div>
  )
}

function Sides({ found }: { found: Comparison }) {
  const { t } = useTranslation()
  const them = found.other ? t('segmentLife.othersOf', { name: found.other.name }) : t('segmentLife.restOfBank')
  return (
    <Figures
      items={[
        { label: found.segment.name, value: told(found.segment.total) },
        { label: them, value: told(found.others) },
        ...(found.other ? [{ label: t('segmentLife.inBoth'), value: told(found.both) }] : []),
      ]}
    />
  )
}

function Traits({ found }: { found: Comparison }) {
  const { t } = useTranslation()
  const rows = mostDifferent(found.portrait.traits, new Set(), SHOWN)
  if (rows.length === 0) return <p className="muted s12">{t(found.portrait.traits.length === 0 ? 'portrait.few' : 'portrait.alike')}</p>
  return <dl className="portrait">{rows.map((row) => <Trait key={`${row.trait.name}/${row.value.value ?? row.value.low}`} row={row} />)}</dl>
}

function Trait({ row }: { row: PortraitRow }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  const { trait, value, share, everyone } = row
  const label = say(trait.label, trait.label_en) || trait.name
  const { low, high } = bandOf(value, trait.type === 'integer')
  const band = low == null ? t('portrait.below', { high }) : high == null ? t('portrait.from', { low }) : low === high ? low : `${low}–${high}`
  const name = value.value == null ? `${label} ${band}` : trait.name === UNIT ? unitLabel(Number(value.value), value.value) : trait.type === 'boolean' ? label : `${value.value} ${label}`
  return <Line name={name} share={share} other={everyone} beside={formatPoints((share - everyone) * 100)} />
}

function Tags({ found }: { found: Comparison }) {
  const nameOf = useTagName()
  return (
    <TellingTags profile={found.tags}>
      {(rows) => (
        <dl className="portrait">
          {rows.slice(0, SHOWN).map((row) => <Line key={`${row.tag}/${row.value}`} name={nameOf(row)} to={`/tags/${row.tag}`} share={row.share} other={row.rest_share} beside={timesOf(row)} />)}
        </dl>
      )}
    </TellingTags>
  )
}

function Line({ name, to, share, other, beside }: { name: string; to?: string; share: number; other: number; beside: string }) {
  const { t } = useTranslation()
  const said = t('segmentLife.lineSaid', { name, share: formatPpm(share * 1e6), other: formatPpm(other * 1e6) })
  return (
    <div title={said}>
      <dt className="clip">{to ? <Link to={to}>{name}</Link> : name}</dt>
      <dd>
        <span className="bar" role="img" aria-label={said}><i style={{ width: `${share * 100}%` }} /><s style={{ left: `calc(${other * 100}% - 1px)` }} /></span>
        <b>{formatPpm(share * 1e6)}</b>
        <span className={share > other ? 'good' : 'second'}>{beside}</span>
      </dd>
    </div>
  )
}
