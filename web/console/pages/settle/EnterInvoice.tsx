/** One input invoice for chosen lines: its total is theirs, the tax follows from the rate and can be put right. */
import { useQueryClient } from '@tanstack/react-query'
import { App, DatePicker, Form, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { receiveInvoice, type InvoiceLine } from '@api/invoices'
import { requestNo } from '@api/request'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { formatDay, formatMoney, formatPpm, formatYuan, parseYuan } from '@kit/format'
import { Note } from '@kit/layout'

const PPM = 1_000_000
const rates = [130_000, 90_000, 60_000, 30_000, 10_000, 0]

/** The tax within an amount that includes it, in fen. */
const taxWithin = (fen: number, rate: number) => Math.round((fen * rate) / (PPM + rate))

interface Values {
  number: string
  code?: string
  issued: dayjs.Dayjs
  rate: number
  tax: string
}

interface EnterProps {
  lines: InvoiceLine[]
  list: string
  done: () => void
  close: () => void
}

export function EnterInvoice({ lines, list, done, close }: EnterProps) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [no] = useState(requestNo)
  const code = Form.useWatch('code', form)
  const total = lines.reduce((sum, line) => sum + line.amount_fen, 0)
  const purchases = lines.filter((line) => line.slot === 'purchase').length
  const prepaid = purchases > 0
  const mixed = prepaid && purchases < lines.length
  const first = prepaid ? 0 : 130_000
  const submit = async (values: Values) => {
    await receiveInvoice(lines, {
      number: values.number.trim(),
      code: values.code?.trim() ?? '',
      issued_on: values.issued.format('YYYY-MM-DD'),
      amount_fen: total,
      rate_ppm: values.rate,
      tax_fen: parseYuan(values.tax) ?? -1,
      request_no: no,
    })
    await cache.invalidateQueries({ queryKey: [list] })
    done()
    void message.success(t('invoice.entered'))
  }
  const isNumber = { validator: (_: unknown, text?: string) => ((code ? /^\d{8}$/ : /^\d{20}$/).test(text?.trim() ?? '') ? Promise.resolve() : Promise.reject(new Error(t(code ? 'invoice.eightDigits' : 'invoice.twentyDigits')))) }
  const isCode = { pattern: /^\s*(\d{10}(\d{2})?)?\s*$/, message: t('invoice.codeDigits') }
  const isTax = { validator: (_: unknown, text?: string) => (text && (parseYuan(text) ?? -1) >= 0 ? Promise.resolve() : Promise.reject(new Error(t('form.amount')))) }
  return (
    <Ask<Values>
      title={t('invoice.enterOf', { count: lines.length })}
      action={t('invoice.enter')}
      form={form}
      initial={{ issued: dayjs(formatDay(new Date())), rate: first, tax: formatYuan(taxWithin(total, first)) }}
      submit={submit}
      close={close}
    >
      <p className="invoice-total"><span className="second">{t('invoice.total')}</span><b>{formatMoney(total)}</b></p>
      {prepaid && <div className="invoice-note"><Note kind={mixed ? 'warning' : undefined} icon="info">{t(mixed ? 'invoice.mixed' : 'invoice.purchaseHint')}</Note></div>}
      <Form.Item name="number" label={t('invoice.number')} extra={t('invoice.numberHint')} dependencies={['code']} required rules={[isNumber]}><Input inputMode="numeric" autoComplete="off" maxLength={20} autoFocus /></Form.Item>
      <Form.Item name="code" label={t('invoice.code')} extra={t('invoice.codeHint')} rules={[isCode]}><Input inputMode="numeric" autoComplete="off" maxLength={12} /></Form.Item>
      <Form.Item name="issued" label={t('invoice.issued')} rules={needed(t('invoice.issued'))}><DatePicker className="invoice-wide" maxDate={dayjs(formatDay(new Date()))} /></Form.Item>
      <Form.Item name="rate" label={t('invoice.rate')} rules={needed(t('invoice.rate'))}>
        <Select disabled={prepaid} options={rates.map((value) => ({ value, label: value ? formatPpm(value) : t('invoice.untaxed') }))} onChange={(rate: number) => form.setFieldsValue({ tax: formatYuan(taxWithin(total, rate)) })} />
      </Form.Item>
      <Form.Item name="tax" label={t('invoice.tax')} extra={t('invoice.taxHint')} required rules={[isTax]}><Input prefix="¥" inputMode="decimal" autoComplete="off" disabled={prepaid} /></Form.Item>
    </Ask>
  )
}
