/** One event name: its properties with type and class, what it is called elsewhere, how often it comes, what reads it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getActivity, listSchemas, listUses, type EventSchema } from '@api/events'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { draftOf, SchemaForm } from './SchemaForm'
import { TraitsCard } from './TraitsCard'

const IDENTIFIED = 'customer.identified'

export default function SchemaPage() {
  const { t } = useTranslation()
  const { name } = useParams({ strict: false }) as { name: string }
  const query = useQuery({ queryKey: ['event-schemas', 'choices'], queryFn: () => listSchemas() })
  return (
    <Loaded page query={query} rows={8}>
      {(page) => {
        const schema = page.items.find((each) => each.name === name)
        return schema ? <View schema={schema} /> : <Empty page sign="search" title={t('state.missing')}>{t('state.missingHint')}</Empty>
      }}
    </Loaded>
  )
}

function View({ schema }: { schema: EventSchema }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [editing, setEditing] = useState(false)
  const title = say(schema.title, schema.title_en)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.eventSchemas'), to: '/event-schemas' }, { label: schema.name }]}
        title={title}
        tag={<><span className={`tag ${schema.standard ? '' : 'run'}`}>{t(`events.schema.origins.${schema.standard ? 'standard' : 'own'}`)}</span>{schema.deposit_derived && <span className="tag gold">{t('events.schema.depositTag')}</span>}</>}
        meta={<><span className="mono">{schema.name}</span>{(schema.aliases ?? []).length > 0 && <span><em>{t('events.schema.aliases')}</em>{schema.aliases?.join(', ')}</span>}</>}
        actions={may('event.write') && <Button type="primary" icon={<Icon name="edit" />} onClick={() => setEditing(true)}>{t('events.schema.amend')}</Button>}
      />
      {may('event.read') && <Activity name={schema.name} />}
      <div className="aside wide">
        <div className="stack">
          <Properties schema={schema} />
          {schema.name === IDENTIFIED && <TraitsCard schema={schema} />}
        </div>
        <Uses name={schema.name} />
      </div>
      {editing && <SchemaForm draft={draftOf(schema)} close={() => setEditing(false)} />}
    </>
  )
}

function Activity({ name }: { name: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['event-activity'], queryFn: getActivity, refetchInterval: 10_000 })
  const said = query.data?.names.find((each) => each.name === name)
  return (
    <Figures
      items={[
        { label: t('events.day'), value: formatCount(query.data ? (said?.day ?? 0) : undefined), hint: <Link to={`/events?name=${name}`}>{t('events.schema.toLatest')} ›</Link> },
        { label: t('events.month'), value: formatCount(query.data ? (said?.month ?? 0) : undefined) },
        { label: t('events.last'), value: formatInstant(said?.last_at) },
      ]}
    />
  )
}

function Properties({ schema }: { schema: EventSchema }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const properties = schema.properties ?? []
  return (
    <Card title={t('events.schema.properties')} hint={t('events.schema.propertyCount', { count: properties.length })} footer={t('events.schema.always')} flush>
      {properties.length === 0 ? (
        <Empty title={t('events.schema.noProperties')}>{t('events.schema.noPropertiesHint')}</Empty>
      ) : (
        <DataTable
          label={t('events.schema.properties')}
          rows={properties}
          rowKey={(one) => one.name}
          columns={[
            { key: 'name', title: t('events.schema.property'), render: (one) => <><b>{say(one.label, one.label_en)}</b><small className="mono">{one.name}</small></> },
            { key: 'type', title: t('events.schema.type'), render: (one) => t(`events.types.${one.type ?? 'text'}`) },
            { key: 'class', title: t('events.schema.class'), render: (one) => (one.data_class === 'C2' ? <span className="tag warn">{t('events.classes.C2')}</span> : t('events.classes.C1')) },
            { key: 'needed', title: t('events.schema.needed'), render: (one) => (one.required ? t('segment.yes') : t('form.optional')) },
          ]}
        />
      )}
    </Card>
  )
}

function Uses({ name }: { name: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['event-uses', name], queryFn: () => listUses(name) })
  return (
    <Card title={t('events.schema.uses')} flush>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <div style={{ padding: '4px 20px 16px' }}><Note>{t('events.schema.noUses')}</Note></div>
          ) : (
            <ul className="lines">
              {page.items.map((use) => (
                <li key={`${use.kind}.${use.id}`} className="between">
                  {use.kind === 'segment' ? <Link to={`/segments/${use.id}`} className="wrap-any">{use.title}</Link> : <span className="wrap-any">{say(use.title, use.title_en)}</span>}
                  <span className="tag plain">{t(`events.useKinds.${use.kind}`)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}
