/** From a compensation, a later end or a code to read out, as approvals name them, to the case it belongs to. */
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getCompensation, getExtension, getReading } from '@api/desk'
import { Loaded, Skeleton } from '@kit/states'

const readers: Record<string, (id: string) => Promise<{ case_id: string }>> = { compensations: getCompensation, extensions: getExtension, 'code-readings': getReading }

export default function GoodwillPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const navigate = useNavigate()
  const kind = useLocation().pathname.split('/').at(-2) ?? ''
  const query = useQuery<{ case_id: string }>({ queryKey: ['goodwill', id], queryFn: () => (readers[kind] ?? getCompensation)(id) })
  const caseId = query.data?.case_id
  useEffect(() => {
    if (caseId) void navigate({ to: `/cases/${caseId}`, replace: true })
  }, [caseId, navigate])
  return <Loaded page query={query}>{() => <Skeleton rows={6} />}</Loaded>
}
