/** From a compensation or a later end, as approvals name them, to the case it belongs to. */
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getCompensation, getExtension } from '@api/desk'
import { Loaded, Skeleton } from '@kit/states'

export default function GoodwillPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const navigate = useNavigate()
  const later = useLocation().pathname.includes('/extensions/')
  const query = useQuery<{ case_id: string }>({ queryKey: ['goodwill', id], queryFn: () => (later ? getExtension(id) : getCompensation(id)) })
  const caseId = query.data?.case_id
  useEffect(() => {
    if (caseId) void navigate({ to: `/cases/${caseId}`, replace: true })
  }, [caseId, navigate])
  return <Loaded query={query}>{() => <Skeleton rows={6} />}</Loaded>
}
