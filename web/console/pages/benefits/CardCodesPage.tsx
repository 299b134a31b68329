/** Card codes: batches, what became of each line, how many are left; files of codes go up here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, DatePicker, Form, Input, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSkus } from '@api/benefits'
import { every } from '@api/every'
import { fileAddress } from '@api/files'
import { listCodeBatches, uploadCodes, voidCodeBatch, type CodeBatch } from '@api/places'
import { useSession } from '@console/app/session'
import { useSkuName } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { Burn } from '@kit/Burn'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { useNeeded } from './CatalogueForms'
import { FileField } from './FileField'

const lists = ['success', 'failed', 'exists', 'duplicate'] as const
const everySku = { queryKey: ['skus', 'every'], queryFn: () => every(listSkus) } as const

export default function CardCodesPage() {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const { may } = useSession()
  const skus = useQuery(everySku)
  const [uploading, setUploading] = useState(false)
  const [recalling, setRecalling] = useState<CodeBatch | null>(null)
  const skuName = (id: string) => { const sku = skus.data?.items.find((each) => each.id === id); return sku ? skuLabel(sku) : '…' }
  const create = may('benefit.write') && <Button type="primary" icon={<Icon name="upload" />} onClick={() => setUploading(true)}>{t('codes.upload')}</Button>
  return (
    <>
      <DataPage
        title={t('codes.title')}
        meta={<span>{t('codes.hint')}</span>}
        actions={create}
        name="card_code_batches"
        operation="list_card_code_batches"
        label={t('codes.title')}
        load={listCodeBatches}
        rowKey={(batch) => batch.id}
        refetchInterval={5_000}
        columns={[
          { key: 'batch', title: t('codes.batch'), field: 'file_name', render: (batch) => <><b>{skuName(batch.sku_id)}</b><small>{batch.file_name} · {formatInstant(batch.uploaded_at)}</small></> },
          { key: 'expires', title: t('codes.expires'), field: 'expires_on', render: (batch) => batch.expires_on },
          { key: 'lists', title: t('codes.lists'), render: (batch) => <Lists batch={batch} /> },
          { key: 'left', title: t('codes.left'), width: 140, render: (batch) => <Burn label={batch.file_name} spent={batch.seen + batch.void} held={batch.drawn} limit={batch.success} /> },
          { key: 'free', title: t('codes.free'), field: 'free', number: true, render: (batch) => <b>{formatCount(batch.free)}</b> },
          { key: 'drawn', title: t('codes.drawn'), field: 'drawn', number: true, render: (batch) => formatCount(batch.drawn) },
          { key: 'seen', title: t('codes.seen'), field: 'seen', number: true, render: (batch) => formatCount(batch.seen) },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.batch', render: (batch) => <><StatusTag kind="batch" value={batch.state} tone={batch.state === 'void' ? 'bad' : undefined} />{batch.error && <small>{batch.error}</small>}</> },
          { key: 'actions', title: '', render: (batch) => batch.can.includes('void') && <Button size="small" danger onClick={() => setRecalling(batch)}>{t('codes.recall')}</Button> },
        ]}
        empty={<Empty title={t('codes.none')} actions={create}>{t('codes.noneHint')}</Empty>}
      />
      {uploading && <UploadForm close={() => setUploading(false)} />}
      {recalling && <RecallForm batch={recalling} close={() => setRecalling(null)} />}
    </>
  )
}

function Lists({ batch }: { batch: CodeBatch }) {
  const { t } = useTranslation()
  return (
    <span className="row s12">
      {lists.filter((list) => batch[list] > 0).map((list) => {
        const file = batch.lists[list]
        const said = <>{t(`codes.${list}`)} <b>{formatCount(batch[list])}</b></>
        return file ? <a key={list} href={fileAddress(file)} download>{said}</a> : <span key={list}>{said}</span>
      })}
    </span>
  )
}

function UploadForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const skuLabel = useSkuName()
  const needed = useNeeded()
  const cache = useQueryClient()
  const skus = useQuery(everySku)
  const fitting = (skus.data?.items ?? []).filter((sku) => { const details = (sku.terms ?? sku.draft)?.details; return sku.status !== 'retired' && details?.type === 'voucher' && details.code === 'card_code' })
  const submit = async ({ sku_id, expires_on, file }: { sku_id: string; expires_on: Dayjs; file: File }) => {
    await uploadCodes(sku_id, expires_on.format('YYYY-MM-DD'), file)
    await cache.invalidateQueries({ queryKey: ['card_code_batches'] })
  }
  return (
    <Ask<{ sku_id: string; expires_on: Dayjs; file: File }> title={t('codes.upload')} submit={submit} close={close} action={t('codes.upload')}>
      {skus.data && fitting.length === 0 && <Note kind="warning">{t('codes.noSku')}</Note>}
      <Form.Item name="sku_id" label={t('campaign.sku')} rules={needed(t('campaign.sku'))}><Select showSearch={{ optionFilterProp: 'label' }} options={fitting.map((sku) => ({ value: sku.id, label: skuLabel(sku) }))} /></Form.Item>
      <Form.Item name="expires_on" label={t('codes.expires')} extra={t('codes.expiresHint')} rules={needed(t('codes.expires'))}><DatePicker style={{ width: '100%' }} /></Form.Item>
      <Form.Item name="file" label={t('codes.file')} extra={t('codes.fileHint')} rules={needed(t('codes.file'))}><FileField accept=".csv,.txt,.xlsx" /></Form.Item>
    </Ask>
  )
}

function RecallForm({ batch, close }: { batch: CodeBatch; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ reason }: { reason: string }) => {
    await voidCodeBatch(batch.id, reason)
    await cache.invalidateQueries({ queryKey: ['card_code_batches'] })
  }
  return (
    <Ask<{ reason: string }> title={t('codes.recallTitle')} submit={submit} close={close} action={t('codes.recall')} danger>
      <p>{t('codes.recallHint', { count: batch.free })}</p>
      <Form.Item name="reason" label={t('codes.reason')} rules={needed(t('codes.reason'))}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}
