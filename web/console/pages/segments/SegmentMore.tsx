/** What can be done with a saved segment beside its rule: copy, share, history, lists handed out, put away. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Checkbox, Drawer, Dropdown, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { requestNo } from '@api/request'
import { archiveSegment, cancelList, copySegment, listColumns, listLists, requestList, revertSegment, shareSegment, type ListExport, type SegmentPage as Page } from '@api/segments'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { TakeForm, type Takeable } from '@console/pages/library/LibraryPage'
import { Suggestions } from '@console/pages/library/Suggestions'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Loaded } from '@kit/states'
import type { ConditionSources } from './ConditionFields'
import { LookalikeDialog } from './LookalikeDialog'
import { asRoot, isGroup, partsOf, type Expression } from './expression'
import { useRuleSentence } from './RuleText'

type Open = 'copy' | 'history' | 'list' | 'lookalike' | 'benefits' | null

export function MoreActions({ page, sources }: { page: Page; sources: ConditionSources }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message, modal } = App.useApp()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { may } = useSession()
  const [open, setOpen] = useState<Open>(null)
  const [taking, setTaking] = useState<Takeable | null>(null)
  const { segment, can } = page
  const doing = async (work: Promise<unknown>) => {
    try {
      await work
      await cache.invalidateQueries({ queryKey: ['segments'] })
      void message.success(t('state.saved'))
    } catch (error) {
      void modal.error({ title: t('builder.notDone'), content: say(problemOf(error)), okText: t('action.close') })
    }
  }
  const shared = segment.shared_with === 'bank'
  const away = segment.archived_at != null
  const items = [
    ...(may('benefit.read') && segment.serves === 'selection' ? [{ key: 'benefits', icon: <Icon name="benefit" />, label: t('suggest.title'), onClick: () => setOpen('benefits') }] : []),
    ...(can.includes('copy') ? [{ key: 'lookalike', icon: <Icon name="people" />, label: t('segmentLife.lookalike'), onClick: () => setOpen('lookalike') }] : []),
    { key: 'history', icon: <Icon name="clock" />, label: t('builder.history'), onClick: () => setOpen('history') },
    ...(can.includes('copy') ? [{ key: 'copy', icon: <Icon name="copy" />, label: t('action.copy'), onClick: () => setOpen('copy') }] : []),
    ...(can.includes('share') ? [{ key: 'share', icon: <Icon name="people" />, label: t(shared ? 'builder.shareUnit' : 'builder.shareBank'), onClick: () => void doing(shareSegment(segment.id, shared ? 'unit' : 'bank')) }] : []),
    ...(can.includes('archive') ? [{ key: 'archive', icon: <Icon name={away ? 'undo' : 'file'} />, label: t(away ? 'builder.restore' : 'builder.archive'), onClick: () => void doing(archiveSegment(segment.id, !away)) }] : []),
  ]
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}><Button icon={<Icon name="down" />} iconPlacement="end">{t('action.more')}</Button></Dropdown>
      {can.includes('export') && <Button icon={<Icon name="download" />} onClick={() => setOpen('list')}>{t('builder.handOut')}</Button>}
      {open === 'copy' && (
        <Ask<{ name: string }> title={t('action.copy')} initial={{ name: t('builder.copyOf', { name: segment.name }) }} close={() => setOpen(null)} submit={async ({ name }) => { const id = await copySegment(segment.id, name.trim()); await cache.invalidateQueries({ queryKey: ['segments'] }); await navigate({ to: `/segments/${id}` }) }}>
          <Form.Item name="name" label={t('segment.name')} rules={[{ required: true, message: t('form.needed', { name: t('segment.name') }) }]}><Input maxLength={60} /></Form.Item>
        </Ask>
      )}
      {open === 'history' && <History page={page} sources={sources} close={() => setOpen(null)} revert={(version) => doing(revertSegment(segment.id, version, segment.version)).then(() => setOpen(null))} />}
      {open === 'lookalike' && <LookalikeDialog segmentId={segment.id} name={segment.name} close={() => setOpen(null)} />}
      {open === 'benefits' && <Suggestions segmentId={segment.id} take={setTaking} close={() => setOpen(null)} />}
      {taking && <TakeForm row={taking} close={() => setTaking(null)} />}
      {open === 'list' && <AskList page={page} close={() => setOpen(null)} />}
    </>
  )
}

/** Sentences of the top conditions: what a reader compares between two versions. */
function useParts(sources: ConditionSources) {
  const sentence = useRuleSentence(sources)
  return (expression: unknown): string[] => {
    const root = asRoot(expression as Expression)
    return isGroup(root) && root.kind === 'all' ? partsOf(root, '').map(({ part }) => sentence(part)) : [sentence(root)]
  }
}

function History({ page, sources, close, revert }: { page: Page; sources: ConditionSources; close: () => void; revert: (version: number) => void }) {
  const { t } = useTranslation()
  const parts = useParts(sources)
  return (
    <Drawer open title={t('builder.history')} onClose={close} size={560}>
      <ol className="versions">
        {page.versions.map((version, index) => {
          const now = parts(version.expression)
          const earlier = page.versions[index + 1]
          const before = earlier ? parts(earlier.expression) : []
          const gone = before.filter((one) => !now.includes(one))
          return (
            <li key={version.version}>
              <div className="between">
                <span><b>v{version.version}</b> <span className="second">{version.saved_by} · {formatInstant(version.saved_at)}</span></span>
                {index > 0 && page.can.includes('change') && <Button size="small" icon={<Icon name="undo" />} onClick={() => revert(version.version)}>{t('builder.revert')}</Button>}
              </div>
              <ul>
                {now.map((one) => <li key={one} className={earlier && !before.includes(one) ? 'added' : ''}>{one}</li>)}
                {gone.map((one) => <li key={one} className="gone"><del>{one}</del></li>)}
              </ul>
            </li>
          )
        })}
      </ol>
    </Drawer>
  )
}

