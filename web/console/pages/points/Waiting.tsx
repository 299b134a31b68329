/** Requests that wait for another person, each leading to its approval. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatInstant } from '@kit/format'
import { Note } from '@kit/layout'

interface Asked {
  id: string
  state: string
  requested_by: string
  requested_at: string
  change_id?: string | null
}

export function Waiting({ requests }: { requests: Asked[] }) {
  const { t } = useTranslation()
  return requests.filter((one) => one.state === 'requested').map((one) => (
    <Note key={one.id} icon="info">{t('points.waits', { who: one.requested_by, time: formatInstant(one.requested_at) })} {one.change_id && <Link to={`/approvals/${one.change_id}`}>{t('points.look')}</Link>}</Note>
  ))
}
