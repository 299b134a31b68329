/** A relationship manager no longer looks after the customers of a selection. */
import { useQueryClient } from '@tanstack/react-query'
import { App, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { endOwnerships } from '@api/ownership'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'
import { ApiError } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { ManagerSelect } from './ManagerSelect'
import './managers.css'

interface Values {
  login: string
}

export function EndDialog({ numbers, login, close, done }: { numbers: string[]; login?: string; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const needed = useNeeded()
  const cache = useQueryClient()
  const submit = async (asked: Values) => {
    const results = await endOwnerships(numbers.map((customer_no) => ({ customer_no, login: asked.login })))
    const refused = results.flatMap((one) => one.error ?? [])
    if (refused[0] && refused.length === results.length) throw new ApiError(refused[0])
    await cache.invalidateQueries()
    const count = results.length - refused.length
    if (refused[0]) void message.warning(t('ownership.endedPartly', { done: count, count: refused.length, why: say(refused[0]) }))
    else void message.success(t('ownership.endedMany', { count }))
    done()
  }
  return (
    <Ask<Values> title={t('ownership.endMany')} action={t('ownership.endMany')} danger submit={submit} close={close} initial={login ? { login } : undefined}>
      <div className="hand-over-note"><Note>{t('ownership.endHint')}</Note></div>
      <p className="s13 hand-over-note"><b>{t('ownership.chosen', { count: numbers.length })}</b></p>
      <Form.Item name="login" label={t('ownership.endOf')} rules={needed(t('ownership.endOf'))}><ManagerSelect by="login" /></Form.Item>
    </Ask>
  )
}
