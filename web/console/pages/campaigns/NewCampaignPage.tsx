/** Where a campaign begins: from a template of the house, one of the bank's own, or from nothing. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createCampaign, dropTemplate, listTemplates, useTemplate as beginFrom, type Template } from '@api/campaigns'
import { requestNo } from '@api/request'
import { useBilingual } from '@console/app/useWords'
import { formatRecent } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import './campaigns.css'
import { useMetricName } from './useMetrics'
import { blank } from './blank'

export default function NewCampaignPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={t('template.title')} crumbs={[{ label: t('menu.campaigns'), to: '/campaigns' }, { label: t('campaign.new') }]} meta={t('template.meta')} />
      <TemplateGallery />
    </>
  )
}

export function TemplateGallery() {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaign-templates'], queryFn: listTemplates })
  const begin = useBegin()
  return (
    <Loaded query={query} rows={6}>
      {(page) => {
        const own = page.items.filter((template) => template.own)
        return (
          <div className="stack">
            <ul className="gallery">
              <li>
                <button type="button" className="card blank" disabled={begin.busy !== null} onClick={() => void begin.blank()}>
                  <Icon name="plus" />
                  <b>{t('template.blank')}</b>
                  <span>{t('template.blankHint')}</span>
                </button>
              </li>
              {page.items.filter((template) => !template.own).map((template) => <TemplateCard key={template.id} template={template} begin={begin} />)}
            </ul>
            {own.length > 0 && (
              <>
                <h2 className="gallery-head">{t('template.own')}</h2>
                <ul className="gallery">{own.map((template) => <TemplateCard key={template.id} template={template} begin={begin} />)}</ul>
              </>
            )}
          </div>
        )
      }}
    </Loaded>
  )
}

interface Begin {
  busy: string | null
  blank: () => Promise<void>
  from: (template: Template) => Promise<void>
}

function useBegin(): Begin {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [no] = useState(requestNo)
  const start = async (key: string, make: () => Promise<string>) => {
    setBusy(key)
    try {
      const id = await make()
      await cache.invalidateQueries({ queryKey: ['campaigns'] })
      await navigate({ to: `/campaigns/${id}/edit`, search: { step: 'goal' } as never })
    } catch (error) {
      void message.error(say(problemOf(error)))
      setBusy(null)
    }
  }
  return {
    busy,
    blank: () => start('', () => createCampaign({ ...blank, name: t('campaign.unnamed'), request_no: `${no}-blank` })),
    from: (template) => start(template.id, async () => (await beginFrom(template.id, { name: '', request_no: `${no}-${template.id}` })).id),
  }
}

const pictures: Record<string, IconName> = { payroll_welcome: 'budget', dormant_card: 'bell', first_90_days: 'customer', tenure_care: 'benefit', local_life: 'counter', active_month: 'drop' }

function TemplateCard({ template, begin }: { template: Template; begin: Begin }) {
  const { t } = useTranslation()
  const bilingual = useBilingual()
  const metricName = useMetricName()
  const cache = useQueryClient()
  const remove = async () => {
    await dropTemplate(template.id)
    await cache.invalidateQueries({ queryKey: ['campaign-templates'] })
  }
  return (
    <li className="card template">
      <div className="row">
        <span className="seal"><Icon name={pictures[template.id] ?? 'campaign'} /></span>
        <b className="grow wrap-any">{bilingual(template.name, template.name_en)}</b>
        {template.own && (
          <Popconfirm title={t('template.dropSure')} onConfirm={() => void remove()} okText={t('action.remove')} cancelText={t('action.cancel')}>
            <button type="button" className="muted" aria-label={t('action.remove')}><Icon name="close" /></button>
          </Popconfirm>
        )}
      </div>
      <p className="s13 second">{bilingual(template.summary, template.summary_en) || (template.created_by && `${template.created_by} · ${formatRecent(template.created_at)}`)}</p>
      <div className="row wrap">
        <span className="tag plain">{t(`campaign.modes.${template.mode}`)}</span>
        {template.metric && <span className="tag plain">{metricName(template.metric)}</span>}
        {template.control_percent > 0 && <span className="tag plain gold">{t('template.control', { percent: template.control_percent })}</span>}
      </div>
      {template.missing.length > 0 && <p className="s12 warn">{t('template.missing', { names: template.missing.join(t('list.comma')) })}</p>}
      <Button block loading={begin.busy === template.id} disabled={begin.busy !== null && begin.busy !== template.id} onClick={() => void begin.from(template)}>{t('template.use')}</Button>
    </li>
  )
}
