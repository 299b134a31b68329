/** Asking for a goodwill benefit back; another person decides. */
import { App, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { takeBack } from '@api/desk'
import { useNeeded } from '@console/pages/benefits/CatalogueForms'
import { Ask } from '@kit/ask'
import { Note } from '@kit/layout'

export function TakeBack({ id, done, close }: { id: string; done: () => void; close: () => void }) {
  const { t } = useTranslation()
  const needed = useNeeded()
  const { message } = App.useApp()
  const submit = async ({ reason }: { reason: string }) => {
    await takeBack(id, reason)
    void message.success(t('desk.asked'))
    done()
  }
  return (
    <Ask<{ reason: string }> title={t('desk.takeBack')} submit={submit} close={close} danger action={t('desk.takeBack')}>
      <div className="desk-gap"><Note>{t('desk.takeBackHint')}</Note></div>
      <Form.Item name="reason" label={t('desk.reason')} rules={needed(t('desk.reason'))}><Input maxLength={200} /></Form.Item>
    </Ask>
  )
}
