/** Prizes added to a table that is public: appended, never in front of what stands there. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PlayDraft, PrizeDraft } from '@api/plays'
import { Icon } from '@kit/icons'
import { Line } from './PrizeTable'

export function NewPrizes({ draft, from, put }: { draft: PlayDraft; from: number; put: (prizes: PrizeDraft[]) => void }) {
  const { t } = useTranslation()
  const prizes = draft.prizes ?? []
  const nothing = prizes.findIndex((one) => !one.sku_id)
  const add = () => put([...prizes, { title: '', title_en: '', odds_ppm: 0, per_day: 0, per_person: 0, fallback: nothing < 0 ? null : nothing }])
  return (
    <>
      <ol className="prizes amend-new">
        {prizes.slice(from).map((one, at) => (
          <Line
            key={from + at}
            prize={one}
            place={from + at}
            titles={prizes.map((other) => other.title)}
            change={(changes) => put(prizes.map((other, place) => (place === from + at ? { ...other, ...changes } : other)))}
            drop={() => put(prizes.filter((_, place) => place !== from + at))}
          />
        ))}
      </ol>
      <Button icon={<Icon name="plus" />} disabled={prizes.length >= 24} onClick={add}>{t('play.addPrize')}</Button>
    </>
  )
}
