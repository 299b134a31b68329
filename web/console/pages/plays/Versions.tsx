/** Saved drafts of a play: who made which, who approved what went live (rule B3); an earlier one can be taken up again. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPlayVersions, type Play, type PlayDraft } from '@api/plays'
import { formatInstant } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'

export function Versions({ play, take }: { play: Play; take: ((draft: PlayDraft) => void) | null }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['play-versions', play.id, play.version], queryFn: () => listPlayVersions(play.id) })
  return (
    <Card title={t('design.versions')} hint={t('design.versionsHint')} flush>
      <Loaded query={query} rows={4}>
        {(found) => (
          <ol className="versions">
            {found.map((one) => (
              <li key={one.version}>
                <b>{t('design.version', { number: one.version })}</b>
                <span className="grow">{one.draft.zh?.title || one.draft.name}<span className="second s12">{t('design.madeBy', { name: one.made_by, time: formatInstant(one.made_at) })}</span>
                  {one.change_id && <span className="s12"><Link to={`/approvals/${one.change_id}`}>{t('design.approvedBy', { names: one.approvers.join('、') || '—' })}</Link></span>}</span>
                {take && (one.version === play.version ? <span className="tag">{t('design.current')}</span> : <Button size="small" onClick={() => take(one.draft)}>{t('design.take')}</Button>)}
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Card>
  )
}
