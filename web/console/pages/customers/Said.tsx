/** One happening in words: what it was, about what, how much, and what else the event tells. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { getCampaign } from '@api/campaigns'
import type { Happening } from '@api/timeline'
import { useSession } from '@console/app/session'
import { unitsQuery, useUnitName } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { formatMoney } from '@kit/format'

/** Facts whose values are words of the platform. */
const WORDED: ReadonlySet<string> = new Set(['reason', 'matter', 'device'])

export function Said({ line }: { line: Happening }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const told = useFacts(line)
  const about = say(line.about ?? '', line.about_en ?? '')
  return (
    <>
      <b>{say(line.title, line.title_en)}</b>
      {about && <span> · {about}</span>}
      {line.withheld ? <> <span className="muted s12">{t('held.hidden')}</span></> : (line.amount_fen ?? 0) !== 0 && <> {formatMoney(line.amount_fen)}</>}
      {told.length > 0 && <small>{told.map((fact, place) => <Fragment key={place}>{place > 0 && ' · '}{fact}</Fragment>)}</small>}
    </>
  )
}

/** What else the event tells: platform words and names in the reader's language, the bank's own words as they came. */
function useFacts(line: Happening): ReactNode[] {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const unitName = useUnitName()
  const units = useQuery(unitsQuery)
  const { before, after, before_en, after_en, import: brought, channel, ...rest } = line.properties ?? {}
  const fact = ([key, value]: [string, unknown]): ReactNode => {
    if (key === 'campaign') return may('campaign.read') && <Campaign id={String(value)} />
    if (key === 'outlet') {
      const unit = units.data?.items.find((each) => each.code === value)
      return unit ? unitName(unit) : String(value)
    }
    return WORDED.has(key) || (line.kind === 'product' && key === 'kind') ? t(`timeline.words.${String(value)}`, { defaultValue: String(value) }) : String(value)
  }
  return [
    line.name === 'record.changed' && before !== undefined && `${say(before, before_en)} → ${say(after ?? '', after_en)}`,
    ...Object.entries(rest).map(fact),
    channel && t(`timeline.channels.${channel}`, { defaultValue: channel }),
    brought && t('timeline.brought'),
  ].filter(Boolean)
}

function Campaign({ id }: { id: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaigns', id], queryFn: () => getCampaign(id), staleTime: 300_000, retry: false })
  return query.data ? <Link to={`/campaigns/${id}`}>{query.data.draft.name}</Link> : t('menu.campaigns')
}
