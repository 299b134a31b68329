/** How the customers' page will read, in a phone's frame: the same words, the same order. */
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Campaign, Draft } from '@api/campaigns'
import { useSession } from '@console/app/session'
import { formatDay } from '@kit/format'

const words = {
  zh: { claim: '立即领取', until: '领取后 {n} 天内有效', limit: '每人限 {n} 份', rules: '活动规则', mine: '我的权益', window: '活动时间', title: '页面标题', subtitle: '一句话说明' },
  en: { claim: 'Claim now', until: 'Good for {n} days after you claim', limit: '{n} per person', rules: 'Rules', mine: 'My benefits', window: 'Open', title: 'Page title', subtitle: 'One line about it' },
} as const

interface PhonePreviewProps {
  draft: Draft
  sku: Campaign['sku']
  language: 'zh' | 'en'
  setLanguage: (language: 'zh' | 'en') => void
}

export function PhonePreview({ draft, sku, language, setLanguage }: PhonePreviewProps) {
  const { t } = useTranslation()
  const { session } = useSession()
  const text = draft.page_texts?.[language]
  const word = words[language]
  const fill = (pattern: string, n: number | undefined) => pattern.replace('{n}', String(n ?? 1))
  return (
    <figure aria-label={t('campaign.preview')}>
      <div className="between" style={{ marginBottom: 10 }}>
        <Segmented size="small" value={language} onChange={setLanguage} options={[{ value: 'zh', label: '中文' }, { value: 'en', label: 'English' }]} aria-label={t('shell.kinds.campaign')} />
        <span className="s12 muted">390 × 844</span>
      </div>
      <div className="phone" lang={language === 'zh' ? 'zh-CN' : 'en'}>
        <div className="phone-scene">
          <span>{language === 'en' ? session.tenant.name_en || session.tenant.name : session.tenant.name}</span>
          <b>{text?.title || word.title}</b>
          <span>{text?.subtitle || word.subtitle}</span>
          <i aria-hidden />
          <svg viewBox="0 0 280 60" preserveAspectRatio="none" aria-hidden>
            <path d="M0 26q70-26 140 0t140 0v34H0z" fill="var(--h3)" opacity=".55" />
            <path d="M0 40q70-20 140 0t140 0v20H0z" fill="var(--card)" />
          </svg>
        </div>
        <div className="phone-body">
          <div className="box">
            <b>{sku?.name ?? t('campaign.sku')}</b>
            <span className="s12 second">{sku?.brand ?? ''}</span>
            <span className="s12 second">{fill(word.until, draft.valid_days)} · {fill(word.limit, draft.person_limit)}</span>
          </div>
          {draft.opens_at && <span className="s12 muted">{word.window} {formatDay(draft.opens_at)} – {formatDay(draft.closes_at)}</span>}
          <div className="phone-rules s12"><b>{word.rules}</b><p>{text?.rules || '…'}</p></div>
        </div>
        <div className="phone-foot">
          <span className="phone-button">{word.claim}</span>
          <span className="s12 second">{word.rules}　{word.mine}</span>
        </div>
      </div>
      <figcaption className="s12 muted" style={{ textAlign: 'center', marginTop: 8 }}>{t('campaign.previewHint')}</figcaption>
    </figure>
  )
}
