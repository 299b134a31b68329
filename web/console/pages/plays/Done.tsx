/** What was done in a play day by day, and by how many people. */
import { useTranslation } from 'react-i18next'
import type { PlayFigures } from '@api/plays'
import { formatCount, formatDay } from '@kit/format'
import { Card } from '@kit/layout'

const ROWS_MAX = 24

export function Done({ figures }: { figures: PlayFigures }) {
  const { t } = useTranslation()
  return (
    <Card title={t('way.done')} hint={t('way.doneHint')} flush>
      <div className="play-scroll">
        <table className="play-table">
          <thead><tr><th>{t('way.date')}</th><th>{t('way.deed')}</th><th>{t('way.count')}</th><th>{t('way.people')}</th></tr></thead>
          <tbody>{figures.done.slice(0, ROWS_MAX).map((one) => <tr key={`${one.day} ${one.kind}`}><td>{formatDay(one.day)}</td><td>{t(`way.kinds.${one.kind}`)}</td><td>{formatCount(one.count)}</td><td>{formatCount(one.people)}</td></tr>)}</tbody>
        </table>
      </div>
    </Card>
  )
}
