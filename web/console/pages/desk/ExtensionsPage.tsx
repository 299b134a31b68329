/** Later ends of benefits: asked for, done; each decided by a second person. */
import { useTranslation } from 'react-i18next'
import { listExtensions, withdrawExtension, type Extension } from '@api/desk'
import { formatInstant, formatRecent } from '@kit/format'
import { AskList } from './AskList'

export default function ExtensionsPage() {
  const { t } = useTranslation()
  return (
    <AskList<Extension>
      name="extensions"
      operation="list_extensions"
      kind="extension"
      title={t('menu.extensions')}
      hint={t('desk.extensionsHint')}
      states={['submitted', 'done', 'refused', 'withdrawn']}
      load={listExtensions}
      what={[
        { key: 'benefit', title: t('desk.benefits'), field: 'benefit', render: (row) => <b>{row.benefit}</b> },
        { key: 'until', title: t('desk.until'), field: 'until_at', sort: 'until', format: 'instant', render: (row) => <span className="nowrap">{formatRecent(row.until_at)}<small>{t('desk.before', { time: formatRecent(row.before_at) })}</small></span> },
      ]}
      facts={(row) => [
        [t('desk.benefits'), row.benefit],
        [t('desk.until'), formatInstant(row.until_at)],
        [t('desk.beforeOn'), formatInstant(row.before_at)],
      ]}
      withdraw={withdrawExtension}
      empty={{ title: t('desk.noExtensions'), hint: t('desk.noExtensionsHint') }}
    />
  )
}
