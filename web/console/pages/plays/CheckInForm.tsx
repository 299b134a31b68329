/** A check-in: what each day of a streak gives, its milestones, cards that mend a missed day. */
import { useTranslation } from 'react-i18next'
import { Numbered, RewardFields, Rows, type WayProps } from './WayForm'
import { newCheckIn } from './shapes'

export function CheckInForm({ draft, put, ways, set }: WayProps) {
  const { t } = useTranslation()
  const way = ways.checkin ?? newCheckIn()
  const change = (changes: Partial<typeof way>) => set({ checkin: { ...way, ...changes } })
  return (
    <>
      <h3 className="way-head">{t('way.days')}</h3>
      <p className="second s12">{t('way.daysHint')}</p>
      <Rows
        items={way.days} set={(days) => change({ days })} make={() => ({ line: null, chances: 0, cards: 0 })} add={t('way.addDay')} drop={t('way.dropDay')} max={31} least={1}
        row={(one, place, put_) => <><b className="way-no">{t('way.day', { number: place + 1 })}</b><RewardFields draft={draft} put={put} withCards label={t('way.day', { number: place + 1 })} reward={one} set={put_} /></>}
      />
      <h3 className="way-head">{t('way.milestones')}</h3>
      <p className="second s12">{t('way.milestonesHint')}</p>
      <Rows
        items={way.milestones ?? []} set={(milestones) => change({ milestones })} make={() => ({ days: 7, gives: { line: null, chances: 1, cards: 0 } })} add={t('way.addMilestone')} drop={t('way.dropMilestone')} max={10}
        row={(one, place, put_) => <><Numbered label={t('way.streak')} min={2} max={366} value={one.days} set={(days) => put_({ days })} /><RewardFields draft={draft} put={put} withCards label={t('way.milestone', { number: place + 1 })} reward={one.gives} set={(gives) => put_({ gives })} /></>}
      />
      <h3 className="way-head">{t('way.mending')}</h3>
      <div className="way-reward">
        <Numbered label={t('way.cardsAMonth')} min={0} max={10} value={way.cards_a_month ?? 0} set={(cards_a_month) => change({ cards_a_month })} />
        <Numbered label={t('way.backDays')} max={31} value={way.back_days ?? 7} set={(back_days) => change({ back_days })} />
      </div>
    </>
  )
}
