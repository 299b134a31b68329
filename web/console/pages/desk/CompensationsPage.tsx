/** Compensations: asked for, given, taken back; each decided by a second person. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listCompensations, withdrawCompensation, type Compensation } from '@api/desk'
import { formatMoney } from '@kit/format'
import { Icon } from '@kit/icons'
import { AskList } from './AskList'
import { TakeBack } from './TakeBack'

export default function CompensationsPage() {
  const { t } = useTranslation()
  return (
    <AskList<Compensation>
      name="compensations"
      operation="list_compensations"
      kind="compensation"
      title={t('menu.compensations')}
      hint={t('desk.compensationsHint')}
      states={['submitted', 'granted', 'returning', 'taken_back', 'refused', 'withdrawn']}
      load={listCompensations}
      what={[
        { key: 'benefit', title: t('desk.goodwill'), field: 'benefit', sort: 'benefit', render: (row) => <b>{row.benefit}</b> },
        { key: 'amount', title: t('desk.offer.cost'), field: 'amount_fen', sort: 'amount', format: 'yuan', number: true, render: (row) => formatMoney(row.amount_fen) },
      ]}
      facts={(row) => [
        [t('desk.goodwill'), row.benefit],
        [t('desk.offer.cost'), formatMoney(row.amount_fen)],
        ...(row.back_reason ? [[t('desk.backReason'), row.back_reason] as [string, string]] : []),
      ]}
      withdraw={withdrawCompensation}
      more={(row, done) => row.can.includes('take_back') && <Back row={row} done={done} />}
      empty={{ title: t('desk.noCompensations'), hint: t('desk.noCompensationsHint') }}
    />
  )
}

function Back({ row, done }: { row: Compensation; done: () => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<Icon name="undo" />} onClick={() => setOpen(true)}>{t('desk.takeBack')}</Button>
      {open && <TakeBack id={row.id} done={done} close={() => setOpen(false)} />}
    </>
  )
}