interface ListValues {
  columns: string[]
  clear: boolean
  format: 'xlsx' | 'csv'
  rows_max: number
  reason: string
}

function AskList({ page, close }: { page: Page; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [no] = useState(requestNo)
  const columns = useQuery({ queryKey: ['list-columns'], queryFn: listColumns, staleTime: 300_000 })
  const submit = async (values: ListValues) => {
    await requestList({ segment_id: page.segment.id, request_no: no, ...values })
    await cache.invalidateQueries({ queryKey: ['lists', page.segment.id] })
    void message.success(t('builder.listAsked'))
  }
  return (
    <Ask<ListValues> title={t('builder.handOut')} action={t('builder.askList')} submit={submit} close={close} width={560} initial={{ columns: ['customer_no', 'name', 'phone', 'unit'], clear: false, format: 'xlsx', rows_max: 10_000 }}>
      <p className="second s12" style={{ marginBottom: 12 }}>{t('builder.handOutHint')}</p>
      <Form.Item name="columns" label={t('builder.columns')} rules={[{ required: true, message: t('form.needed', { name: t('builder.columns') }) }]}>
        <Select mode="multiple" loading={columns.isPending} options={(columns.data?.items ?? []).map((one) => ({ value: one.name, label: say(one.label, one.label_en) }))} optionFilterProp="label" />
      </Form.Item>
      <Form.Item name="clear" valuePropName="checked" extra={t('builder.clearHint')}><Checkbox>{t('builder.clear')}</Checkbox></Form.Item>
      <div className="naming">
        <Form.Item name="rows_max" label={t('builder.rowsMax')} rules={[{ required: true }]}><InputNumber min={1} max={200_000} precision={0} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="format" label={t('list.format')}><Radio.Group options={[{ value: 'xlsx', label: 'Excel' }, { value: 'csv', label: 'CSV' }]} /></Form.Item>
      </div>
      <Form.Item name="reason" label={t('builder.purpose')} rules={[{ required: true, message: t('form.needed', { name: t('builder.purpose') }) }]}><Input.TextArea rows={2} maxLength={200} placeholder={t('builder.purposeHint')} /></Form.Item>
    </Ask>
  )
}

/** Lists of this segment: how far each is, and for who asked, the file. */
export function Lists({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const moving = (one: ListExport) => one.state === 'pending' || one.state === 'approved'
  const query = useQuery({ queryKey: ['lists', segmentId], queryFn: () => listLists(segmentId), refetchInterval: (found) => (found.state.data?.items.some(moving) ? 3_000 : false) })
  if (query.data?.items.length === 0) return null
  const stop = async (id: string) => {
    await cancelList(id)
    await cache.invalidateQueries({ queryKey: ['lists', segmentId] })
  }
  return (
    <Card title={t('builder.lists')} hint={t('builder.listsHint')}>
      <Loaded query={query} rows={2}>
        {(page) => (
          <ul className="lines tight">
            {page.items.map((one) => (
              <li key={one.id} className="s13">
                <div className="between">
                  <span><span className={`tag ${one.state === 'done' ? 'ok' : moving(one) ? 'draft' : 'bad'}`}>{t(`builder.listStates.${one.state}`)}</span> {one.rows == null ? t('builder.frozenRows', { shown: formatCount(one.size) }) : t('builder.madeRows', { shown: formatCount(one.rows), out: formatCount(one.left_out) })}</span>
                  {one.can?.includes('download') && <a className="nowrap" href={`/v1/list-exports/${one.id}/file`} download>{t('action.download')}</a>}
                  {one.can?.includes('cancel') && <Button type="link" size="small" style={{ padding: 0 }} onClick={() => void stop(one.id)}>{t('approval.withdraw')}</Button>}
                </div>
                <small className="muted">{one.asked_by} · {formatRecent(one.asked_at)} · {one.reason}</small>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  )
}

const places: Record<string, string> = { campaign: 'campaigns', segment: 'segments' }

/** Who relies on this segment. */
export function UsedBy({ page }: { page: Page }) {
  const { t } = useTranslation()
  return (
    <Card title={t('builder.usedBy')} hint={t('builder.usedByHint')}>
      {page.used_by.length === 0 ? (
        <p className="muted s12">{t('builder.notUsed')}</p>
      ) : (
        <ul className="lines tight">
          {page.used_by.slice(0, 10).map((use) => (
            <li key={`${use.kind}.${use.id}`} className="between s13">
              <span className="row"><span className="tag plain">{t(`builder.useKinds.${use.kind}`)}</span>{places[use.kind] ? <Link className="name clip" to={`/${places[use.kind]}/${use.id}`}>{use.name}</Link> : use.name}</span>
              <span className="muted s12 nowrap">{use.kind === 'campaign' ? t(`status.campaign.${use.state}`) : use.kind === 'list' ? t(`builder.listStates.${use.state}`) : ''}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
