/** Which trait of identify fills which attribute of the customer. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listAttributes } from '@api/customers'
import { listTraits, putTrait, type EventSchema, type Trait } from '@api/events'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'

export function TraitsCard({ schema }: { schema: EventSchema }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const tell = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const [adding, setAdding] = useState(false)
  const query = useQuery({ queryKey: ['event-traits'], queryFn: listTraits })
  const labelOf = (name: string) => { const one = schema.properties?.find((each) => each.name === name); return one ? say(one.label, one.label_en) : name }
  const end = (trait: Trait) =>
    void modal.confirm({
      title: t('events.trait.end', { name: labelOf(trait.property) }), content: t('events.trait.endHint'), icon: null, okText: t('action.remove'), okButtonProps: { danger: true },
      onOk: () => putTrait(trait.property, null).then(() => cache.invalidateQueries({ queryKey: ['event-traits'] })).catch((error: unknown) => void message.error(tell(problemOf(error)))),
    })
  const add = may('event.write') && <Button size="small" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('events.trait.add')}</Button>
  return (
    <Card title={t('events.trait.title')} hint={t('events.trait.hint')} right={add} flush>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('events.trait.none')} actions={add}>{t('events.trait.noneHint')}</Empty>
          ) : (
            <DataTable
              label={t('events.trait.title')}
              rows={page.items}
              rowKey={(one) => one.property}
              columns={[
                { key: 'trait', title: t('events.trait.trait'), render: (one) => <><b>{labelOf(one.property)}</b><small className="mono">{one.property}</small></> },
                { key: 'attribute', title: t('events.trait.attribute'), render: (one) => <>{say(one.label, one.label_en)}<small className="mono">{one.attribute}</small></> },
                { key: 'type', title: t('events.schema.type'), render: (one) => <>{t(`import.types.${one.type}`)}{one.data_class === 'C2' && <small>{t('events.classes.C2')}</small>}</> },
                { key: 'actions', title: '', render: (one) => may('event.write') && <Button size="small" danger onClick={() => end(one)}>{t('action.remove')}</Button> },
              ]}
            />
          )
        }
      </Loaded>
      {adding && <Adding schema={schema} taken={query.data?.items ?? []} close={() => setAdding(false)} />}
    </Card>
  )
}

/** A value keeps its class: only attributes of the trait's own class are offered, and none another trait fills. */
function Adding({ schema, taken, close }: { schema: EventSchema; taken: Trait[]; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const [form] = Form.useForm<{ property: string; attribute: string }>()
  const property = Form.useWatch('property', form)
  const attributes = useQuery({ queryKey: ['attributes'], queryFn: listAttributes })
  const chosen = schema.properties?.find((each) => each.name === property)
  const free = (schema.properties ?? []).filter((each) => !taken.some((one) => one.property === each.name))
  const fitting = (attributes.data?.items ?? []).filter((each) => each.data_class === (chosen?.data_class ?? 'C1') && !each.deposit_derived && !taken.some((one) => one.attribute === each.name))
  const submit = async (values: { property: string; attribute: string }) => {
    await putTrait(values.property, values.attribute)
    await cache.invalidateQueries({ queryKey: ['event-traits'] })
  }
  return (
    <Ask<{ property: string; attribute: string }> form={form} title={t('events.trait.add')} submit={submit} close={close} action={t('action.save')}>
      <Form.Item name="property" label={t('events.trait.trait')} rules={needed(t('events.trait.trait'))}>
        <Select showSearch={{ optionFilterProp: 'label' }} onChange={() => form.resetFields(['attribute'])} options={free.map((each) => ({ value: each.name, label: `${say(each.label, each.label_en)} · ${each.name}` }))} />
      </Form.Item>
      <Form.Item name="attribute" label={t('events.trait.attribute')} extra={t('events.trait.attributeHint')} rules={needed(t('events.trait.attribute'))}>
        <Select showSearch={{ optionFilterProp: 'label' }} disabled={!chosen} options={fitting.map((each) => ({ value: each.name, label: `${say(each.label, each.label_en)} · ${each.name}` }))} />
      </Form.Item>
    </Ask>
  )
}
