/** Changes that were asked for of a play that runs, and what became of them. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listPlayAmendments, type Play } from '@api/plays'
import { useBilingual } from '@console/app/useWords'
import { formatInstant } from '@kit/format'
import { Card } from '@kit/layout'

const TONE = { submitted: 'warn', applied: 'ok', refused: '' } as Record<string, string>

export function Amendments({ play }: { play: Play }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { data } = useQuery({ queryKey: ['play-amendments', play.id], queryFn: () => listPlayAmendments(play.id) })
  if (!data?.length) return null
  return (
    <Card title={t('amend.list')} hint={t('amend.listHint')} flush>
      <ol className="versions">
        {data.map((one) => (
          <li key={one.id}>
            <span className={`tag ${TONE[one.state] ?? ''}`}>{t(`amend.states.${one.state}`)}</span>
            <span className="grow">{say(one.zh, one.en)}<span className="second s12">{formatInstant(one.closed_at ?? one.made_at)}</span></span>
            {one.change_id && <Link to={`/approvals/${one.change_id}`}>{t('play.look')}</Link>}
          </li>
        ))}
      </ol>
    </Card>
  )
}
