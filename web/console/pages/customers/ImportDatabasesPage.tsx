/** Databases that imports may read: asked for here, decided by another person; a password goes in and never comes out. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Form, Input, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listDatabases, putDatabase, removeDatabase, type ImportDatabase } from '@api/imports'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, PageHead } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'

export default function ImportDatabasesPage() {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const [editing, setEditing] = useState<ImportDatabase | 'new' | null>(null)
  const query = useQuery({ queryKey: ['import-databases'], queryFn: listDatabases })
  const remove = useMutation({
    mutationFn: removeDatabase,
    onSuccess: () => void query.refetch(),
    onError: (error) => void modal.error({ title: t('state.broken'), content: say(problemOf(error)), okText: t('action.close') }),
  })
  const ask = (one: ImportDatabase) => void modal.confirm({ title: `${t('database.remove')} · ${one.name}`, icon: null, content: t('database.removeAsk'), okText: t('database.remove'), okButtonProps: { danger: true }, cancelText: t('action.close'), onOk: () => remove.mutateAsync(one.id) })
  const add = <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('database.add')}</Button>
  return (
    <>
      <PageHead title={t('database.title')} meta={<span>{t('database.hint')}</span>} actions={add} />
      <Loaded query={query} rows={4}>
        {({ items }) => (
          <Card flush={items.length > 0}>
            {items.length === 0 ? (
              <Empty title={t('database.none')} actions={add}>{t('database.noneHint')}</Empty>
            ) : (
              <DataTable
                label={t('database.title')}
                rows={items}
                rowKey={(row) => row.id}
                columns={[
                  { key: 'name', title: t('database.name'), render: (row) => <><b>{row.name}</b>{row.change_id && <small><Link to="/approvals/$id" params={{ id: row.change_id }}>{t(row.in_force ? 'database.changeWaits' : 'database.waits')}</Link></small>}</> },
                  { key: 'address', title: t('database.address'), render: (row) => <code className="mono wrap-any">{row.address}</code> },
                  { key: 'user', title: t('database.user'), render: (row) => <code className="mono">{row.login}</code> },
                  { key: 'tls', title: t('database.encrypted'), render: (row) => <span className={`tag ${row.encrypted ? 'ok' : 'plain'}`}>{t(row.encrypted ? 'database.tls' : 'database.plain')}</span> },
                  { key: 'changed', title: t('database.changed'), render: (row) => <>{row.changed_by}<small>{formatRecent(row.changed_at)}</small></> },
                  { key: 'do', title: '', render: (row) => <span className="row">{!row.change_id && <Button size="small" onClick={() => setEditing(row)}>{t('database.change')}</Button>}{row.in_force && <Button size="small" danger onClick={() => ask(row)}>{t('database.remove')}</Button>}</span> },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
      {editing && <DatabaseForm database={editing === 'new' ? undefined : editing} close={() => setEditing(null)} done={() => { void message.success(t('database.asked')); void query.refetch() }} />}
    </>
  )
}

interface Values {
  name: string
  address: string
  login: string
  password?: string
  encrypted: boolean
}

function DatabaseForm({ database, close, done }: { database?: ImportDatabase; close: () => void; done: () => void }) {
  const { t } = useTranslation()
  const needed = [{ required: true, message: t('feed.needed') }]
  const submit = async (values: Values) => {
    await putDatabase({ ...values, password: values.password || null })
    done()
  }
  return (
    <Ask<Values> title={t(database ? 'database.change' : 'database.add')} initial={database ?? { encrypted: true }} submit={submit} close={close} action={t('database.ask')}>
      <Form.Item name="name" label={t('database.name')} rules={needed}><Input maxLength={80} disabled={database !== undefined} /></Form.Item>
      <Form.Item name="address" label={t('database.address')} extra={t('database.addressHint')} rules={needed}><Input className="mono" spellCheck={false} /></Form.Item>
      <Form.Item name="login" label={t('database.user')} extra={t('database.userHint')} rules={needed}><Input className="mono" autoComplete="off" spellCheck={false} /></Form.Item>
      <Form.Item name="password" label={t('database.password')} extra={`${t('database.passwordHint')}${database ? ` · ${t('database.passwordKeep')}` : ''}`} rules={database ? [] : needed}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item name="encrypted" label={t('database.encrypted')} extra={t('database.encryptedHint')} valuePropName="checked"><Switch /></Form.Item>
    </Ask>
  )
}
