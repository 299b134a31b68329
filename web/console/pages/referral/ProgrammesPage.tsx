/** Referral programmes: how many accepted, how many did the act, what it cost and came to. */
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listProgrammes, type Programme } from '@api/referral'
import { useSession } from '@console/app/session'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StateTag } from './StateTag'

const STATES = ['live', 'submitted', 'paused', 'stopped', 'refused'] as const

export default function ProgrammesPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const navigate = useNavigate()
  const add = may('campaign.submit') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/referral/new' })}>{t('referral.new')}</Button>
  return (
    <DataPage<Programme>
      name="referral_programmes"
      operation="list_referral_programmes"
      title={t('menu.referral')}
      label={t('menu.referral')}
      meta={<span>{t('referral.meta')}</span>}
      actions={add}
      load={listProgrammes}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/referral/${row.id}` })}
      statuses={STATES.map((key) => ({ value: key, label: t(`referral.states.${key}`) }))}
      columns={[
        { key: 'name', title: t('referral.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{t('referral.days', { opens: formatDay(row.opens_at), closes: formatDay(row.closes_at) })}</small></> },
        { key: 'state', title: t('campaign.state'), field: 'state', words: 'referral.states', render: (row) => <StateTag value={row.state} /> },
        { key: 'inviters', title: t('referral.inviters'), field: 'figures.referrers', number: true, render: (row) => formatCount(row.figures.referrers) },
        { key: 'accepted', title: t('referral.accepted'), field: 'figures.accepted', number: true, render: (row) => formatCount(row.figures.accepted) },
        { key: 'rewarded', title: t('referral.rewarded'), field: 'figures.rewarded', number: true, render: (row) => <b>{formatCount(row.figures.rewarded)}</b> },
        { key: 'blocked', title: t('referral.blocked'), field: 'figures.blocked', number: true, render: (row) => formatCount(row.figures.blocked) },
        { key: 'cost', title: t('referral.cost'), field: 'figures.cost_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.figures.cost_fen) },
        { key: 'value', title: t('referral.value'), field: 'figures.value_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.figures.value_fen) },
      ]}
      empty={<Empty title={t('referral.none')} actions={add}>{t('referral.noneHint')}</Empty>}
    />
  )
}
