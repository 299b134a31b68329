/** Declaring a nightly feed, or changing it. */
import { useQuery } from '@tanstack/react-query'
import { Checkbox, DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { listMappings } from '@api/customers'
import { changeFeed, declareFeed, listDatabases, type Feed } from '@api/imports'
import { requestNo } from '@api/request'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

interface Values {
  name: string
  by: 'folder' | 'database' | 'upload'
  folder?: string
  pattern?: string
  control_pattern?: string
  database_id?: string
  query?: string
  control_query?: string
  mapping?: string
  weekdays: number[]
  due_hour: number
  begins_on: Dayjs
}

const QUERY = "SELECT cust_no AS customer_no, branch AS unit_code FROM core.customer WHERE business_on = '{date-}'"
const COUNT = "SELECT count(*), max(changed_at) FROM core.customer WHERE business_on = '{date-}'"

export const wayOf = (feed?: Feed) => (!feed || feed.folder ? 'folder' : feed.database_id ? 'database' : 'upload')

export function FeedForm({ feed, close, done }: { feed?: Feed; close: () => void; done: (feedId: string) => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const by = Form.useWatch('by', form) ?? wayOf(feed)
  const known = useQuery({ queryKey: ['import-databases'], queryFn: listDatabases, enabled: by === 'database' })
  const databases = (known.data?.items ?? []).filter((one) => one.in_force)
  const mappings = useQuery({ queryKey: ['mappings'], queryFn: listMappings })
  const saved = mappings.data?.items ?? []
  const submit = async (values: Values) => {
    const folder = values.by === 'folder'
    const database = values.by === 'database'
    const wanted = {
      name: values.name,
      mapping: saved.find((one) => one.name === values.mapping)?.mapping ?? feed?.mapping ?? {},
      folder: folder ? (values.folder ?? '') : '',
      pattern: folder ? (values.pattern ?? '') : '',
      control_pattern: folder ? (values.control_pattern ?? '') : '',
      database_id: database ? values.database_id : null,
      query: database ? (values.query ?? '') : '',
      control_query: database ? (values.control_query ?? '') : '',
      weekdays: values.weekdays,
      due_hour: values.due_hour,
      begins_on: values.begins_on.format('YYYY-MM-DD'),
      request_no: requestNo(),
    }
    done(feed ? (await changeFeed(feed.id, wanted)).id : String(await declareFeed(wanted)))
  }
  const initial: Partial<Values> = feed
    ? { ...feed, by: wayOf(feed), database_id: feed.database_id ?? undefined, mapping: undefined, weekdays: [...feed.weekdays], begins_on: dayjs(feed.begins_on) }
    : { by: 'folder', folder: 'core', pattern: 'customers_{date}.csv', control_pattern: 'customers_{date}.ctl', weekdays: [1, 2, 3, 4, 5, 6, 7], due_hour: 6, begins_on: dayjs().subtract(1, 'day'), query: QUERY, control_query: COUNT }
  const needed = [{ required: true, message: t('feed.needed') }]
  return (
    <Ask<Values> title={feed ? t('feed.change') : t('feed.declare')} form={form} initial={initial} submit={submit} close={close} width={560}>
      <Form.Item name="name" label={t('feed.name')} rules={needed}><Input maxLength={80} placeholder={t('feed.nameHint')} /></Form.Item>
      <Form.Item name="mapping" label={t('feed.mapping')} extra={t('feed.mappingHint')} rules={feed ? [] : needed}>
        <Select placeholder={feed ? t('state.saved') : t('form.choose')} options={saved.map((one) => ({ value: one.name, label: one.name }))} notFoundContent={t('feed.noMapping')} />
      </Form.Item>
      <Form.Item name="by" label={t('feed.by')}>
        <Radio.Group options={[{ value: 'folder', label: t('feed.byFolder') }, { value: 'database', label: t('feed.byDatabase') }, { value: 'upload', label: t('feed.byUpload') }]} />
      </Form.Item>
      {by === 'database' && (
        <>
          <Form.Item name="database_id" label={t('source.database')} rules={needed}>
            <Select placeholder={t('form.choose')} loading={known.isLoading} options={databases.map((one) => ({ value: one.id, label: `${one.name} · ${one.address}` }))} notFoundContent={t('source.noDatabase')} />
          </Form.Item>
          <Form.Item name="query" label={t('source.query')} extra={t('feed.queryHint')} rules={needed}><Input.TextArea className="mono" rows={4} spellCheck={false} /></Form.Item>
          <Form.Item name="control_query" label={t('feed.count')} extra={t('feed.countHint')} rules={needed}><Input.TextArea className="mono" rows={3} spellCheck={false} /></Form.Item>
        </>
      )}
      {by === 'folder' && (
        <>
          <Form.Item name="folder" label={t('feed.folder')} extra={t('feed.folderHint')} rules={needed}><Input className="mono" maxLength={120} /></Form.Item>
          <Form.Item name="pattern" label={t('feed.pattern')} extra={t('feed.patternHint')} rules={needed}><Input className="mono" maxLength={120} /></Form.Item>
          <Form.Item name="control_pattern" label={t('feed.control')} rules={needed}><Input className="mono" maxLength={120} /></Form.Item>
        </>
      )}
      <Form.Item name="weekdays" label={t('feed.days')} rules={needed}>
        <Checkbox.Group options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`feed.weekdays.${value}`) }))} />
      </Form.Item>
      <div className="row wrap" style={{ gap: 20, alignItems: 'flex-start' }}>
        <Form.Item name="begins_on" label={t('feed.begins')} rules={needed}><DatePicker allowClear={false} /></Form.Item>
        <Form.Item name="due_hour" label={t('feed.due')} extra={t('feed.dueHint')} rules={needed}><InputNumber min={0} max={23} precision={0} suffix=":00" /></Form.Item>
      </div>
      {by === 'folder' && <Note icon="info">{t('feed.controlSays')}</Note>}
    </Ask>
  )
}
