/** One SELECT to a database of the bank; its answer becomes the file that is imported. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askDatabase, cancelExtract, getExtract, listDatabases } from '@api/imports'
import { requestNo } from '@api/request'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

export function ImportQuery({ take }: { take: (file: { id: string; name: string; rows: number }) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [chosen, setDatabase] = useState<string>()
  const [query, setQuery] = useState('')
  const [asked, setAsked] = useState<string | null>(null)
  const known = useQuery({ queryKey: ['import-databases'], queryFn: listDatabases })
  const databases = (known.data?.items ?? []).filter((one) => one.in_force)
  const database = chosen ?? databases[0]?.id
  const answer = useQuery({
    queryKey: ['extract', asked],
    queryFn: () => getExtract(asked ?? ''),
    enabled: asked !== null,
    refetchInterval: (state) => (['queued', 'running'].includes(state.state.data?.status ?? 'queued') ? 700 : false),
  })
  const put = useMutation({ mutationFn: () => askDatabase({ database_id: database ?? '', query, name: '', request_no: requestNo() }), onSuccess: (id) => setAsked(String(id)) })
  const stop = useMutation({ mutationFn: () => cancelExtract(asked ?? ''), onSettled: () => void answer.refetch() })
  const found = asked === null ? undefined : answer.data
  const working = put.isPending || (asked !== null && ['queued', 'running'].includes(found?.status ?? 'queued'))
  useEffect(() => {
    if (found?.status === 'done' && found.file_id) take({ id: found.file_id, name: found.name, rows: found.rows })
  }, [found, take])
  if (known.isSuccess && databases.length === 0) return <Note icon="info">{t('source.noDatabase')}</Note>
  return (
    <Card title={t('source.samples.database')}>
      <Form layout="vertical" component="div">
        <Form.Item label={t('source.database')}>
          <Select aria-label={t('source.database')} value={database} onChange={setDatabase} loading={known.isLoading} style={{ maxWidth: 420 }} options={databases.map((one) => ({ value: one.id, label: `${one.name} · ${one.address}` }))} />
        </Form.Item>
        <Form.Item label={t('source.query')} extra={t('source.queryHint')}>
          <Input.TextArea className="mono" aria-label={t('source.query')} rows={6} spellCheck={false} value={query} onChange={(event) => setQuery(event.target.value)} placeholder="SELECT cust_no AS customer_no, branch AS unit_code, opened_on FROM core.customer" />
        </Form.Item>
      </Form>
      {put.error && <div style={{ marginBottom: 12 }}><Note kind="danger">{say(problemOf(put.error))}</Note></div>}
      {found?.refusal && <div style={{ marginBottom: 12 }}><Note kind="danger"><b>{t('source.refused')}</b> {say({ status: 422, code: found.refusal.code, detail: found.refusal.detail, data: found.refusal.data })}</Note></div>}
      <div className="row wrap">
        <Button type="primary" icon={<Icon name="play" />} disabled={!database || !query.trim()} loading={working} onClick={() => put.mutate()}>{t('source.ask')}</Button>
        {working && asked && <><span className="second s13" role="status">{t('source.asking', { rows: formatCount(found?.rows ?? 0) })}</span><Button onClick={() => stop.mutate()}>{t('source.stop')}</Button></>}
      </div>
    </Card>
  )
}
