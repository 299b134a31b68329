/** The states of a page or card: loading, empty, broken, not allowed. Each says what can be done next. */
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'
import { problemOf } from './problem'
import { useProblemText } from './problemText'

type Sign = 'plus' | 'alert' | 'lock' | 'search' | 'calm'

const signs: Record<Sign, ReactNode> = {
  calm: <path d="M29.5 32a6.8 6.8 0 0 0 6.5 6.5" stroke="var(--primary)" />,
  plus: <path d="M36 25v12M30 31h12" stroke="var(--primary)" />,
  alert: <path d="M36 22v9M36 36v.5" stroke="var(--bad)" strokeWidth="2.4" />,
  lock: <path d="M31 29h10v8H31zM33 29v-2.5a3 3 0 0 1 6 0V29" stroke="var(--primary)" />,
  search: <path d="M35 34a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM42 37l-3.6-3.6" stroke="var(--primary)" />,
}

/** The drop over water, with the sign of the state in it. */
export function Drop({ sign }: { sign: Sign }) {
  return (
    <svg className="drop" viewBox="0 0 72 60" fill="none" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d="M36 4l9.5 14.2a12.6 12.6 0 1 1-19 0z" transform="translate(0 3)" fill="var(--tint)" stroke="var(--primary)" />
      {signs[sign]}
      <path d="M6 51q7.5-4 15 0t15 0 15 0 15 0" stroke="var(--h3)" />
      <path d="M16 57q5-2.6 10 0t10 0 10 0 10 0" stroke="var(--h3)" />
    </svg>
  )
}

interface StateProps {
  /** True where the state is the whole page: its title is then the page's heading. */
  page?: boolean
  title: string
  children?: ReactNode
  actions?: ReactNode
}

/** A state that is the whole page names the browser's tab and says how to get on. */
function PageTitle({ title }: { title: string }) {
  return (
    <>
      <title>{`${title} · Huoke`}</title>
      <h1>{title}</h1>
    </>
  )
}

function ToHome() {
  const { t } = useTranslation()
  return <Link to="/">{t('state.toHome')} ›</Link>
}

/** Nothing there: with a plus where something can be done about it. */
export function Empty({ page, sign, title, children, actions }: StateProps & { sign?: Sign }) {
  return (
    <div className="state">
      <Drop sign={sign ?? (actions ? 'plus' : 'calm')} />
      {page ? <PageTitle title={title} /> : <b>{title}</b>}
      {children && <p>{children}</p>}
      {(actions || page) && <div className="actions">{actions ?? <ToHome />}</div>}
    </div>
  )
}

/** Cause, effect, next step and the number that finds it in the server's log; `page` where nothing else stands on it. */
export function Broken({ page, error, retry }: { page?: boolean; error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const problem = problemOf(error)
  if (problem.status === 403) return <Denied page={page}>{say(problem)}</Denied>
  if (problem.status === 404) return <Empty page={page} sign="search" title={t('state.missing')}>{say(problem)}</Empty>
  return (
    <div className="state" role="alert">
      <Drop sign="alert" />
      {page ? <PageTitle title={t('state.broken')} /> : <b>{t('state.broken')}</b>}
      <p>
        {say(problem)}
        {problem.request_id && <> {t('state.number', { id: problem.request_id.slice(0, 12) })}</>}
      </p>
      {retry && (
        <div className="actions">
          <Button icon={<Icon name="retry" />} onClick={retry}>{t('action.retry')}</Button>
        </div>
      )}
    </div>
  )
}

/** In the list of a choice: what is missing, and where it is made. A list that is only filtered to nothing says so. */
export function Lacking({ none, says, to, action }: { none: boolean; says: string; to: string; action: string }) {
  const { t } = useTranslation()
  return <span className="s13 second lacking">{none ? <>{says} <Link to={to}>{action} ›</Link></> : t('table.noMatch')}</span>
}

export function Denied({ page, children }: { page?: boolean; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className="state">
      <Drop sign="lock" />
      {page ? <PageTitle title={t('state.denied')} /> : <b>{t('state.denied')}</b>}
      <p>{children ?? t('state.deniedHint')}</p>
      {page && <div className="actions"><ToHome /></div>}
    </div>
  )
}

/** Grey rows, shown only when the wait is long enough to notice. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  const [visible, setVisible] = useState(false)
  const { t } = useTranslation()
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="skeleton" role="status" style={{ visibility: visible ? 'visible' : 'hidden' }}>
      <span className="visually-hidden">{t('state.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden>
          <i style={{ width: `${34 - (row % 3) * 6}%` }} />
          <i style={{ width: `${14 + (row % 2) * 6}%` }} />
          <i style={{ width: '16%', marginLeft: 'auto' }} />
          <i style={{ width: '12%' }} />
        </span>
      ))}
    </div>
  )
}

/** One line where a small part of a page could not be read, and the way to ask again. */
export function Unread({ query }: { query: Pick<QueryState<unknown>, 'refetch'> }) {
  const { t } = useTranslation()
  return <p className="s12 second unread" role="alert">{t('state.broken')} <Button type="link" size="small" onClick={() => void query.refetch()}>{t('action.retry')}</Button></p>
}

/** The same above a form whose choices come from several questions: those that failed are asked again together. */
export function UnreadChoices({ queries }: { queries: QueryState<unknown>[] }) {
  const failed = queries.filter((one) => one.error && one.data === undefined)
  return failed.length > 0 && <div className="above-list"><Unread query={{ refetch: () => Promise.all(failed.map((one) => one.refetch())) }} /></div>
}

export interface QueryState<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** A query's data once it is there, else its state. Data that was there stays while a refresh fails. */
export function Loaded<T>({ page, query, rows, children }: { page?: boolean; query: QueryState<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Broken page={page} error={query.error} retry={() => void query.refetch()} />
  return <Skeleton rows={rows} />
}
