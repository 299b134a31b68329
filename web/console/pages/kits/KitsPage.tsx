/** Kits: scenarios of the house, ready to be set up; the second view lists those that were. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { listKits, type Kit } from '@api/kits'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { formatCount } from '@kit/format'
import { Icon, type IconName } from '@kit/icons'
import { Card, Note, PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'
import './kits.css'

const SIGNS: Record<string, IconName> = {
  payroll: 'budget', tiered_operation: 'people', mall_opening: 'store', branch_visit: 'counter', profile: 'customer', dormant_card: 'retry',
  first_90_days: 'customer', wealth_upgrade: 'tag', maturity_care: 'clock', game_month: 'play',
}

export default function KitsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const kits = useQuery({ queryKey: ['kits'], queryFn: listKits })
  return (
    <>
      <PageHead title={t('menu.kits')} meta={<span>{t('kits.meta')}</span>} actions={<Button onClick={() => void navigate({ to: '/kits/set-up' })}>{t('kits.setUps')}</Button>} />
      <Loaded query={kits} rows={9}>{(found) => <ul className="kits">{found.map((kit) => <li key={kit.key}><Offered kit={kit} /></li>)}</ul>}</Loaded>
    </>
  )
}

function Offered({ kit }: { kit: Kit }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const navigate = useNavigate()
  const ready = kit.missing.length === 0
  return (
    <Card
      className="kit"
      title={<span className="kit-name"><Icon name={SIGNS[kit.key] ?? 'campaign'} />{say(kit.name, kit.name_en)}</span>}
      right={kit.setups > 0 && <span className="muted s12">{t('kits.times', { count: kit.setups, shown: formatCount(kit.setups) })}</span>}
      footer={may('campaign.write') && <Button disabled={!ready} onClick={() => void navigate({ to: `/kits/${kit.key}` })}>{t('kits.begin')}</Button>}
    >
      <p>{say(kit.summary, kit.summary_en)}</p>
      <dl className="kit-facts">
        <dt>{t('kits.rewarded')}</dt><dd>{say(kit.rewarded, kit.rewarded_en)}</dd>
        <dt>{t('kits.measured')}</dt><dd>{say(kit.measured, kit.measured_en)}</dd>
      </dl>
      <p className="kit-makes">{kit.makes.map((one) => <span className="tag" key={one}>{t(`kits.parts.${one}`)}</span>)}{kit.basis && <span className="tag gold">{t('kits.needsBasis')}</span>}</p>
      {!ready && <Note kind="warning">{t('kits.missing', { facts: kit.missing.join('、') })} <Link to="/imports">{t('kits.toImport')}</Link></Note>}
    </Card>
  )
}
