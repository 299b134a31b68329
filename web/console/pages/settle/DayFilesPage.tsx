/** Suppliers' day files beside our orders and the ledger. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, DatePicker, Form, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bringDayFile, fetchDayFile, listConnections, listDayFiles, type DayFile } from '@api/supply'
import { listSuppliers } from '@api/benefits'
import { every } from '@api/every'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { FileField } from '@console/pages/benefits/FileField'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { SupplierFilter } from './OrdersPage'

/** The name that nobody's work goes by. */
const SYSTEM = 'huoke'

const isEqual = (file: DayFile) => (file.about === 'uses' ? file.differences === 0 : file.ours_fen === file.theirs_fen && file.ours_fen === file.ledger_fen)
/** Whether supplier, orders and ledger come to the same, or both sides' uses; `explained` where every difference was worked to its end. */
export const agreement = (file: DayFile): 'equal' | 'explained' | 'unequal' => (isEqual(file) ? 'equal' : file.differences_open === 0 && file.differences > 0 ? 'explained' : 'unequal')
export const agreementWord = (file: DayFile) => (file.about === 'uses' ? `dayFile.useStanding.${agreement(file)}` : `dayFile.${agreement(file)}`)
/** How many of what a file is about. */
export const useCounted = () => {
  const { t } = useTranslation()
  return (file: DayFile, count: number) => t(file.about === 'uses' ? 'dayFile.uses' : 'dayFile.orders', { shown: formatCount(count) })
}
/** Who brought a file: a member of staff by name, else the work of every morning. */
export const useBringer = () => {
  const { t } = useTranslation()
  return (file: DayFile) => (file.brought_by === SYSTEM ? t('audit.actors.system') : file.brought_by)
}
export const agreementTone = { equal: 'ok', explained: 'info', unequal: 'bad' } as const
const agreementText = { equal: 'good', explained: 'second', unequal: 'bad' } as const

export default function DayFilesPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const navigate = useNavigate()
  const [way, setWay] = useState<'fetch' | 'upload' | null>(null)
  const bringer = useBringer()
  const actions = may('supply.write') && (
    <>
      <Button icon={<Icon name="upload" />} onClick={() => setWay('upload')}>{t('dayFile.upload')}</Button>
      <Button type="primary" icon={<Icon name="download" />} onClick={() => setWay('fetch')}>{t('dayFile.fetch')}</Button>
    </>
  )
  return (
    <>
      <DataPage
        name="day-files"
        operation="list_day_files"
        title={t('menu.dayFiles')}
        label={t('menu.dayFiles')}
        meta={t('dayFile.hint')}
        load={listDayFiles}
        rowKey={(row) => row.id}
        open={(row) => void navigate({ to: `/day-files/${row.id}` })}
        filters={(state) => <SupplierFilter state={state} />}
        actions={actions}
        columns={[
          { key: 'day', title: t('dayFile.business'), field: 'business_on', format: 'day', render: (row) => <b className="nowrap">{row.business_on}</b> },
          { key: 'supplier', title: t('sku.supplier'), field: 'supplier', render: (row) => <>{say(row.supplier, row.supplier_en)}<small>{t(`dayFile.about.${row.about}`)}</small></> },
          { key: 'ours', title: t('dayFile.ours'), number: true, field: 'ours_fen', format: 'yuan', render: (row) => <Side file={row} fen={row.ours_fen} count={row.ours} /> },
          { key: 'theirs', title: t('dayFile.theirs'), number: true, field: 'theirs_fen', format: 'yuan', render: (row) => <Side file={row} fen={row.theirs_fen} count={row.theirs} /> },
          { key: 'ledger', title: t('dayFile.ledger'), number: true, field: 'ledger_fen', format: 'yuan', render: (row) => <>{row.about === 'uses' ? '—' : formatMoney(row.ledger_fen)}<small><span className={agreementText[agreement(row)]}>{t(agreementWord(row))}</span></small></> },
          { key: 'resolved', title: t('dayFile.resolved'), number: true, field: 'resolved', format: 'count', render: (row) => formatCount(row.resolved) },
          { key: 'differences', title: t('dayFile.differences'), field: 'differences_open', format: 'count', render: (row) => <DifferenceTag file={row} /> },
          { key: 'brought', title: t('dayFile.brought'), field: 'brought_at', format: 'instant', render: (row) => <>{formatRecent(row.brought_at)}<small>{bringer(row)}</small></> },
        ]}
        empty={<Empty title={t('dayFile.none')}>{t('dayFile.noneHint')}</Empty>}
      />
      {way && <BringFile way={way} close={() => setWay(null)} />}
    </>
  )
}

function Side({ file, fen, count }: { file: DayFile; fen: number; count: number }) {
  const counted = useCounted()
  return file.about === 'uses' ? <>{counted(file, count)}</> : <>{formatMoney(fen)}<small>{counted(file, count)}</small></>
}

export function DifferenceTag({ file }: { file: DayFile }) {
  const { t } = useTranslation()
  if (!file.compared_at) return <span className="tag draft">{t('dayFile.reading')}</span>
  if (file.differences_open) return <span className="tag warn">{t('dayFile.openOf', { open: formatCount(file.differences_open) })}</span>
  return <span className="tag ok">{file.differences ? formatCount(file.differences) : t('dayFile.clean')}</span>
}

interface Values {
  supplier_id: string
  on: dayjs.Dayjs
  file: File
}

function BringFile({ way, close }: { way: 'fetch' | 'upload'; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const needed = useNeeded()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const suppliers = useQuery({ queryKey: ['suppliers', 'choices'], queryFn: () => every(listSuppliers) })
  const connections = useQuery({ queryKey: ['supply', 'connections'], queryFn: listConnections })
  const connected = new Set((connections.data?.items ?? []).map((one) => one.supplier_id))
  const today = dayjs(formatDay(new Date()))
  const submit = async ({ supplier_id, on, file }: Values) => {
    const day = on.format('YYYY-MM-DD')
    const brought = way === 'fetch' ? await fetchDayFile(supplier_id, day) : await bringDayFile(supplier_id, day, file)
    await cache.invalidateQueries({ queryKey: ['day-files'] })
    await navigate({ to: `/day-files/${brought.id}` })
  }
  return (
    <Ask<Values> title={t(`dayFile.${way}`)} submit={submit} close={close} action={t('action.confirm')} initial={{ on: today.subtract(1, 'day') }}>
      <Form.Item name="supplier_id" label={t('sku.supplier')} rules={needed(t('sku.supplier'))}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={(suppliers.data?.items ?? []).filter((one) => connected.has(one.id)).map((one) => ({ value: one.id, label: say(one.name, one.name_en) }))} />
      </Form.Item>
      <Form.Item name="on" label={t('dayFile.business')} rules={needed(t('dayFile.business'))}><DatePicker style={{ width: '100%' }} allowClear={false} disabledDate={(day) => !day.isBefore(today, 'day')} /></Form.Item>
      {way === 'upload' && <Form.Item name="file" label={t('dayFile.chooseFile')} extra={t('dayFile.fileHint')} rules={needed(t('dayFile.chooseFile'))}><FileField accept=".csv,text/csv" /></Form.Item>}
    </Ask>
  )
}
