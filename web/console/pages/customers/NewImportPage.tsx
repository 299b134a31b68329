/** A file of customers: upload, look at the proposed mapping, try it, and only then import it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Select, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listMappings, proposeMapping, saveMapping, startImport, type Proposal } from '@api/customers'
import { uploadFile, type UploadedFile } from '@api/files'
import { requestNo } from '@api/request'
import { formatBytes } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Drop } from '@kit/states'
import './customers.css'
import { asMapping, MappingForm, mappingGaps, type Mapping } from './MappingForm'

export default function NewImportPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const [file, setFile] = useState<UploadedFile | null>(null)
  const [share, setShare] = useState<number | null>(null)
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [mapping, setMapping] = useState<Mapping | null>(null)
  const [error, setError] = useState<string | null>(null)

  const take = async (chosen: File) => {
    setError(null)
    setShare(0)
    try {
      const stored = await uploadFile(chosen, setShare).done
      const proposed = await proposeMapping(stored.id)
      setFile(stored)
      setProposal(proposed)
      setMapping(asMapping(proposed.mapping))
    } catch (failure) {
      setError(say(problemOf(failure)))
    } finally {
      setShare(null)
    }
  }
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.imports'), to: '/imports' }, { label: t('import.new') }]}
        title={t('import.new')}
        meta={<span>{t('import.steps')}</span>}
        actions={file && mapping && <Run file={file} mapping={mapping} />}
      />
      {error && <div style={{ marginBottom: 16 }}><Note kind="danger">{error}</Note></div>}
      {!file && (
        <div className="card">
          <Upload.Dragger accept=".csv,.txt,.tsv,.gz" showUploadList={false} disabled={share !== null} beforeUpload={(chosen) => { void take(chosen); return false }} className="drop-zone">
            <div className="state">
              <Drop sign="plus" />
              <b>{share === null ? t('import.choose') : t('import.uploading', { percent: Math.round(share * 100) })}</b>
              <p>{t('import.chooseHint')}</p>
              {share !== null && <span className="bar" style={{ width: 240, marginTop: 12 }} role="progressbar" aria-valuenow={Math.round(share * 100)} aria-label={t('import.uploading', { percent: '' })}><i style={{ width: `${share * 100}%` }} /></span>}
            </div>
          </Upload.Dragger>
        </div>
      )}
      {file && proposal && mapping && (
        <div className="stack">
          <Card title={t('import.file')}>
            <div className="row wrap" style={{ gap: 20 }}>
              <b>{file.name}</b>
              <span className="second s12">{formatBytes(file.size_bytes)}</span>
              <span className="second s12">{t('import.encoding')} {proposal.encoding}</span>
              <span className="second s12">{t('import.separator')} {proposal.separator === '\t' ? 'Tab' : proposal.separator}</span>
              <span className="grow" />
              <Saved mapping={mapping} use={setMapping} header={proposal.header} />
              <Button size="small" onClick={() => setFile(null)}>{t('import.other')}</Button>
            </div>
          </Card>
          {proposal.deposit_columns.length > 0 && <Note kind="warning" icon="audit">{t('import.depositColumns', { columns: proposal.deposit_columns.join(t('list.comma')) })}</Note>}
          <MappingForm proposal={proposal} mapping={mapping} change={setMapping} />
        </div>
      )}
    </>
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

function Run({ file, mapping }: { file: UploadedFile; mapping: Mapping }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const gaps = mappingGaps(mapping)
  const start = useMutation({
    mutationFn: (dry_run: boolean) => startImport({ file_id: file.id, mapping: mapping as unknown as Record<string, unknown>, mapping_name: '', name: file.name, dry_run, request_no: requestNo() }),
    onSuccess: (id) => navigate({ to: `/imports/${id}` }),
    onError: (error) => void modal.error({ title: t('import.failed'), content: say(problemOf(error)), okText: t('action.close') }),
  })
  const why = gaps[0] ? t(`import.gap.${gaps[0]}`) : undefined
  return (
    <>
      {why && <span className="s12 warn">{why}</span>}
      <Button disabled={gaps.length > 0} title={why} icon={<Icon name="play" />} type="primary" loading={start.isPending && start.variables} onClick={() => start.mutate(true)}>{t('import.try')}</Button>
    </>
  )
}
