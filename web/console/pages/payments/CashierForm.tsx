/** The bank's cashier: entered by one, approved by another; keys are sealed and never shown again. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Form, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { proposeCashier } from '@api/payments'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'

type Values = Parameters<typeof proposeCashier>[0]

export function CashierForm({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const field = (name: keyof Values, input = <Input autoComplete="off" spellCheck={false} />, extra?: string) => (
    <Form.Item name={name} label={t(`payments.form.${name}`)} extra={extra} rules={needed(t(`payments.form.${name}`))}>{input}</Form.Item>
  )
  const submit = async (values: Values) => {
    await proposeCashier(values)
    await cache.invalidateQueries({ queryKey: ['payment-cashiers'] })
    void message.success(t('payments.submitted'))
  }
  return (
    <Ask<Values> title={t('payments.addCashier')} width={680} initial={{ name: t('payments.wechat'), timeout_seconds: 10 }} action={t('action.submit')} submit={submit} close={close}>
      <p className="second s13">{t('payments.formHint')}</p>
      <div className="payments-two">
        {field('name')}
        {field('address')}
        {field('merchant_no')}
        {field('app_id')}
        {field('serial')}
        {field('platform_serial')}
      </div>
      {field('private_key', <Input.TextArea rows={3} autoComplete="off" spellCheck={false} placeholder="-----BEGIN PRIVATE KEY-----" />, t('payments.sealed'))}
      {field('platform_key', <Input.TextArea rows={3} autoComplete="off" spellCheck={false} placeholder="-----BEGIN PUBLIC KEY-----" />)}
      <div className="payments-two">
        {field('notice_key', <Input.Password autoComplete="new-password" maxLength={32} />, t('payments.noticeKeyHint'))}
        {field('timeout_seconds', <InputNumber min={1} max={30} precision={0} />)}
      </div>
      {field('notice_address', undefined, t('payments.noticeHint'))}
    </Ask>
  )
}
