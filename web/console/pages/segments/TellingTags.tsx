/** What a comparison by tag tells: which rows stand, how a row is called, how many times as common it is, how exact it is. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { TagProfile } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatPpm } from '@kit/format'

export type TagRow = TagProfile['tags'][number]

/** A tag by its name; where its values are more than yes, with the value. */
export function useTagName(): (row: Pick<TagRow, 'label' | 'label_en' | 'value' | 'value_label' | 'value_label_en'>) => string {
  const { t } = useTranslation()
  const say = useBilingual()
  return (row) => {
    const label = say(row.label, row.label_en)
    return row.value === 'yes' ? label : t('tag.withValue', { label, value: say(row.value_label, row.value_label_en) })
  }
}

export const timesOf = ({ times }: TagRow) => (times == null ? '—' : `×${times.toFixed(times < 10 ? 1 : 0)}`)

/** Rows that stand among so many that were looked at, and how they were counted; where none does, why. */
export function TellingTags({ profile, children }: { profile: TagProfile; children: (rows: TagRow[]) => ReactNode }) {
  const { t } = useTranslation()
  const rows = profile.tags.filter((row) => row.significant)
  if (rows.length === 0) return <p className="muted s12">{t(profile.tested === 0 ? 'tag.profileFew' : 'tag.profileAlike')}</p>
  return (
    <>
      {children(rows)}
      <p className="s12 second">{t(profile.sampled ? 'tag.profileSampled' : 'tag.profileExact', { tested: formatCount(profile.tested), error: formatPpm(profile.error * 1e6) })}</p>
    </>
  )
}
