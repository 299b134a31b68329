/** One customer or a selection for a relationship manager, as owner or co-owner. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Form, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { giveCustomers, type Standing } from '@api/ownership'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'
import { ApiError } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { ManagerSelect } from './ManagerSelect'
import './managers.css'

interface Values {
  login: string
  standing: Standing
}

export function GiveDialog({ numbers, close, done }: { numbers: string[]; close: () => void; done?: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async ({ login, standing }: Values) => {
    const results = await giveCustomers(numbers.map((customer_no) => ({ customer_no, login, standing })))
    const refused = results.flatMap((one) => one.error ?? [])
    if (refused[0] && refused.length === results.length) throw new ApiError(refused[0])
    await cache.invalidateQueries()
    const count = results.length - refused.length
    if (refused[0]) void message.warning(t('ownership.givenPartly', { done: count, count: refused.length, why: say(refused[0]) }))
    else void message.success(t('ownership.given', { count }))
    done?.()
  }
  return (
    <Ask<Values> title={t('ownership.give')} action={t('ownership.give')} submit={submit} close={close} initial={{ standing: 'owner' }}>
      <div className="hand-over-note"><Note>{t('ownership.giveHint')}</Note></div>
      {numbers.length > 1 && <p className="s13 hand-over-note"><b>{t('ownership.chosen', { count: numbers.length })}</b></p>}
      <Form.Item name="login" label={t('ownership.giveTo')} rules={needed(t('ownership.giveTo'))}><ManagerSelect by="login" active /></Form.Item>
      <Form.Item name="standing" label={t('ownership.standing')}>
        <Segmented options={(['owner', 'co_owner'] as const).map((value) => ({ value, label: t(`ownership.${value}`) }))} />
      </Form.Item>
    </Ask>
  )
}
