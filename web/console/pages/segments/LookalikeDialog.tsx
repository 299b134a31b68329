/** Asking for customers like those of this segment, and what earlier searches found. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from '@tanstack/react-router'
import { createSegment } from '@api/segments'
import { createLookalike, listLookalikes, type Lookalike } from '@api/segmentLife'
import { requestNo } from '@api/request'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { formatCount, formatPpm, formatRecent } from '@kit/format'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

export function LookalikeDialog({ segmentId, name, close }: { segmentId: string; name: string; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async (values: { name: string; wanted: number }) => {
    await createLookalike({ name: values.name.trim(), wanted: values.wanted, segment_id: segmentId })
    await cache.invalidateQueries({ queryKey: ['lookalikes'] })
    void message.success(t('segmentLife.searching'))
  }
  return (
    <Ask<{ name: string; wanted: number }> title={t('segmentLife.lookalike')} action={t('segmentLife.search')} submit={submit} close={close} initial={{ name: t('segmentLife.likeName', { name }), wanted: 1_000 }}>
      <p className="second s12" style={{ marginBottom: 12 }}>{t('segmentLife.lookalikeHint')}</p>
      <Form.Item name="name" label={t('segment.listName')} rules={[{ required: true, message: t('form.needed', { name: t('segment.listName') }) }]}><Input maxLength={60} /></Form.Item>
      <Form.Item name="wanted" label={t('segmentLife.wanted')} rules={[{ required: true, message: t('form.needed', { name: t('segmentLife.wanted') }) }]}><InputNumber min={1} max={1_000_000} precision={0} style={{ width: '100%' }} /></Form.Item>
    </Ask>
  )
}

export function Lookalikes({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['lookalikes'], queryFn: listLookalikes, refetchInterval: (found) => (found.state.data?.items.some((one) => one.state === 'asked') ? 2_000 : false) })
  const own = (query.data?.items ?? []).filter((one) => one.segment_id === segmentId)
  if (own.length === 0) return null
  return <Card title={t('segmentLife.lookalikes')} hint={t('segmentLife.lookalikesHint')}><ul className="lines tight">{own.slice(0, 3).map((one) => <Found key={one.id} one={one} />)}</ul></Card>
}

function Found({ one }: { one: Lookalike }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const sayProblem = useProblemText()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const open = async () => {
    try {
      const id = await createSegment({ name: one.name, serves: 'selection', purpose: 'marketing', basis: null, request_no: requestNo(), expression: { kind: 'all', of: [{ kind: 'upload', upload_id: one.upload_id }] } })
      await navigate({ to: `/segments/${id}` })
    } catch (error) {
      void modal.error({ title: t('builder.notDone'), content: sayProblem(problemOf(error)), okText: t('action.close') })
    }
  }
  return (
    <li className="s13">
      <div className="between">
        <span className="clip"><span className={`tag ${one.state === 'done' ? 'ok' : one.state === 'asked' ? 'draft' : 'bad'}`}>{t(`segmentLife.searchStates.${one.state}`)}</span> {one.name}</span>
        {one.state === 'done' && <Button type="link" size="small" style={{ padding: 0 }} onClick={() => void open()}>{t('segmentLife.asSegment')}</Button>}
      </div>
      {one.state === 'failed' && <p className="s12 second">{t(`segmentLife.searchFailed.${one.failure.split('.').pop()}`, { defaultValue: one.failure_detail })}</p>}
      {one.state === 'done' && (
        <>
          <p className="s12 second">{t('segmentLife.foundSaid', { found: formatCount(one.found), seed: formatCount(one.seed), auc: one.auc?.toFixed(3) })}</p>
          <ul className="s12 like-drivers">
            {one.drivers.slice(0, 4).map((driver) => (
              <li key={`${driver.name}/${driver.value ?? driver.low}`}>
                {t(`segmentLife.driver.${driver.direction}`, { name: [say(driver.label, driver.label_en) || driver.name, driver.value ?? (driver.low == null ? '' : `≥ ${driver.low}`)].filter(Boolean).join(' '), seed: formatPpm(driver.seed_share * 1e6), rest: formatPpm(driver.rest_share * 1e6) })}
              </li>
            ))}
          </ul>
        </>
      )}
      <small className="muted">{one.asked_by} · {formatRecent(one.asked_at)}</small>
    </li>
  )
}
