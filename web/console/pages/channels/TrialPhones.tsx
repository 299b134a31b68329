/** Colleagues' phones that a message may be tried on: allowed here, shown masked. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addTrialPhone, dropTrialPhone, listTrialPhones } from '@api/channels'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'

export function TrialPhones() {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [adding, setAdding] = useState(false)
  const query = useQuery({ queryKey: ['trial-phones'], queryFn: listTrialPhones })
  const again = () => cache.invalidateQueries({ queryKey: ['trial-phones'] })
  const drop = async (id: string) => {
    await dropTrialPhone(id)
    await again()
  }
  const phones = query.data?.items ?? []
  return (
    <Card title={t('message.trialPhones')} hint={t('message.trialSays')} right={<Button size="small" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('message.trialAdd')}</Button>}>
      {phones.length === 0 ? <p className="s12 muted">{t('message.trialNone')}</p> : (
        <ul className="row wrap">
          {phones.map((phone) => (
            <li key={phone.id} className="tag plain">
              {phone.name} <span className="mono">{phone.phone}</span>{' '}
              <button type="button" className="muted" aria-label={`${t('action.remove')} ${phone.name}`} onClick={() => void drop(phone.id)}><Icon name="close" /></button>
            </li>
          ))}
        </ul>
      )}
      {adding && <AddPhone close={() => setAdding(false)} done={again} />}
    </Card>
  )
}

function AddPhone({ close, done }: { close: () => void; done: () => Promise<void> }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const add = async (phone: { name: string; phone: string }) => {
    await addTrialPhone(phone)
    await done()
  }
  return (
    <Ask<{ name: string; phone: string }> title={t('message.trialTitle')} submit={add} close={close} action={t('message.trialAdd')}>
      <Form.Item name="name" label={t('message.trialName')} rules={needed(t('message.trialName'))}><Input maxLength={40} /></Form.Item>
      <Form.Item name="phone" label={t('message.trialPhone')} rules={needed(t('message.trialPhone'))}><Input inputMode="tel" autoComplete="off" /></Form.Item>
    </Ask>
  )
}
