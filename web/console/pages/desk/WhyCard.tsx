/** Why a campaign did not reach a customer: condition by condition, and what to say. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { getReasons, listAskable, type Reasons } from '@api/desk'
import { useBilingual } from '@console/app/useWords'
import { formatWindow } from '@kit/format'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { ReadAloud } from './StoryCard'

export function WhyCard({ seq, chosen, choose }: { seq: number; chosen?: string; choose: (campaign?: string) => void }) {
  const { t } = useTranslation()
  const campaigns = useQuery({ queryKey: ['askable', seq], queryFn: () => listAskable(seq) })
  return (
    <div className="stack">
      <div className="card filters" style={{ flexDirection: 'row' }}>
        <Select
          aria-label={t('desk.whichCampaign')} placeholder={t('desk.whichCampaign')} showSearch optionFilterProp="label" className="desk-campaign"
          value={chosen} onChange={choose} loading={campaigns.isPending}
          options={campaigns.data?.items.map((one) => ({ value: one.id, label: one.name, title: formatWindow(one.opens_at, one.closes_at) }))}
        />
      </div>
      {chosen ? <Answers seq={seq} campaignId={chosen} /> : <div className="card"><Empty sign="search" title={t('desk.whichCampaign')}>{t('desk.whichCampaignHint')}</Empty></div>}
    </div>
  )
}

function Answers({ seq, campaignId }: { seq: number; campaignId: string }) {
  const query = useQuery({ queryKey: ['reasons', seq, campaignId], queryFn: () => getReasons(seq, campaignId) })
  return <Loaded query={query} rows={6}>{(reasons) => <View reasons={reasons} />}</Loaded>
}

function View({ reasons }: { reasons: Reasons }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <div className="desk-two even">
      <Card accent title={reasons.campaign}>
        <ReadAloud said={reasons.script} />
        <ul className="conditions" aria-label={t('desk.conditions')}>
          {reasons.answers.map((answer) => (
            <li key={answer.condition} data-holds={answer.holds}>{say(answer.what.zh, answer.what.en)}</li>
          ))}
        </ul>
      </Card>
      {reasons.rule && reasons.rule.length > 0 && (
        <Card title={t('desk.rule')} hint={t('desk.ruleHint')}>
          <ul className="conditions" aria-label={t('desk.rule')}>
            {reasons.rule.map((line, index) => (
              <li key={index} data-holds={line.holds ?? 'unknown'}>
                {say(line.what.zh, line.what.en)}
                <span className="muted s12">{t('desk.now', { value: line.masked ? '****' : line.value === null || line.value === undefined ? '—' : String(line.value) })}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  )
}
