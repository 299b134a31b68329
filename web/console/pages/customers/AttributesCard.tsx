/** What the bank knows of the customer beside who they are; sealed values withheld, deposit facts marked. */
import { useTranslation } from 'react-i18next'
import type { CustomerPage as Page } from '@api/customers'
import { useBilingual } from '@console/app/useWords'
import { formatCount } from '@kit/format'
import { Card } from '@kit/layout'

export function AttributesCard({ customer, className }: { customer: Page['customer']; className: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const known = customer.attributes.filter((each) => each.value !== null || each.masked)
  const unknown = customer.attributes.length - known.length
  const shown = (value: unknown) => (typeof value === 'boolean' ? t(value ? 'segment.yes' : 'segment.no') : typeof value === 'number' ? formatCount(value) : String(value))
  return (
    <Card className={className} title={t('customer.attributes')} hint={t('customer.attributesHint', { known: known.length, unknown })}>
      {known.length === 0 ? (
        <p className="muted s13">{t('customer.noAttributes')}</p>
      ) : (
        <dl className="attributes">
          {known.map((each) => (
            <div key={each.name}>
              <dt>{say(each.label, each.label_en) || each.name}{each.deposit_derived && <span className="tag gold plain" title={t('customer.depositHint')}>B1</span>}</dt>
              <dd>{each.masked ? '****' : say(each.called, each.called_en) || shown(each.value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}
