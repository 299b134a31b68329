/** Changes: what waits for me, what I asked for, everything. */
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listApprovals } from '@api/approvals'
import { useBilingual, useChangeTitle } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { formatRecent, isPast } from '@kit/format'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'

const states = ['pending', 'approved', 'applied', 'returned', 'rejected', 'withdrawn'] as const

export default function ApprovalsPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const titleOf = useChangeTitle()
  const navigate = useNavigate()
  return (
    <DataPage
      name="approvals"
      operation="list_approvals"
      title={t('menu.approvals')}
      label={t('menu.approvals')}
      load={listApprovals}
      rowKey={(change) => change.id}
      open={(change) => void navigate({ to: `/approvals/${change.id}` })}
      searchHint={t('approval.search')}
      statuses={states.map((value) => ({ value, label: t(`status.change.${value}`) }))}
      views={['to_decide', 'mine'].map((value) => ({ value, label: t(`approval.views.${value}`) }))}
      refetchInterval={30_000}
      columns={[
        { key: 'title', title: t('approval.title'), field: 'title', render: (change) => <><b>{titleOf(change)}</b><small className="mono">{change.number}</small></> },
        { key: 'kind', title: t('approval.kind'), field: 'kind', words: 'approval.kinds', render: (change) => t(`approval.kinds.${change.kind.replaceAll('.', '_')}`, { defaultValue: change.kind }) },
        {
          key: 'groups',
          title: t('approval.touches'),
          render: (change) => <>{change.groups.map((group) => t(`approval.groups.${group || 'other'}`, { defaultValue: group })).join(t('list.comma'))}<small>{t('approval.fields', { count: change.changed_count })}</small></>,
        },
        {
          key: 'checks',
          title: t('approval.checks'),
          render: (change) =>
            change.fails > 0 ? <span className="tag bad">{t('approval.fails', { count: change.fails })}</span> : change.warns > 0 ? <span className="tag warn">{t('approval.warns', { count: change.warns })}</span> : <span className="tag ok">{t('approval.clean')}</span>,
        },
        { key: 'maker', title: t('approval.maker'), field: 'maker_name', render: (change) => <>{change.maker_name}<small>{formatRecent(change.submitted_at)}</small></> },
        {
          key: 'state',
          title: t('approval.state'), field: 'state', words: 'status.change',
          render: (change) => (
            <>
              <StatusTag kind="change" value={change.state} />
              {change.state === 'pending' && <small>{say(change.stage_name, change.stage_name_en)}</small>}
            </>
          ),
        },
        { key: 'due', title: t('approval.due'), field: 'due_at', format: 'instant', render: (change) => <span className={change.due_at && isPast(change.due_at) ? 'bad nowrap' : 'nowrap'}>{change.state === 'pending' ? formatRecent(change.due_at) : '—'}</span> },
      ]}
      empty={<Empty title={t('approval.none')}>{t('approval.noneHint')}</Empty>}
    />
  )
}
