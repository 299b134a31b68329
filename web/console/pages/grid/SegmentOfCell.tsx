/** A segment of a cell's customers: it follows the grid, because each axis is a tag. */
import { useNavigate } from '@tanstack/react-router'
import { Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createCampaign } from '@api/campaigns'
import type { CellPage } from '@api/grid'
import { requestNo } from '@api/request'
import { createSegment } from '@api/segments'
import { blank } from '@console/pages/campaigns/blank'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Note } from '@kit/layout'

interface SegmentOfCellProps {
  page: CellPage
  name: string
  then: 'segment' | 'campaign'
  close: () => void
}

export function SegmentOfCell({ page, name, then, close }: SegmentOfCellProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [no] = useState(requestNo)
  const make = async (values: { name: string; basis?: string }) => {
    const content = { name: values.name.trim(), serves: 'selection' as const, purpose: 'marketing', basis: values.basis?.trim() || null, expression: page.expression }
    const segment = await createSegment({ ...content, request_no: no })
    if (then === 'segment') return navigate({ to: `/segments/${segment}` })
    const campaign = await createCampaign({ ...blank, name: content.name, segment_id: segment, request_no: `${no}-campaign` })
    return navigate({ to: `/campaigns/${campaign}/edit`, search: { step: 'goal' } as never })
  }
  return (
    <Ask<{ name: string; basis?: string }> title={t(`grid.make.${then}`)} submit={make} close={close} initial={{ name }} action={t(`grid.makes.${then}`)}>
      <p className="s13 second" style={{ marginBottom: 16 }}>{t('grid.makeHint', { count: page.customers ?? 0, shown: formatCount(page.customers) })}</p>
      <Form.Item name="name" label={t('segment.name')} rules={[{ required: true, whitespace: true, message: t('grid.nameNeeded') }]}><Input maxLength={60} /></Form.Item>
      {page.deposit && (
        <>
          <Form.Item name="basis" label={t('segment.basis')} rules={[{ required: true, whitespace: true, message: t('grid.basisNeeded') }]}><Input maxLength={100} placeholder={t('grid.basisHint')} /></Form.Item>
          <div style={{ marginBottom: 16 }}><Note kind="warning" icon="audit">{t('grid.deposit')} <b>{t('grid.noCondition')}</b>{t('grid.ruleB1')}</Note></div>
        </>
      )}
    </Ask>
  )
}
