/** Registered event names: those every bank has, and this bank's own. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getActivity, listSchemas } from '@api/events'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { emptyDraft, SchemaForm } from './SchemaForm'

export default function SchemasPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const activity = useQuery({ queryKey: ['event-activity'], queryFn: getActivity, refetchInterval: 10_000, enabled: may('event.read') })
  const of = (name: string) => activity.data?.names.find((each) => each.name === name)
  const add = may('event.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('events.schema.register')}</Button>
  return (
    <>
      <DataPage
        name="event-schemas"
        operation="list_event_schemas"
        title={t('menu.eventSchemas')}
        label={t('menu.eventSchemas')}
        meta={t('events.schema.hint')}
        load={listSchemas}
        rowKey={(schema) => schema.name}
        open={(schema) => void navigate({ to: `/event-schemas/${schema.name}` })}
        searchHint={t('events.schema.search')}
        statuses={(['own', 'standard'] as const).map((value) => ({ value, label: t(`events.schema.origins.${value}`) }))}
        actions={add}
        columns={[
          { key: 'title', title: t('events.name'), field: 'title', render: (schema) => <><b>{say(schema.title, schema.title_en)}</b><small className="mono">{schema.name}</small></> },
          { key: 'name', title: t('events.schema.technical'), field: 'name', optional: true, render: (schema) => <span className="mono">{schema.name}</span> },
          { key: 'properties', title: t('events.schema.properties'), render: (schema) => { const named = schema.properties ?? []; return <><span>{t('events.schema.propertyCount', { count: named.length })}</span><small className="wrap-any">{named.slice(0, 5).map((one) => say(one.label, one.label_en)).join(' · ')}{named.length > 5 && ' …'}</small></> } },
          { key: 'day', title: t('events.day'), number: true, render: (schema) => formatCount(of(schema.name)?.day ?? (activity.data ? 0 : undefined)) },
          { key: 'month', title: t('events.month'), number: true, render: (schema) => formatCount(of(schema.name)?.month ?? (activity.data ? 0 : undefined)) },
          { key: 'last', title: t('events.last'), render: (schema) => formatRecent(of(schema.name)?.last_at) },
          { key: 'origin', title: t('events.schema.origin'), render: (schema) => <span className="row wrap"><span className={`tag ${schema.standard ? '' : 'run'}`}>{t(`events.schema.origins.${schema.standard ? 'standard' : 'own'}`)}</span>{schema.deposit_derived && <span className="tag gold">B1</span>}</span> },
        ]}
        empty={<Empty title={t('events.schema.none')} actions={add}>{t('events.schema.noneHint')}</Empty>}
      />
      {adding && <SchemaForm draft={emptyDraft} close={() => setAdding(false)} />}
    </>
  )
}
