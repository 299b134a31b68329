/** A file of events: choose the source, upload, look at its rows and columns, see what would become of them, load. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form, Select, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSchemas, listSources } from '@api/events'
import { uploadFile, type UploadedFile } from '@api/files'
import { lookIntoFile, startLoad, type FileColumn, type FileLook, type FileMapping } from '@api/loads'
import { requestNo } from '@api/request'
import { useBilingual } from '@console/app/useWords'
import { formatBytes, formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Figures, Note, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Drop } from '@kit/states'
import '@console/pages/customers/imports.css'
import './events.css'

const targets = ['customer_no', 'event', 'timestamp', 'message_id', 'amount_fen', 'amount_yuan', 'entry_code', 'property', 'ignore'] as const
const zones = ['Asia/Shanghai', 'UTC', 'Asia/Hong_Kong', 'Asia/Urumqi']

export default function NewLoadPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const [source, setSource] = useState<string>()
  const [file, setFile] = useState<UploadedFile | null>(null)
  const [share, setShare] = useState<number | null>(null)
  const [look, setLook] = useState<FileLook | null>(null)
  const [mapping, setMapping] = useState<FileMapping | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [stale, setStale] = useState(false)
  const sources = useQuery({ queryKey: ['event-sources', 'open'], queryFn: () => listSources({ status: 'open' }) })
  const guarded = async (work: () => Promise<void>) => {
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(say(problemOf(failure)))
    }
  }
  const examine = async (stored: UploadedFile, wanted: FileMapping | null) => {
    const seen = await lookIntoFile({ file_id: stored.id, mapping: wanted })
    setFile(stored)
    setLook(wanted ? { ...seen, unregistered: look?.unregistered ?? [] } : seen)
    setMapping(seen.mapping)
    setStale(false)
  }
  const take = async (chosen: File) => {
    setShare(0)
    await guarded(async () => examine(await uploadFile(chosen, setShare).done, null))
    setShare(null)
  }
  const change = (next: FileMapping) => {
    setMapping(next)
    setStale(true)
  }
  const open = sources.data?.items ?? []
  const chosen = source ?? (open.length === 1 ? open[0]?.id : undefined)
  return (
    <>
      <PageHead
        crumbs={[{ label: t('menu.events'), to: '/events' }, { label: t('menu.eventLoads'), to: '/event-loads' }, { label: t('events.load.new') }]}
        title={t('events.load.new')}
        meta={<span>{t('events.load.steps')}</span>}
        actions={file && look && mapping && <Start file={file} look={look} mapping={mapping} source={chosen} stale={stale} examine={() => void guarded(() => examine(file, mapping))} />}
      />
      {error && <div className="load-note"><Note kind="danger">{error}</Note></div>}
      <div className="stack">
        <Card title={t('events.source.name')} hint={t('events.load.sourceHint')}>
          <Select aria-label={t('events.source.name')} className="load-source" value={chosen} placeholder={t('form.choose')} onChange={setSource} options={open.map((one) => ({ value: one.id, label: one.name }))} />
        </Card>
        {!file && <FileDrop share={share} take={take} />}
        {file && look && mapping && (
          <>
            <Card title={t('import.file')} right={<Button size="small" onClick={() => { setFile(null); setLook(null) }}>{t('import.other')}</Button>}>
              <div className="row wrap load-file">
                <b className="wrap-any">{file.name}</b>
                <span className="second s12">{formatBytes(file.size_bytes)}</span>
                <span className="tag plain">{t(`events.load.formats.${look.format}`)}</span>
                {look.format === 'csv' && <span className="second s12">{t('import.encoding')} {look.encoding} · {t('import.separator')} {look.separator === '\t' ? 'Tab' : look.separator}</span>}
              </div>
            </Card>
            {look.unregistered.length > 0 && <Note kind="warning">{t('events.load.unregistered', { columns: look.unregistered.join(t('list.comma')) })}</Note>}
            {!stale && <Checked look={look} />}
            {look.format !== 'ndjson' && <Columns look={look} mapping={mapping} change={change} />}
            <Sample look={look} />
          </>
        )}
      </div>
    </>
  )
}

function FileDrop({ share, take }: { share: number | null; take: (file: File) => Promise<void> }) {
  const { t } = useTranslation()
  const percent = Math.round((share ?? 0) * 100)
  return (
    <div className="card">
      <Upload.Dragger accept=".csv,.txt,.tsv,.ndjson,.jsonl,.gz,.parquet" showUploadList={false} disabled={share !== null} beforeUpload={(chosen) => { void take(chosen); return false }} className="drop-zone">
        <div className="state">
          <Drop sign="plus" />
          <b>{share !== null ? t('import.uploading', { percent }) : t('events.load.choose')}</b>
          <p>{t('events.load.accept')}<br />{t('events.load.acceptHint')}</p>
        </div>
      </Upload.Dragger>
    </div>
  )
}

function Checked({ look }: { look: FileLook }) {
  const { t } = useTranslation()
  const { checked } = look
  if (!checked.read) return <Note kind="warning">{t('events.load.gap')}</Note>
  return (
    <Card title={t('events.load.checked')} hint={t('events.load.checkedHint', { shown: formatCount(checked.read) })}>
      <Figures
        items={[
          { label: t('events.load.loaded'), value: formatCount(checked.loaded) },
          { label: t('events.load.duplicate'), value: formatCount(checked.duplicate) },
          { label: t('events.load.waiting'), value: formatCount(checked.waiting), hint: t('events.load.waitingHint') },
          { label: t('events.load.refused'), value: <span className={checked.refused ? 'bad' : ''}>{formatCount(checked.refused)}</span> },
        ]}
      />
      {look.flaws.length > 0 && (
        <ul className="load-flaws">
          {look.flaws.map((flaw) => <li key={`${flaw.row}.${flaw.code}.${flaw.detail}`}><span className="tag bad">{t(`events.load.causes.${flaw.code}`, { defaultValue: flaw.code })}</span> {t('events.load.row', { shown: formatCount(flaw.row) })} <span className="second">{t(`events.load.mends.${flaw.code}`, { defaultValue: flaw.detail })}</span></li>)}
        </ul>
      )}
    </Card>
  )
}

function Columns({ look, mapping, change }: { look: FileLook; mapping: FileMapping; change: (mapping: FileMapping) => void }) {
  const { t } = useTranslation()
  const bilingual = useBilingual()
  const schemas = useQuery({ queryKey: ['event-schemas', 'all'], queryFn: () => listSchemas() })
  const properties = new Map((schemas.data?.items ?? []).flatMap((schema) => (schema.properties ?? []).map((one) => [one.name, `${bilingual(one.label, one.label_en)} · ${one.name}`] as const)))
  const columns = mapping.columns ?? []
  const put = (index: number, part: Partial<FileColumn>) => change({ ...mapping, columns: columns.map((column, at) => (at === index ? { ...column, ...part } : column)) })
  const sampleOf = (name: string) => {
    const at = look.header.indexOf(name)
    return look.sample.slice(0, 3).map((row) => row[at]).filter(Boolean).join(' · ')
  }
  const named = columns.some((column) => column.to === 'event')
  return (
    <Card title={t('events.load.columns')} hint={t('import.mappingHint', { count: columns.length })} flush>
      <div className="load-whole">
        <Form layout="inline" component="div">
          {!named && <Form.Item label={t('events.load.everyRow')} required><Select showSearch className="load-pick" aria-label={t('events.load.everyRow')} value={mapping.event || undefined} placeholder={t('form.choose')} onChange={(event) => change({ ...mapping, event })} options={(schemas.data?.items ?? []).map((schema) => ({ value: schema.name, label: `${bilingual(schema.title, schema.title_en)} · ${schema.name}` }))} optionFilterProp="label" /></Form.Item>}
          <Form.Item label={t('events.load.timezone')}><Select className="load-pick" aria-label={t('events.load.timezone')} value={mapping.timezone} onChange={(timezone) => change({ ...mapping, timezone })} options={zones.map((value) => ({ value, label: t(`events.load.zones.${value.replace('/', '_')}`) }))} /></Form.Item>
        </Form>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('events.load.columns')}>
        <table className="table load-columns">
          <thead><tr><th scope="col">{t('import.column')}</th><th scope="col">{t('import.is')}</th><th scope="col">{t('events.schema.property')}</th></tr></thead>
          <tbody>
            {columns.map((column, index) => (
              <tr key={column.column} className="map-row">
                <td><b>{column.column}</b><small className="wrap-any">{sampleOf(column.column)}</small></td>
                <td><Select size="small" aria-label={`${column.column} ${t('import.is')}`} value={column.to} options={targets.map((value) => ({ value, label: t(`events.load.targets.${value}`) }))} onChange={(to) => put(index, { to, property: to === 'property' && properties.has(column.column) ? column.column : '' })} /></td>
                <td>{column.to === 'property' ? <Select size="small" showSearch aria-label={`${column.column} ${t('events.schema.property')}`} value={column.property || undefined} placeholder={t('form.choose')} onChange={(property) => put(index, { property })} options={[...properties].map(([value, label]) => ({ value, label }))} optionFilterProp="label" /> : <span className="muted s12">{t(`events.load.targetSays.${column.to}`)}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

function Sample({ look }: { look: FileLook }) {
  const { t } = useTranslation()
  return (
    <Card title={t('events.load.firstRows')} hint={t('events.load.withheld')} flush>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('events.load.firstRows')}>
        <table className="table load-sample">
          <thead><tr>{look.header.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
          <tbody>{look.sample.map((row, place) => <tr key={place}>{row.map((cell, at) => <td key={at}>{cell || <span className="muted">—</span>}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </Card>
  )
}

interface StartProps {
  file: UploadedFile
  look: FileLook
  mapping: FileMapping
  source?: string
  stale: boolean
  examine: () => void
}

function Start({ file, look, mapping, source, stale, examine }: StartProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const start = useMutation({
    mutationFn: () => startLoad({ file_id: file.id, source_id: source ?? '', mapping: look.format === 'ndjson' ? null : mapping, request_no: requestNo() }),
    onSuccess: (id) => navigate({ to: `/event-loads/${id}` }),
    onError: (error) => void modal.error({ title: t('events.load.failed'), content: say(problemOf(error)), okText: t('action.close') }),
  })
  if (stale) return <Button type="primary" icon={<Icon name="check" />} onClick={examine}>{t('events.load.check')}</Button>
  const why = !source ? t('events.load.needSource') : !look.checked.read ? t('events.load.gap') : undefined
  return (
    <>
      {why && <span className="s12 warn">{why}</span>}
      <Button type="primary" icon={<Icon name="play" />} disabled={why !== undefined} title={why} loading={start.isPending} onClick={() => start.mutate()}>{t('events.load.start')}</Button>
    </>
  )
}
