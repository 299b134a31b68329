/** From a compensation or a later end, as approvals name them, to the case it belongs to. */
import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation, useParams } from '@tanstack/react-router'
import { getCompensation, getExtension } from '@api/desk'
import { Loaded } from '@kit/states'

export default function GoodwillPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { pathname } = useLocation()
  const later = pathname.includes('/extensions/')
  const query = useQuery<{ case_id: string }>({ queryKey: ['goodwill', id], queryFn: () => (later ? getExtension(id) : getCompensation(id)) })
  return <Loaded query={query}>{(found) => <Navigate to={`/cases/${found.case_id}`} replace />}</Loaded>
}
