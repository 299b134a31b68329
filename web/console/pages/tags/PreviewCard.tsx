/** Who would have a tag as it is being written: counted a moment after the last change. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { previewTag, type Definition, type TagPreview } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { formatCount, formatShare } from '@kit/format'
import { Card, Facts, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { countable } from './drafting'
import { Shares, useShares } from './TagCards'
import { usePathWords } from './tagWords'

const PAUSE_MS = 350

export function PreviewCard({ one }: { one: Definition }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const asked = JSON.stringify(countable(one))
  const [settled, setSettled] = useState(asked)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [asked])
  const query = useQuery({
    queryKey: ['tag-preview', settled],
    queryFn: ({ signal }) => previewTag(JSON.parse(settled) as Definition, signal),
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
  })
  const found = settled === 'null' ? undefined : query.data
  return (
    <div className="stack">
      <Card title={t('tag.preview')} right={query.isFetching && t('segment.counting')}>
        {query.error && settled !== 'null' && <Note kind="danger">{say(problemOf(query.error))}</Note>}
        <div aria-live="polite">{found ? <Counts one={one} found={found} /> : <p className="muted s13">{t('tag.previewFirst')}</p>}</div>
      </Card>
      {found && <LooksAt one={one} found={found} />}
    </div>
  )
}

function Counts({ one, found }: { one: Definition; found: TagPreview }) {
  const { t } = useTranslation()
  const values = found.values ?? []
  const counts = Object.fromEntries(values.map((value) => [value.name, value.count]))
  const universe = found.universe ?? 0
  const shares = useShares(one.values, counts, found.known ?? 0, universe)
  if (found.universe == null) return <p className="muted s13">{t('tag.bankOnly')}</p>
  return (
    <>
      <div className="figure">{formatCount(values.reduce((sum, value) => sum + value.count, 0))}<u>{t('unit.households')}</u></div>
      <p className="s12 second" style={{ marginBottom: 12 }}>{t('tag.previewSays', { share: formatShare(found.known ?? 0, universe), universe: formatCount(universe) })}{found.part && ` ${t('tag.previewPart')}`}</p>
      <Shares shares={shares} universe={universe} />
    </>
  )
}

function LooksAt({ one, found }: { one: Definition; found: TagPreview }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const said = usePathWords([one, ...found.uses])
  return (
    <Card title={t('tag.madeOf')}>
      <Facts rows={[...found.uses.map((use): [string, string] => [say(use.label, use.label_en) || use.name, use.data_class]), [t('tag.class'), found.data_class]]} />
      {found.deposit_path.length > 0 && <div style={{ marginTop: 12 }}><Note kind="warning" icon="audit">{t('tag.depositPath', { path: said(found.deposit_path) })}</Note></div>}
    </Card>
  )
}
