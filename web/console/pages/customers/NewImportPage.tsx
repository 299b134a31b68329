/** A file of customers: upload, look at the proposed mapping, try it, and only then import it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Segmented, Select, Upload } from 'antd'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listMappings, proposeMapping, saveMapping, startImport, type Look, type Proposal } from '@api/customers'
import { uploadFile } from '@api/files'
import { listEntities, type ImportEntity } from '@api/imports'
import { requestNo } from '@api/request'
import { useBilingual } from '@console/app/useWords'
import { formatBytes } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Drop } from '@kit/states'
import './customers.css'
import './imports.css'
import { LayoutCard, readLayout } from './ImportLayout'
import { ImportQuery } from './ImportQuery'
import { Takes } from './ImportSources'
import { asMapping, MappingForm, mappingGaps, type Mapping } from './MappingForm'

type From = 'file' | 'fixed' | 'database'
interface Stored {
  id: string
  name: string
  size_bytes?: number
}

export default function NewImportPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const bilingual = useBilingual()
  const search: { entity?: string } = useSearch({ strict: false })
  const [from, setFrom] = useState<From>('file')
  const [entity, setEntity] = useState(search.entity ?? 'customers')
  const [layout, setLayout] = useState('')
  const [file, setFile] = useState<Stored | null>(null)
  const [share, setShare] = useState<number | null>(null)
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [mapping, setMapping] = useState<Mapping | null>(null)
  const [error, setError] = useState<string | null>(null)
  const entities = useQuery({ queryKey: ['import-entities'], queryFn: listEntities })
  const fields = entities.data?.items.find((one) => one.name === entity)?.fields ?? null
  const columns = readLayout(layout)

  const look = useCallback(
    async (stored: Stored, more: Partial<Look> = {}) => {
      const wanted = { entity, ...(from === 'fixed' ? { layout: readLayout(layout) ?? [] } : {}), ...more }
      const proposed = await proposeMapping(stored.id, wanted)
      setFile(stored)
      setProposal(proposed)
      setMapping(asMapping(proposed.mapping))
    },
    [entity, from, layout],
  )
  const guarded = async (work: () => Promise<void>) => {
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(say(problemOf(failure)))
    }
  }
  const take = async (chosen: File) => {
    setShare(0)
    await guarded(async () => look(await uploadFile(chosen, setShare).done))
    setShare(null)
  }
  const takeAnswer = useCallback((answer: Stored) => void guarded(() => look(answer)), [look]) // eslint-disable-line react-hooks/exhaustive-deps -- `guarded` only wraps
  const again = (wanted: string) => {
    setEntity(wanted)
    if (file) void guarded(() => look(file, { entity: wanted, sheet: proposal?.mapping.sheet as string }))
  }
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.imports'), to: '/imports' }, { label: t('import.new') }]}
        title={t('import.new')}
        meta={<span>{t('import.steps')}</span>}
        actions={file && mapping && <Run file={file} mapping={mapping} fields={fields} />}
      />
      {error && <div style={{ marginBottom: 16 }}><Note kind="danger">{error}</Note></div>}
      <div className="row wrap import-ways">
        {!file && <Segmented aria-label={t('source.from')} value={from} onChange={setFrom} options={(['file', 'fixed', 'database'] as const).map((value) => ({ value, label: t(`source.kinds.${value}`) }))} />}
        <span className="grow" />
        <span className="row">
          <span className="second s13">{t('source.what')}</span>
          <Select aria-label={t('source.what')} value={entity} onChange={again} style={{ minWidth: 160 }} options={[{ value: 'customers', label: t('source.customers') }, ...(entities.data?.items ?? []).map((one) => ({ value: one.name, label: bilingual(one.label, one.label_en) }))]} />
        </span>
      </div>
      {!file && (
        <div className="stack">
          {from === 'fixed' && <LayoutCard text={layout} change={setLayout} />}
          {from === 'database' ? <ImportQuery take={takeAnswer} /> : <FileDrop share={share} fixed={from === 'fixed'} disabled={share !== null || (from === 'fixed' && !columns)} take={take} />}
          <Takes />
        </div>
      )}
      {file && proposal && mapping && (
        <div className="stack">
          <Card title={t('import.file')}>
            <div className="row wrap" style={{ gap: 20 }}>
              <b className="wrap-any">{file.name}</b>
              {file.size_bytes !== undefined && <span className="second s12">{formatBytes(file.size_bytes)}</span>}
              <span className="tag plain">{t(`source.samples.${proposal.format || 'csv'}`)}</span>
              {['csv', 'fixed'].includes(proposal.format) && <span className="second s12">{t('import.encoding')} {proposal.encoding}</span>}
              {proposal.separator && <span className="second s12">{t('import.separator')} {proposal.separator === '\t' ? 'Tab' : proposal.separator}</span>}
              {proposal.sheets.length > 1 && <span className="row s12">{t('source.sheet')}<Select size="small" aria-label={t('source.sheet')} value={proposal.mapping.sheet as string} onChange={(sheet) => void guarded(() => look(file, { sheet }))} options={proposal.sheets.map((value) => ({ value, label: value }))} style={{ minWidth: 120 }} /></span>}
              <span className="grow" />
              <Saved mapping={mapping} use={setMapping} header={proposal.header} />
              <Button size="small" onClick={() => setFile(null)}>{t('import.other')}</Button>
            </div>
          </Card>
          {proposal.deposit_columns.length > 0 && <Note kind="warning" icon="audit">{t('import.depositColumns', { columns: proposal.deposit_columns.join(t('list.comma')) })}</Note>}
          <MappingForm proposal={proposal} mapping={mapping} change={setMapping} fields={fields} />
        </div>
      )}
    </>
  )
}

function FileDrop({ share, fixed, disabled, take }: { share: number | null; fixed: boolean; disabled: boolean; take: (file: File) => Promise<void> }) {
  const { t } = useTranslation()
  const percent = Math.round((share ?? 0) * 100)
  return (
    <div className="card">
      <Upload.Dragger accept={fixed ? undefined : '.csv,.txt,.tsv,.gz,.xlsx,.parquet'} showUploadList={false} disabled={disabled} beforeUpload={(chosen) => { void take(chosen); return false }} className="drop-zone">
        <div className="state">
          <Drop sign="plus" />
          <b>{share !== null ? t('import.uploading', { percent }) : fixed ? t('source.fixedChoose') : t('import.choose')}</b>
          <p>{fixed ? t('source.fixedHint') : <>{t('source.accept')}<br />{t('source.acceptHint')}</>}</p>
          {share !== null && <span className="bar" style={{ width: 240, marginTop: 12 }} role="progressbar" aria-valuenow={percent} aria-label={t('import.uploading', { percent: '' })}><i style={{ width: `${percent}%` }} /></span>}
        </div>
      </Upload.Dragger>
    </div>
  )
}

function Saved({ mapping, use, header }: { mapping: Mapping; use: (mapping: Mapping) => void; header: string[] }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const query = useQuery({ queryKey: ['mappings'], queryFn: listMappings })
  const fitting = (query.data?.items ?? []).filter((saved) => asMapping(saved.mapping).columns.every((column) => header.includes(column.column)))
  const save = useMutation({
    mutationFn: (name: string) => saveMapping({ name, mapping: mapping as unknown as Record<string, unknown>, saved_by: '' }),
    onSuccess: () => { void query.refetch(); void message.success(t('state.saved')) },
  })
  const ask = () => {
    let name = ''
    void modal.confirm({
      title: t('import.saveMapping'),
      icon: null,
      content: <input className="ant-input" aria-label={t('import.mappingName')} placeholder={t('import.mappingName')} onChange={(event) => { name = event.target.value }} style={{ width: '100%', padding: '4px 11px', marginTop: 8 }} />,
      onOk: () => (name.trim() ? save.mutateAsync(name.trim()) : Promise.reject(new Error())),
    })
  }
  return (
    <>
      {fitting.length > 0 && (
        <Select size="small" placeholder={t('import.useMapping')} aria-label={t('import.useMapping')} style={{ minWidth: 160 }} options={fitting.map((saved) => ({ value: saved.name, label: saved.name }))}
          onChange={(name: string) => { const saved = fitting.find((each) => each.name === name); if (saved) use(asMapping(saved.mapping)) }} />
      )}
      <Button size="small" onClick={ask}>{t('import.saveMapping')}</Button>
    </>
  )
}

function Run({ file, mapping, fields }: { file: Stored; mapping: Mapping; fields: ImportEntity['fields'] | null }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const bilingual = useBilingual()
  const gaps = fields ? [] : mappingGaps(mapping)
  const mapped = mapping.columns.filter((column) => column.to === 'field').map((column) => column.name)
  const missing = (fields ?? []).filter((field) => field.required && !mapped.includes(field.name)).map((field) => bilingual(field.label, field.label_en))
  const start = useMutation({
    mutationFn: (dry_run: boolean) => startImport({ file_id: file.id, mapping: mapping as unknown as Record<string, unknown>, mapping_name: '', name: file.name, dry_run, request_no: requestNo() }),
    onSuccess: (id) => navigate({ to: `/imports/${id}` }),
    onError: (error) => void modal.error({ title: t('import.failed'), content: say(problemOf(error)), okText: t('action.close') }),
  })
  const why = gaps[0] ? t(`import.gap.${gaps[0]}`) : missing.length > 0 ? t('source.fieldNeeded', { fields: missing.join(t('list.comma')) }) : undefined
  return (
    <>
      {why && <span className="s12 warn">{why}</span>}
      <Button disabled={why !== undefined} title={why} icon={<Icon name="play" />} type="primary" loading={start.isPending && start.variables} onClick={() => start.mutate(true)}>{t('import.try')}</Button>
    </>
  )
}
