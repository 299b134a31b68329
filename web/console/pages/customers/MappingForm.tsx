/** What each column of the file is: field, attribute with its type, or left out; and on which basis the data may be used. */
import { Checkbox, Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Proposal } from '@api/customers'
import type { ImportEntity } from '@api/imports'
import { UnitSelect } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { Card } from '@kit/layout'

const targets = ['customer_no', 'name', 'phone', 'id_document', 'unit_code', 'attribute', 'ignore'] as const
const fieldTargets = ['field', 'ignore'] as const
const types = ['text', 'integer', 'decimal', 'date', 'boolean'] as const
const bases = ['consent', 'contract', 'legal_duty', 'public_record'] as const
type Target = (typeof targets)[number] | 'field'

export interface Column {
  column: string
  to: Target
  name: string
  label: string
  label_en: string
  type: (typeof types)[number]
  data_class: string
  deposit_derived: boolean
  [more: string]: unknown
}

export interface Mapping {
  columns: Column[]
  row_number_is_customer_no: boolean
  unit_code: string
  consents: { purpose: string; basis: string; text_version: string; channel: string }[]
  source: string
  [more: string]: unknown
}

/** A mapping travels as plain JSON; the page knows the parts it edits and keeps the rest. */
export const asMapping = (value: Record<string, unknown>): Mapping => value as unknown as Mapping

export type Gap = 'customerNo' | 'unit'

/** What still has to be said before the file can be read. */
export function mappingGaps(mapping: Mapping): Gap[] {
  const has = (target: Target) => mapping.columns.some((column) => column.to === target)
  const gaps: Gap[] = []
  if (has('customer_no') === mapping.row_number_is_customer_no) gaps.push('customerNo')
  if (!has('unit_code') && !mapping.unit_code) gaps.push('unit')
  return gaps
}

interface MappingFormProps {
  proposal: Proposal
  mapping: Mapping
  change: (mapping: Mapping) => void
  /** The fields of the entity the rows are; null where they are customers. */
  fields: ImportEntity['fields'] | null
}

export function MappingForm({ proposal, mapping, change, fields }: MappingFormProps) {
  const { t } = useTranslation()
  const bilingual = useBilingual()
  const put = (index: number, part: Partial<Column>) => change({ ...mapping, columns: mapping.columns.map((column, at) => (at === index ? { ...column, ...part } : column)) })
  const sampleOf = (column: string) => {
    const at = proposal.header.indexOf(column)
    return proposal.sample.slice(0, 3).map((row) => row[at]).filter(Boolean).join(' · ')
  }
  return (
    <>
      {!fields && <Whole mapping={mapping} change={change} />}
      <Card title={t('import.mapping')} hint={t('import.mappingHint', { count: mapping.columns.length })} flush>
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t('import.mapping')}>
          <table className="table">
            <thead>
              <tr><th scope="col">{t('import.column')}</th><th scope="col" style={{ width: 150 }}>{t('import.is')}</th><th scope="col" style={{ width: 150 }}>{t('import.attributeName')}</th><th scope="col" style={{ width: 150 }}>{t('import.label')}</th><th scope="col" style={{ width: 110 }}>{t('import.type')}</th><th scope="col">{t('import.class')}</th><th scope="col">{t('import.deposit')}</th></tr>
            </thead>
            <tbody>
              {mapping.columns.map((column, index) => (
                <tr key={column.column} className="map-row">
                  <td><b>{column.column}</b><small className="wrap-any">{sampleOf(column.column)}</small></td>
                  <td><Select size="small" aria-label={`${column.column} ${t('import.is')}`} value={column.to} options={(fields ? fieldTargets : targets).map((value) => ({ value, label: t(`import.targets.${value}`) }))} onChange={(to) => put(index, { to })} /></td>
                  {column.to === 'attribute' ? (
                    <>
                      <td><Input size="small" aria-label={`${column.column} ${t('import.attributeName')}`} value={column.name || column.column} onChange={(event) => put(index, { name: event.target.value })} /></td>
                      <td><Input size="small" aria-label={`${column.column} ${t('import.label')}`} value={column.label} onChange={(event) => put(index, { label: event.target.value })} /></td>
                      <td><Select size="small" aria-label={`${column.column} ${t('import.type')}`} value={column.type} options={types.map((value) => ({ value, label: t(`import.types.${value}`) }))} onChange={(type) => put(index, { type })} /></td>
                      <td><Select size="small" aria-label={`${column.column} ${t('import.class')}`} value={column.data_class} options={['C1', 'C2'].map((value) => ({ value, label: value }))} onChange={(data_class) => put(index, { data_class })} /></td>
                      <td><Checkbox aria-label={`${column.column} ${t('import.deposit')}`} checked={column.deposit_derived} onChange={(event) => put(index, { deposit_derived: event.target.checked })} /></td>
                    </>
                  ) : column.to === 'field' && fields ? (
                    <td colSpan={5}>
                      <Select size="small" aria-label={`${column.column} ${t('source.field')}`} value={column.name || undefined} placeholder={t('form.choose')} onChange={(name) => put(index, { name })}
                        options={fields.map((field) => ({ value: field.name, label: `${bilingual(field.label, field.label_en)}${field.required ? ' *' : ''} · ${t(`import.types.${field.type}`)}` }))} />
                    </td>
                  ) : (
                    <td colSpan={5} className="muted s12">{t(`import.targetSays.${column.to}`)}</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </>
  )
}

function Whole({ mapping, change }: { mapping: Mapping; change: (mapping: Mapping) => void }) {
  const { t } = useTranslation()
  const consent = mapping.consents.find((each) => each.purpose === 'marketing')
  const declare = (basis: string | undefined) => {
    const others = mapping.consents.filter((each) => each.purpose !== 'marketing')
    change({ ...mapping, consents: basis ? [...others, { purpose: 'marketing', basis, text_version: consent?.text_version || '1', channel: 'import' }] : others })
  }
  return (
    <Card title={t('import.whole')}>
      <Form layout="vertical" component="div" className="whole">
        <Form.Item label={t('import.rowNumber')} extra={t('import.rowNumberHint')}>
          <Switch aria-label={t('import.rowNumber')} checked={mapping.row_number_is_customer_no} onChange={(row_number_is_customer_no) => change({ ...mapping, row_number_is_customer_no })} />
        </Form.Item>
        <Form.Item label={t('import.unit')} extra={t('import.unitHint')}>
          <UnitSelect by="code" aria-label={t('import.unit')} allowClear placeholder={t('form.choose')} value={mapping.unit_code || undefined} onChange={(code?: string) => change({ ...mapping, unit_code: code ?? '' })} />
        </Form.Item>
        <Form.Item label={t('import.basis')} extra={t('import.basisHint')}>
          <Select aria-label={t('import.basis')} allowClear placeholder={t('import.noBasis')} value={consent?.basis} onChange={declare} options={bases.map((value) => ({ value, label: t(`customer.bases.${value}`) }))} />
        </Form.Item>
        <Form.Item label={t('import.source')} extra={t('import.sourceHint')}>
          <Input aria-label={t('import.source')} value={mapping.source} maxLength={60} onChange={(event) => change({ ...mapping, source: event.target.value })} />
        </Form.Item>
      </Form>
    </Card>
  )
}
