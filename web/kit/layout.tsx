/** The plain parts of a page: header, card, figures, note. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from './icons'

export interface Crumb {
  label: string
  to?: string
}

interface PageHeadProps {
  title: ReactNode
  tag?: ReactNode
  crumbs?: Crumb[]
  meta?: ReactNode
  actions?: ReactNode
}

/** Days in a title, which are not broken at their hyphens. */
const DAYS = /(\d{4}-\d{2}-\d{2})/

/** Breadcrumb, title with its status, one line about it, actions with the primary last. */
export function PageHead({ title, tag, crumbs, meta, actions }: PageHeadProps) {
  const { t } = useTranslation()
  return (
    <div className="page-head">
      {typeof title === 'string' && <title>{`${title} · Huoke`}</title>}
      <div>
        {crumbs && (
          <nav aria-label={t('shell.crumbs')}>
            <ol className="crumbs">
              {crumbs.map((crumb) => (
                <li key={crumb.label}>{crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}</li>
              ))}
            </ol>
          </nav>
        )}
        <div className="title">
          <h1>{typeof title === 'string' ? title.split(DAYS).map((part, at) => (at % 2 ? <span className="nowrap" key={at}>{part}</span> : part)) : title}</h1>
          {tag}
        </div>
        {meta && <div className="meta">{meta}</div>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  )
}

interface CardProps {
  title?: ReactNode
  hint?: ReactNode
  right?: ReactNode
  footer?: ReactNode
  accent?: boolean
  flush?: boolean
  className?: string
  children: ReactNode
}

export function Card({ title, hint, right, footer, accent, flush, className = '', children }: CardProps) {
  return (
    <section className={`card ${accent ? 'accent' : ''} ${className}`}>
      {title && (
        <header>
          <h2>{title}</h2>
          {hint && <small>{hint}</small>}
          {right && <div className="right">{right}</div>}
        </header>
      )}
      <div className={flush ? 'body flush' : 'body'}>{children}</div>
      {footer && <footer>{footer}</footer>}
    </section>
  )
}

export interface FigureItem {
  label: string
  value: ReactNode
  unit?: string
  hint?: ReactNode
}

/** A strip of figures, each with its unit and what it is compared with. */
export function Figures({ items }: { items: FigureItem[] }) {
  return (
    <div className="figures">
      {items.map((item) => (
        <div key={item.label}>
          <div className="label">{item.label}</div>
          <div className="value">
            <span className="figure second-size">
              {item.value}
              {item.unit && <u>{item.unit}</u>}
            </span>
            {item.hint && <small>{item.hint}</small>}
          </div>
        </div>
      ))}
    </div>
  )
}

export function Note({ kind, icon, children }: { kind?: 'warning' | 'danger'; icon?: IconName; children: ReactNode }) {
  return (
    <div className={`note ${kind ?? ''}`} role={kind ? 'alert' : undefined}>
      <Icon name={icon ?? (kind ? 'warning' : 'info')} />
      <div className="grow">{children}</div>
    </div>
  )
}

/** Name and value pairs. */
export function Facts({ rows, left }: { rows: [ReactNode, ReactNode][]; left?: boolean }) {
  return (
    <dl className={left ? 'facts left' : 'facts'}>
      {rows.map(([name, value], index) => (
        <div key={index} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  )
}
