/** Suppliers' catalogues: taken in, looked at before anything changes, carried in, priced by two people, taken back. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Form, Input, Segmented, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { fileAddress } from '@api/files'
import { applyCatalogue, cancelCatalogue, getCatalogueImport, importCatalogue, listCatalogueImports, listDifferences, submitPrices, undoCatalogue, type CatalogueImport, type Difference } from '@api/library'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useRowAction } from '@console/pages/benefits/BenefitsPage'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { FileField } from '@console/pages/benefits/FileField'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { DataTable } from '@kit/DataTable'
import { formatCount, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import './library.css'

const POLL_MS = 3_000
const counted = ['new', 'changed', 'gone', 'price_up', 'price_down', 'refused'] as const
const which = ['', 'new', 'changed', 'price', 'held', 'gone'] as const

export default function CatalogueImportsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const [uploading, setUploading] = useState(false)
  const [looking, setLooking] = useState<string | null>(null)
  const create = may('benefit.write') && <Button type="primary" icon={<Icon name="upload" />} onClick={() => setUploading(true)}>{t('catalogueImports.add')}</Button>
  return (
    <>
      <DataPage
        title={t('catalogueImports.title')}
        crumbs={[{ label: t('library.title'), to: '/library' }, { label: t('catalogueImports.title') }]}
        meta={<span>{t('catalogueImports.hint')}</span>}
        actions={create}
        name="catalogue_imports"
        operation="list_catalogue_imports"
        label={t('catalogueImports.title')}
        load={listCatalogueImports}
        rowKey={(row) => row.id}
        refetchInterval={POLL_MS}
        open={(row) => setLooking(row.id)}
        columns={[
          { key: 'supplier', title: t('library.supplier'), field: 'supplier', render: (row) => <><b>{say(row.supplier, row.supplier_en)}</b><small>{row.file_name}</small></> },
          { key: 'counts', title: t('catalogueImports.brings'), render: (row) => <Counts row={row} /> },
          { key: 'state', title: t('campaign.state'), field: 'state', words: 'status.catalogueImport', render: (row) => <><StatusTag kind="catalogueImport" value={row.state} />{row.refusal && <small>{row.refusal}</small>}</> },
          { key: 'prices', title: t('catalogueImports.prices'), field: 'price_state', words: 'status.cataloguePrices', render: (row) => (row.price_state === 'none' ? <span className="muted">—</span> : row.change_id ? <Link to="/approvals/$id" params={{ id: row.change_id } as never}><StatusTag kind="cataloguePrices" value={row.price_state} /></Link> : <StatusTag kind="cataloguePrices" value={row.price_state} />) },
          { key: 'at', title: t('catalogueImports.at'), field: 'created_at', format: 'instant', render: (row) => <>{formatInstant(row.created_at)}<small>{row.created_by}</small></> },
          { key: 'look', title: '', render: (row) => <Button size="small" onClick={() => setLooking(row.id)}>{t('catalogueImports.look')}</Button> },
        ]}
        empty={<Empty title={t('catalogueImports.none')} actions={create}>{t('catalogueImports.noneHint')}</Empty>}
      />
      {uploading && <UploadForm close={() => setUploading(false)} />}
      {looking && <Look id={looking} close={() => setLooking(null)} />}
    </>
  )
}

function Counts({ row }: { row: CatalogueImport }) {
  const { t } = useTranslation()
  const shown = counted.filter((key) => row.counts[key] > 0)
  if (shown.length === 0) return <span className="muted">{row.counts.read > 0 ? t('catalogueImports.nothing') : '—'}</span>
  return <span className="library-counts s12">{shown.map((key) => <span key={key}>{t(`catalogueImports.counts.${key}`)} <b>{formatCount(row.counts[key])}</b></span>)}</span>
}

function UploadForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const say = useBilingual()
  const cache = useQueryClient()
  const suppliers = useQuery({ queryKey: ['suppliers', 'every'], queryFn: () => every(listSuppliers) })
  const submit = async ({ supplier_id, file, whole }: { supplier_id: string; file: File; whole: boolean }) => {
    await importCatalogue(supplier_id, file, whole)
    await cache.invalidateQueries({ queryKey: ['catalogue_imports'] })
  }
  return (
    <Ask<{ supplier_id: string; file: File; whole: boolean }> title={t('catalogueImports.add')} submit={submit} close={close} action={t('catalogueImports.read')} initial={{ whole: true }}>
      <Form.Item name="supplier_id" label={t('library.supplier')} rules={needed(t('library.supplier'))}><Select showSearch={{ optionFilterProp: 'label' }} options={(suppliers.data?.items ?? []).filter((one) => one.status === 'active').map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))} /></Form.Item>
      <Form.Item name="file" label={t('catalogueImports.file')} extra={t('catalogueImports.fileHint')} rules={needed(t('catalogueImports.file'))}><FileField accept=".csv,.txt,.xlsx,.gz" /></Form.Item>
      <Form.Item name="whole" label={t('catalogueImports.whole')} extra={t('catalogueImports.wholeHint')} valuePropName="checked"><Switch /></Form.Item>
    </Ask>
  )
}

function Look({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const query = useQuery({ queryKey: ['catalogue_imports', id], queryFn: () => getCatalogueImport(id), refetchInterval: POLL_MS })
  return (
    <Drawer open title={query.data ? say(query.data.supplier, query.data.supplier_en) : t('catalogueImports.title')} onClose={close} size={880}>
      <Loaded query={query} rows={8}>{(row) => <Told row={row} />}</Loaded>
    </Drawer>
  )
}

function Told({ row }: { row: CatalogueImport }) {
  const { t } = useTranslation()
  const { act, confirm } = useRowAction(['catalogue_imports'])
  const [pricing, setPricing] = useState(false)
  const can = (what: string) => row.can.includes(what)
  const { counts } = row
  return (
    <>
      <div className="between wrap" style={{ marginBottom: 12 }}>
        <span className="row"><StatusTag kind="catalogueImport" value={row.state} /><span className="second s13">{t('catalogueImports.readLines', { count: counts.read, lines: formatCount(counts.read), same: formatCount(counts.same) })}</span></span>
        <span className="row">
          {can('cancel') && <Button onClick={() => confirm(t('catalogueImports.cancelTitle'), t('catalogueImports.cancelHint'), () => cancelCatalogue(row.id))}>{t('catalogueImports.cancel')}</Button>}
          {can('undo') && <Button danger onClick={() => confirm(t('catalogueImports.undoTitle'), t('catalogueImports.undoHint'), () => undoCatalogue(row.id))}>{t('catalogueImports.undo')}</Button>}
          {can('prices') && <Button type="primary" onClick={() => setPricing(true)}>{t('catalogueImports.askPrices')}</Button>}
          {can('apply') && counts.gone_held && <Button danger onClick={() => confirm(t('catalogueImports.goneTitle', { count: counts.gone }), t('catalogueImports.goneHint'), () => applyCatalogue(row.id, true))}>{t('catalogueImports.applyGone')}</Button>}
          {can('apply') && <Button type="primary" loading={act.isPending} onClick={() => act.mutate(() => applyCatalogue(row.id, false))}>{t('catalogueImports.apply')}</Button>}
        </span>
      </div>
      <Counts row={row} />
      <div className="library-notes">
        {row.refusal && <Note kind="danger">{row.refusal}</Note>}
        {counts.gone_held && <Note kind="warning">{t('catalogueImports.goneHeld', { count: counts.gone, percent: row.bounds.gone_percent })}</Note>}
        {(counts.prices_held || counts.held > 0) && <Note kind="warning">{t('catalogueImports.pricesHeld', { count: counts.held, percent: row.bounds.price_percent, median: counts.median_percent })}</Note>}
        {row.causes.length > 0 && <Causes row={row} />}
      </div>
      <Differences id={row.id} state={row.state} />
      {pricing && <PriceForm row={row} close={() => setPricing(false)} />}
    </>
  )
}

function Causes({ row }: { row: CatalogueImport }) {
  const { t } = useTranslation()
  return (
    <Note kind="warning">
      <ul>{row.causes.map((one) => <li key={one.code}>{t('catalogueImports.cause', { count: one.lines, line: one.line, mend: t(`catalogueImports.mends.${one.code}`, { defaultValue: one.detail }) })}</li>)}</ul>
      {row.rejects_file_id && <a href={fileAddress(row.rejects_file_id)} download>{t('catalogueImports.rejects')}</a>}
    </Note>
  )
}

function Differences({ id, state }: { id: string; state: string }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string>('')
  const query = useQuery({ queryKey: ['catalogue_imports', id, 'differences', shown, state], queryFn: () => listDifferences(id, { which: shown || undefined, limit: '100' }) })
  return (
    <>
      <Segmented className="library-which" value={shown} onChange={setShown} options={which.map((value) => ({ value, label: t(`catalogueImports.which.${value || 'all'}`) }))} />
      <Loaded query={query} rows={6}>
        {(page) => page.items.length === 0 ? <p className="muted">{t('catalogueImports.noDifference')}</p> : (
          <DataTable<Difference>
            rows={page.items}
            rowKey={(one) => one.line}
            label={t('catalogueImports.differences')}
            columns={[
              { key: 'change', title: t('catalogueImports.change'), render: (one) => t(`catalogueImports.counts.${one.change}`) },
              { key: 'name', title: t('sku.name'), render: (one) => <><b>{one.name}</b><small>{one.brand} · <span className="mono">{one.code}</span></small></> },
              { key: 'before', title: t('catalogueImports.before'), number: true, render: (one) => (one.cost_before_fen == null ? '—' : formatMoney(one.cost_before_fen)) },
              { key: 'cost', title: t('sku.costYuan'), number: true, render: (one) => <Price one={one} /> },
            ]}
          />
        )}
      </Loaded>
    </>
  )
}

function Price({ one }: { one: Difference }) {
  const { t } = useTranslation()
  const moved = one.cost_before_fen ? ((one.cost_fen - one.cost_before_fen) * 100) / one.cost_before_fen : null
  return <>{formatMoney(one.cost_fen)}{moved != null && <small className={one.held ? 'warn' : undefined}>{moved > 0 ? '+' : '−'}{Math.abs(moved).toFixed(1)}%{one.held && ` · ${t('catalogueImports.held')}`}</small>}</>
}

function PriceForm({ row, close }: { row: CatalogueImport; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const beyond = row.counts.held > 0 || row.counts.prices_held
  const submit = async ({ held_reason = '' }: { held_reason?: string }) => {
    await submitPrices(row.id, held_reason)
    await cache.invalidateQueries({ queryKey: ['catalogue_imports'] })
  }
  return (
    <Ask<{ held_reason?: string }> title={t('catalogueImports.askPrices')} submit={submit} close={close} action={t('catalogueImports.submit')}>
      <p>{t('catalogueImports.askHint', { up: formatCount(row.counts.price_up), down: formatCount(row.counts.price_down) })}</p>
      {beyond && <Form.Item name="held_reason" label={t('catalogueImports.heldReason')} extra={t('catalogueImports.heldReasonHint')}><Input.TextArea rows={2} maxLength={500} /></Form.Item>}
    </Ask>
  )
}
