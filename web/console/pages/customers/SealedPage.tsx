/** Attributes that lie sealed, and the bands by which rules may tell customers apart: asked for, decided by another. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBandsRequests, requestBands, type BandsRequest } from '@api/bands'
import { listAttributes, type Attribute } from '@api/customers'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatRecent } from '@kit/format'
import { Card, Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const EDGES_MAX = 20

export default function SealedPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const [asking, setAsking] = useState<Attribute | null>(null)
  const attributes = useQuery({ queryKey: ['attributes'], queryFn: listAttributes })
  const requests = useQuery({ queryKey: ['attribute-bands'], queryFn: listBandsRequests })
  const open = (name: string) => requests.data?.items.find((one) => one.name === name && one.state === 'requested')
  return (
    <>
      <PageHead title={t('sealed.title')} meta={<span>{t('sealed.hint')}</span>} />
      <Loaded query={attributes} rows={4}>
        {({ items }) => {
          const rows = items.filter((one) => one.data_class === 'C2')
          return (
            <Card flush={rows.length > 0}>
              {rows.length === 0 ? (
                <Empty title={t('sealed.none')}>{t('sealed.noneHint')}</Empty>
              ) : (
                <DataTable
                  label={t('sealed.title')}
                  rows={rows}
                  rowKey={(row) => row.name}
                  columns={[
                    { key: 'name', title: t('sealed.name'), render: (row) => <><b>{say(row.label, row.label_en)}</b><small className="mono">{row.name}</small></> },
                    { key: 'type', title: t('sealed.type'), render: (row) => t(`sealed.types.${row.type}`) },
                    { key: 'bands', title: t('sealed.bands'), render: (row) => <Bands edges={row.bands ?? []} /> },
                    { key: 'state', title: t('sealed.state'), render: (row) => <Standing request={open(row.name)} banded={(row.bands ?? []).length > 0} /> },
                    { key: 'do', title: '', render: (row) => may('customer.import') && canBand(row) && !open(row.name) && <Button size="small" onClick={() => setAsking(row)}>{t(row.bands?.length ? 'sealed.change' : 'sealed.declare')}</Button> },
                  ]}
                />
              )}
            </Card>
          )
        }}
      </Loaded>
      {(requests.data?.items.length ?? 0) > 0 && <div style={{ marginTop: 16 }}><Requests rows={requests.data?.items ?? []} /></div>}
      {asking && <BandsForm attribute={asking} close={() => setAsking(null)} done={() => void requests.refetch()} />}
    </>
  )
}

/** Texts and yes-or-no have no order, so there is nothing to cut. */
const canBand = (one: Attribute) => ['integer', 'decimal', 'date'].includes(one.type)

function Bands({ edges }: { edges: readonly string[] }) {
  const { t } = useTranslation()
  if (edges.length === 0) return <span className="muted">{t('sealed.noBands')}</span>
  return <span className="row" style={{ flexWrap: 'wrap', gap: 4 }}>{edges.map((edge) => <span key={edge} className="tag plain">≥ {isNaN(Number(edge)) ? edge : formatCount(Number(edge))}</span>)}</span>
}

function Standing({ request, banded }: { request?: BandsRequest; banded: boolean }) {
  const { t } = useTranslation()
  if (request?.change_id) return <Link to={`/approvals/${request.change_id}`}><span className="tag warn">{t('sealed.waiting')}</span></Link>
  return <span className={`tag ${banded ? 'ok' : 'plain'}`}>{t(banded ? 'sealed.usable' : 'sealed.closed')}</span>
}

function Requests({ rows }: { rows: readonly BandsRequest[] }) {
  const { t } = useTranslation()
  return (
    <Card title={t('sealed.requests')} flush>
      <DataTable
        label={t('sealed.requests')}
        rows={rows.slice(0, 20)}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: t('sealed.name'), render: (row) => (row.change_id ? <Link className="name mono" to={`/approvals/${row.change_id}`}>{row.name}</Link> : <span className="mono">{row.name}</span>) },
          { key: 'bands', title: t('sealed.bands'), render: (row) => <Bands edges={row.bands} /> },
          { key: 'reason', title: t('identity.reason'), render: (row) => row.reason },
          { key: 'state', title: t('sealed.state'), render: (row) => <StatusTag kind="request" value={row.state} /> },
          { key: 'by', title: t('sealed.by'), render: (row) => <>{row.requested_by}<small>{formatRecent(row.requested_at)}</small></> },
        ]}
      />
    </Card>
  )
}

function BandsForm({ attribute, close, done }: { attribute: Attribute; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useBilingual()
  const submit = async (values: { bands?: string[]; reason: string }) => {
    await requestBands({ name: attribute.name, bands: values.bands ?? [], reason: values.reason })
    void message.success(t('identity.asked'))
    done()
  }
  return (
    <Ask<{ bands?: string[]; reason: string }> title={t('sealed.ask', { name: say(attribute.label, attribute.label_en) })} submit={submit} close={close} action={t('identity.ask')} initial={{ bands: attribute.bands ? [...attribute.bands] : [] }}>
      <Note>{t('sealed.askHint')}</Note>
      <Form.Item name="bands" label={t('sealed.edges')} extra={t(attribute.type === 'date' ? 'sealed.edgesDate' : 'sealed.edgesHint')} style={{ marginTop: 16 }}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ' ', ';']} maxCount={EDGES_MAX} />
      </Form.Item>
      <Form.Item name="reason" label={t('identity.reason')} rules={[{ required: true, min: 2, message: t('identity.reasonNeeded') }]}>
        <Input.TextArea rows={2} maxLength={200} showCount />
      </Form.Item>
    </Ask>
  )
}
