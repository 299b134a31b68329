/** The customers' page itself in a phone's frame: the server renders the draft with the template that goes live. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@console/app/session'

const views = ['open', 'claimed', 'sold_out'] as const
export type PhoneView = (typeof views)[number]

interface PhoneFrameProps {
  campaignId: string
  /** A new one loads the page anew; what is shown stays until it has come. */
  version: number
  language: 'zh' | 'en'
  setLanguage: (language: 'zh' | 'en') => void
}

export function PhoneFrame({ campaignId, version, language, setLanguage }: PhoneFrameProps) {
  const { t } = useTranslation()
  const { session } = useSession()
  const [view, setView] = useState<PhoneView>('open')
  const address = `/h5/${session.tenant.code}/preview/${campaignId}?lang=${language}&view=${view}&v=${version}`
  const [shown, setShown] = useState(address)
  const pages = shown === address ? [address] : [shown, address]
  return (
    <figure className="phone-figure" aria-label={t('campaign.preview')}>
      <div className="between phone-tools">
        <Segmented size="small" value={view} onChange={setView} options={views.map((value) => ({ value, label: t(`wizard.views.${value}`) }))} aria-label={t('wizard.view')} />
        <Segmented size="small" value={language} onChange={setLanguage} options={[{ value: 'zh', label: '中' }, { value: 'en', label: 'EN' }]} aria-label={t('wizard.language')} />
      </div>
      <div className="phone-shell">
        <div className="phone-screen">
          {pages.map((source) => (
            <iframe
              key={source}
              src={source}
              title={t('campaign.preview')}
              tabIndex={-1}
              data-waiting={source === address && shown !== address ? '' : undefined}
              onLoad={() => source === address && setShown(address)}
            />
          ))}
        </div>
      </div>
      <figcaption className="s12 muted">{t('wizard.phoneHint')}</figcaption>
    </figure>
  )
}
