import { useTranslation } from 'react-i18next'
import { PageHead } from '@kit/layout'

export default function HomePage() {
  const { t } = useTranslation()
  return <PageHead title={t('menu.home')} />
}
