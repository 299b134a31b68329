/** What the customer allows, by what basis and since when; and the lists on which they are left alone. */
import { useTranslation } from 'react-i18next'
import type { CustomerPage as Page } from '@api/customers'
import { useBilingual } from '@console/app/useWords'
import { formatDay } from '@kit/format'
import { Card, Facts, Note } from '@kit/layout'

export function ConsentsCard({ customer }: { customer: Page['customer'] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <Card title={t('customer.consents')}>
      <Facts
        rows={customer.consents.map((consent) => [
          say(consent.label, consent.label_en),
          consent.verdict ? (
            <span key="v" className={consent.verdict === 'given' ? 'good' : 'bad'} title={[consent.text_version && t('customer.textVersion', { version: consent.text_version }), consent.channel].filter(Boolean).join(' · ')}>
              {t(`customer.verdicts.${consent.verdict}`)} {consent.basis && consent.basis !== 'consent' ? t(`customer.bases.${consent.basis}`, { defaultValue: consent.basis }) : ''} {formatDay(consent.at)}
            </span>
          ) : (
            <span key="n" className="muted">{t('customer.neverAsked')}</span>
          ),
        ])}
      />
      {customer.suppressions.length > 0 && (
        <div className="below">
          <Note kind="warning">
            {t('customer.suppressed')} {customer.suppressions.map((each) => t('customer.suppressedBy', { reason: t(`customer.reasons.${each.reason}`), day: formatDay(each.at) })).join(t('list.comma'))}
          </Note>
        </div>
      )}
    </Card>
  )
}
