/** One labelled field of the long form: what is missing stands where the hint was. */
import { InputNumber } from 'antd'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Campaign, Checks, Draft } from '@api/campaigns'
import { Icon } from '@kit/icons'

export type FieldProblem = Campaign['problems'][number]

export interface SectionProps {
  draft: Draft
  change: (changes: Partial<Draft>) => void
  problems: Map<string, FieldProblem>
  checks: Checks | undefined
}

/** The problem of a field in the reader's language, else the server's sentence. */
export function useFieldProblem() {
  const { t, i18n } = useTranslation()
  return (problem: FieldProblem) => {
    const key = `campaign.problem.${problem.code}`
    return i18n.exists(key) ? t(key, { ...problem.data }) : problem.detail
  }
}

interface FieldProps {
  label: string
  problem?: FieldProblem
  hint?: ReactNode
  required?: boolean
  children: (id: string) => ReactNode
}

export function Field({ label, problem, hint, required, children }: FieldProps) {
  const id = useId()
  const say = useFieldProblem()
  return (
    <div className="field">
      <label htmlFor={id}>
        {required && <span className="bad" aria-hidden>* </span>}
        {label}
      </label>
      {children(id)}
      {problem ? (
        <span className={problem.code === 'missing' ? 'field-hint muted' : 'field-hint bad'}>
          {problem.code !== 'missing' && <Icon name="warning" />}
          {say(problem)}
        </span>
      ) : (
        hint && <span className="field-hint muted">{hint}</span>
      )}
    </div>
  )
}

export function Section({ id, title, hint, children }: { id: string; title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="card form-section" id={`section-${id}`}>
      <header>
        <h2>{title}</h2>
        {hint && <small>{hint}</small>}
      </header>
      <div className="body stack">{children}</div>
    </section>
  )
}

interface NumberProps {
  id: string
  value: number
  put: (value: number) => void
  unit: string
  least?: number
  most?: number
}

/** A whole number with its unit; empty counts as the least. */
export function WholeNumber({ id, value, put, unit, least = 0, most }: NumberProps) {
  return <InputNumber id={id} style={{ width: '100%' }} min={least} max={most} precision={0} value={value} suffix={unit} controls={false} onChange={(next) => put(next ?? least)} formatter={grouped} parser={plain} />
}

/** An amount typed in yuan and kept in fen. */
export function Yuan({ id, value, put, label }: { id?: string; value: number; put: (fen: number) => void; label?: string }) {
  const { t } = useTranslation()
  return (
    <InputNumber
      id={id} aria-label={label} style={{ width: '100%' }} min={0} max={99_999_999_999} precision={2} value={value / 100} suffix={t('unit.yuan')} controls={false}
      onChange={(next) => put(Math.round((next ?? 0) * 100))} formatter={grouped} parser={plain}
    />
  )
}

const grouped = (value: number | string | undefined) => {
  const [whole = '', rest] = String(value ?? '').split('.')
  const separated = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return rest === undefined ? separated : `${separated}.${rest}`
}
const plain = (text: string | undefined) => Number((text ?? '').replaceAll(',', ''))
