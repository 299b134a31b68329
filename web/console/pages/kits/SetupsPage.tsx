/** Kits that were set up, and how far each is. */
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { listKits, listKitSetups, type KitSetupRow } from '@api/kits'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { DataPage } from '@kit/DataPage'
import { formatDay, formatInstant, formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { Empty } from '@kit/states'
import { StageTag } from './StageTag'

export default function SetupsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const say = useBilingual()
  const navigate = useNavigate()
  const kits = useQuery({ queryKey: ['kits'], queryFn: listKits })
  const names = new Map((kits.data ?? []).map((kit) => [kit.key, say(kit.name, kit.name_en)]))
  const add = may('campaign.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => void navigate({ to: '/kits' })}>{t('kits.choose')}</Button>
  return (
    <DataPage<KitSetupRow>
      name="kit_setups"
      operation="list_kit_setups"
      title={t('kits.setUps')}
      label={t('kits.setUps')}
      meta={<span>{t('kits.setUpsMeta')}</span>}
      actions={add}
      searchHint={t('kits.search')}
      load={listKitSetups}
      rowKey={(row) => row.id}
      open={(row) => void navigate({ to: `/kits/set-up/${row.id}` })}
      columns={[
        { key: 'name', title: t('kits.name'), field: 'name', render: (row) => <><b>{row.name}</b><small>{names.get(row.key) ?? row.key}</small></> },
        { key: 'stage', title: t('campaign.state'), field: 'stage', words: 'kits.stages', render: (row) => <StageTag value={row.stage} /> },
        { key: 'window', title: t('kits.window'), field: 'opens_at', format: 'day', render: (row) => `${formatDay(row.opens_at)} – ${formatDay(row.closes_at)}` },
        { key: 'unit', title: t('campaign.unit'), field: 'unit', render: (row) => row.unit },
        { key: 'budget', title: t('kits.budgetMost'), field: 'budget_fen', format: 'yuan', number: true, render: (row) => formatMoney(row.budget_fen) },
        { key: 'by', title: t('kits.by'), field: 'created_by', render: (row) => <>{row.created_by}<small>{formatInstant(row.created_at)}</small></> },
      ]}
      empty={<Empty title={t('kits.none')} actions={add}>{t('kits.noneHint')}</Empty>}
    />
  )
}
