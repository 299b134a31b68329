/** Who looks after a customer, who did, and giving or ending it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomerPage } from '@api/customers'
import { endOwnerships, listOwnerships, type OwnershipStep } from '@api/ownership'
import { useSession } from '@console/app/session'
import { formatDay, formatInstant } from '@kit/format'
import { ApiError, problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import { GiveDialog } from './GiveDialog'
import './managers.css'

export function OwnersDrawer({ page, close }: { page: CustomerPage; close: () => void }) {
  const { t } = useTranslation()
  const [giving, setGiving] = useState(false)
  const { customer } = page
  const history = useQuery({ queryKey: ['ownerships', customer.seq], queryFn: () => listOwnerships(customer.seq) })
  const may = page.can.includes('assign')
  return (
    <Drawer open title={t('ownership.open')} onClose={close} size={480} extra={may && <Button type="primary" onClick={() => setGiving(true)}>{t('ownership.give')}</Button>}>
      <div className="stack">
        <section>
          <h3 className="owners-title">{t('ownership.now')}</h3>
          {page.owners.length === 0 && <p className="second s13">{t('ownership.nobody')}</p>}
          <ul className="owners">
            {page.owners.map((one) => (
              <li key={one.staff_id}>
                <span><b>{one.name}</b> <span className={`tag ${one.standing === 'owner' ? 'info' : ''}`}>{t(`ownership.${one.standing}`)}</span><small className="muted">{one.post && `${one.post} · `}{t('ownership.since', { day: formatDay(one.since) })}</small></span>
                {may && <End page={page} login={one.login} name={one.name} />}
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3 className="owners-title">{t('ownership.history')}</h3>
          <Loaded query={history} rows={4}>{(found) => (found.items.length ? <ol className="owners-steps">{found.items.map((step) => <Step key={`${step.at}${step.staff_id}${step.standing}`} step={step} />)}</ol> : <p className="second s13">{t('ownership.noHistory')}</p>)}</Loaded>
        </section>
      </div>
      {giving && <GiveDialog numbers={[customer.customer_no]} close={() => setGiving(false)} />}
    </Drawer>
  )
}

function Step({ step }: { step: OwnershipStep }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const verb = step.standing == null ? 'ended' : step.before == null ? 'added' : 'changed'
  const word = (standing?: string | null) => (standing ? t(`ownership.${standing}`) : '')
  return (
    <li>
      <span>{t(`ownership.steps.${verb}`, { who: step.name, standing: word(step.standing), before: word(step.before) })}</span>
      <small className="muted">
        {formatInstant(step.at)}
        {step.by && <> · {t('ownership.by', { who: step.by })}</>}
        {step.import_id && <> · {may('customer.import') ? <Link to={`/imports/${step.import_id}`}>{t('ownership.byFile')}</Link> : t('ownership.byFile')}</>}
      </small>
    </li>
  )
}

function End({ page, login, name }: { page: CustomerPage; login: string; name: string }) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const say = useProblemText()
  const cache = useQueryClient()
  const end = async () => {
    try {
      const [result] = await endOwnerships([{ customer_no: page.customer.customer_no, login }])
      if (result?.error) throw new ApiError(result.error)
      await cache.invalidateQueries()
      void message.success(t('ownership.ended'))
    } catch (failure) {
      void message.error(say(problemOf(failure)))
    }
  }
  return <Button size="small" onClick={() => void modal.confirm({ title: t('ownership.end'), content: t('ownership.endAsk', { who: name }), icon: null, okText: t('ownership.end'), okButtonProps: { danger: true }, onOk: end })}>{t('ownership.end')}</Button>
}
