/** A change field by field, in groups; with `ticked`, the reader marks each field as checked. */
import { Checkbox } from 'antd'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export interface DiffField {
  path: string
  label: string
  group: string
  before: ReactNode
  after: ReactNode
}

interface DiffViewProps {
  fields: DiffField[]
  /** True where there was nothing before: a new thing, so the empty column is left out. */
  fresh?: boolean
  ticked?: ReadonlySet<string>
  tick?: (path: string, on: boolean) => void
}

export function DiffView({ fields, fresh, ticked, tick }: DiffViewProps) {
  const { t } = useTranslation()
  const groups = [...new Set(fields.map((field) => field.group))]
  const columns = 2 + (fresh ? 0 : 1) + (ticked ? 1 : 0)
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('diff.label')}>
      <table className="table diff stacks">
        <thead>
          <tr>
            <th scope="col" style={{ width: '22%' }}>{t('diff.field')}</th>
            {!fresh && <th scope="col">{t('diff.before')}</th>}
            <th scope="col">{fresh ? t('diff.value') : t('diff.after')}</th>
            {ticked && <th scope="col" className="number">{t('diff.checked')}</th>}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const inside = fields.filter((field) => field.group === group)
            return (
              <Fragment key={group}>
                <tr className="band">
                  <td colSpan={columns}>
                    {group} · {t('diff.count', { count: inside.length })}
                  </td>
                </tr>
                {inside.map((field) => (
                  <tr key={field.path} id={`field-${field.path}`}>
                    <td className="second">{field.label}</td>
                    {!fresh && <td data-label={t('diff.before')}>{field.before == null || field.before === '' ? <span className="muted">—</span> : <span className="was">{field.before}</span>}</td>}
                    <td data-label={fresh ? t('diff.value') : t('diff.after')}>{field.after == null || field.after === '' ? <span className="muted">—</span> : <span className="now">{field.after}</span>}</td>
                    {ticked && (
                      <td className="number" data-label={t('diff.checked')}>
                        <Checkbox
                          checked={ticked.has(field.path)}
                          onChange={(event) => tick?.(field.path, event.target.checked)}
                          aria-label={t('diff.tick', { field: field.label })}
                          disabled={!tick}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
